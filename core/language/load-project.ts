import path from 'node:path';
import { createAddressGuard } from '../http/outbound/address-guard.ts';
import type { Connector } from '../model/connector.ts';
import type { Mapping } from '../model/mapping.ts';
import { checkMapping, topicCircles } from './check-mapping.ts';
import { deepFreeze } from './freeze.ts';
import { ProblemList } from './problem.ts';
import { projectFolder, revisionOf, type ProjectFolder } from './project-folder.ts';
import type { Problem, Project } from './project.ts';
import { readConnections } from './read-connections.ts';
import { HUB_FILE, readHub } from './read-hub.ts';
import { isMappingFile, readMapping, type ReadMapping } from './read-mapping.ts';
import { readProjectFile } from './read-project-file.ts';
import { isSchemaFile, readSchemas } from './read-schemas.ts';
import { schemaRegistry } from './schema.ts';
import { textTests } from './text-tests.ts';
import { schemaTypes, type TypeNote } from './types/index.ts';
import type { YamlFile } from './yaml-file.ts';

export interface LoadOptions {
  /** The project's folder. */
  readonly root: string;
  /** What `${env:NAME}` refers to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectors: readonly Connector[];
}

export interface Loaded {
  /** Undefined as soon as there is one error. */
  readonly project: Project | undefined;
  /** Errors and warnings, by file and place. */
  readonly problems: readonly Problem[];
  /** What each mapping's expressions, steps and outputs are, by the mapping's name. */
  readonly types: ReadonlyMap<string, readonly TypeNote[]>;
}

const CONNECTIONS_FILE = 'config/connections.yaml';

/**
 * Reads and checks everything in a project's folder: hub, connections, schemas, mappings. Never stops at the first
 * mistake and never throws for one; opens no connection. What comes out is frozen.
 */
export async function loadProject({ root, env, connectors }: LoadOptions): Promise<Loaded> {
  const folder = projectFolder(path.resolve(root));
  const problems = new ProblemList();
  const secrets = { env, readFile: folder.readSecret };
  const forms = schemaRegistry(new Map());

  const schemaFiles = (await listed('schemas', folder, problems)).filter(isSchemaFile);
  const schemas = readSchemas(await readAll(schemaFiles, folder, problems), schemaFiles);
  const inConfig = await folder.list('config');
  const before = problems.errors;
  const hub = await readHub(
    await readProjectFile(HUB_FILE, folder, problems, inConfig.includes(HUB_FILE)),
    secrets,
    forms,
  );
  // Of a hub file with mistakes nobody knows what it allows.
  const guard = problems.errors === before ? createAddressGuard(hub.outbound.allow) : undefined;
  const hasConnections = inConfig.includes(CONNECTIONS_FILE);
  const connectionsFile = await readProjectFile(CONNECTIONS_FILE, folder, problems, hasConnections);
  if (!hasConnections) {
    problems.add({
      file: CONNECTIONS_FILE,
      line: 1,
      column: 1,
      path: '',
      message: 'there is no such file',
      hint: 'is this the folder of a project?',
    });
  }
  const connections = await readConnections(connectionsFile, {
    connectors: new Map(connectors.map((connector) => [connector.name, connector])),
    secrets,
    files: folder.files,
    schemas: schemas.registry,
    guard,
  });

  const mappingFiles = (await listed('mappings', folder, problems)).filter(isMappingFile);
  const files = await readAll(mappingFiles, folder, problems);
  const mappingEnv = { forms, retry: hub.retry, readText: folder.readText };
  const read = await Promise.all(
    files.map(async (file) => (file === undefined ? undefined : readMapping(file, mappingEnv))),
  );
  const known = withoutTwins(read.filter((mapping) => mapping !== undefined));
  const checkEnv = {
    connections,
    schemaNames: schemas.names,
    schemas: schemas.registry,
    types: schemaTypes(schemas.schemas),
    tests: textTests(schemas.registry),
    // A mapping that could not be read may be the one that feeds a topic.
    topics: read.includes(undefined) ? undefined : known.flatMap(({ mapping }) => topicsOf(mapping)),
    problems,
  };
  const checked = known.map(({ mapping, file }) => checkMapping(mapping, file, checkEnv));
  const mappings = checked.map(({ mapping }) => mapping);
  const types = new Map(checked.map(({ mapping, notes }) => [mapping.name, notes]));
  refuseCircles(mappings, problems);

  if (problems.errors > 0) return { project: undefined, problems: problems.sorted(), types };
  const sources = folder.sources();
  const project: Project = {
    root: path.resolve(root),
    hub: deepFreeze(hub),
    connections: new Map([...connections.configs].map(([name, config]) => [name, deepFreeze(config)])),
    schemas: new Map([...schemas.schemas].map(([name, schema]) => [name, deepFreeze(schema)])),
    mappings: deepFreeze(mappings),
    revision: revisionOf(sources),
    sources,
    files: folder.files,
  };
  return { project: Object.freeze(project), problems: problems.sorted(), types };
}

/** The files below a folder; links to folders are told. */
async function listed(
  name: string,
  folder: ProjectFolder,
  problems: ProblemList,
): Promise<readonly string[]> {
  const found = await folder.list(name);
  for (const file of found.filter((one) => one.endsWith('/'))) {
    const message = 'a link to a folder is not followed: put the folder itself here';
    problems.add({ file: file.slice(0, -1), line: 1, column: 1, path: '', message });
  }
  return found;
}

function readAll(
  files: readonly string[],
  folder: ProjectFolder,
  problems: ProblemList,
): Promise<(YamlFile | undefined)[]> {
  return Promise.all(files.map((file) => readProjectFile(file, folder, problems, true)));
}

function topicsOf({ targets }: Mapping): readonly string[] {
  return targets.flatMap(({ to }) => (to.kind === 'topic' ? [to.topic] : []));
}

/** `orders.yaml` and `orders.yml` would be one mapping. */
function withoutTwins(read: readonly ReadMapping[]): readonly ReadMapping[] {
  const seen = new Map<string, string>();
  return read.filter(({ mapping, file }) => {
    const twin = seen.get(mapping.name);
    if (twin !== undefined)
      file.tell([], `the mapping "${mapping.name}" is also in ${twin}`, { code: 'duplicate' });
    seen.set(mapping.name, file.name);
    return twin === undefined;
  });
}

function refuseCircles(mappings: readonly Mapping[], problems: ProblemList): void {
  for (const circle of topicCircles(mappings)) {
    const [first] = circle;
    if (first === undefined) continue;
    const way = [...circle, first].map(({ name }) => name).join(' → ');
    const message = `messages would go round in a circle: ${way}`;
    problems.add({ ...first.from.at, path: 'from', code: 'circle', message });
  }
}
