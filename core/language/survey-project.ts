import path from 'node:path';
import { parse } from 'yaml';
import type { Connector } from '../model/connector.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import { objectOf } from '../model/schema-outline.ts';
import type { Choice, ProjectNames } from './editor/index.ts';
import { loadSchemas } from './load-schemas.ts';
import { ProblemList } from './problem.ts';
import { projectFolder } from './project-folder.ts';
import { readConnections } from './read-connections.ts';
import { isMappingFile, mappingName } from './read-mapping.ts';
import { schemaRegistry } from './schema.ts';
import { readYaml } from './yaml-file.ts';

export interface SurveyOptions {
  /** The project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectors: readonly Connector[];
}

/**
 * The names that a project has, as far as they can be found: in an editor a project is rarely without mistakes, and rarely
 * has its secrets. Throws for no mistake, opens nothing.
 */
export async function surveyProject({ root, env, connectors }: SurveyOptions): Promise<ProjectNames> {
  const folder = projectFolder(path.resolve(root));
  const { schemas } = await loadSchemas(root);
  const problems = new ProblemList();
  const file = 'config/connections.yaml';
  const text = await folder.readText(file).catch(() => undefined);
  const yaml = text === undefined ? undefined : readYaml(file, text, problems);
  const { configs, names } = await readConnections(yaml, {
    connectors: new Map(connectors.map((connector) => [connector.name, connector])),
    // What a connection offers does not depend on its secrets.
    secrets: { env: orAnything(env), readFile: () => Promise.resolve(ANYTHING) },
    files: folder.files,
    schemas: schemaRegistry(schemas),
    guard: undefined,
  });
  const written = objectOf(yaml?.value);
  return {
    connections: names.map((name) => {
      const entry = objectOf(written[name]);
      const about = typeof entry['description'] === 'string' ? `: ${entry['description']}` : '';
      return { name, summary: `${String(entry['connector'])}${about}`, offer: configs.get(name)?.offer };
    }),
    schemas: [...schemas].map(([name, schema]) => ({ name, summary: aboutOf(schema) })),
    topics: await topicsOf(folder),
  };
}

const ANYTHING = 'c2VjcmV0';

function orAnything(env: SurveyOptions['env']): SurveyOptions['env'] {
  return new Proxy(env, { get: (target, name: string) => target[name] ?? ANYTHING });
}

function aboutOf({ title, description }: JsonSchema): string {
  return [title, description].filter((text) => typeof text === 'string').join(': ');
}

/** The topics that mappings end in, and which. */
async function topicsOf(folder: ReturnType<typeof projectFolder>): Promise<readonly Choice[]> {
  const files = (await folder.list('mappings')).filter(isMappingFile);
  const feeders = new Map<string, string[]>();
  for (const file of files) {
    const name = mappingName(file);
    for (const topic of await topicsIn(folder, file))
      feeders.set(topic, [...(feeders.get(topic) ?? []), name]);
  }
  return [...feeders].map(([name, mappings]) => ({ name, summary: `Fed by ${mappings.join(', ')}.` }));
}

async function topicsIn(folder: ReturnType<typeof projectFolder>, file: string): Promise<readonly string[]> {
  try {
    const { to } = objectOf(parse((await folder.readText(file)) ?? '', { logLevel: 'silent' }));
    const targets = Array.isArray(to) ? (to as readonly unknown[]) : [];
    return targets.map((target) => objectOf(target)['topic']).filter((topic) => typeof topic === 'string');
  } catch {
    // A mapping that is being written feeds nothing yet.
    return [];
  }
}
