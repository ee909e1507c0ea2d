import path from 'node:path';
import type { JsonSchema } from '../model/json-schema.ts';
import { ProblemList } from './problem.ts';
import { projectFolder } from './project-folder.ts';
import type { Problem } from './project.ts';
import { isSchemaFile, readSchemas, schemaName } from './read-schemas.ts';
import { readYaml } from './yaml-file.ts';

/** The schemas of a project, without all the rest of it. */
export interface LoadedSchemas {
  /** By name, `sales/order@1`; those that can be read. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** Their files, by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** Reads and checks the schemas of a project. `more` are schemas that have no file yet. Throws for no mistake. */
export async function loadSchemas(
  root: string,
  more: ReadonlyMap<string, JsonSchema> = new Map(),
): Promise<LoadedSchemas> {
  const folder = projectFolder(path.resolve(root));
  const problems = new ProblemList();
  const names = (await folder.list('schemas')).filter(isSchemaFile);
  const texts = new Map(
    [...more].map(([name, schema]) => [`schemas/${name}.json`, JSON.stringify(schema, null, 2)]),
  );
  const all = [...new Set([...names, ...texts.keys()])];
  const read = await Promise.all(
    all.map(async (file) => {
      try {
        return readYaml(file, texts.get(file) ?? (await folder.readText(file)) ?? '', problems);
      } catch (error) {
        const message = `the file can not be read: ${error instanceof Error ? error.message : 'unknown'}`;
        problems.add({ file, line: 1, column: 1, path: '', message });
        return undefined;
      }
    }),
  );
  const { schemas } = readSchemas(read, all);
  const files = new Map(all.map((file) => [schemaName(file), file]));
  return { schemas, files, problems: problems.sorted() };
}
