import path from 'node:path';
import { ProblemList } from './problem.ts';
import { projectFolder } from './project-folder.ts';
import type { HubConfig, Problem } from './project.ts';
import { HUB_FILE, readHub } from './read-hub.ts';
import { readProjectFile } from './read-project-file.ts';
import { schemaRegistry } from './schema.ts';

/** The hub's settings, without all the rest of a project. */
export interface LoadedHub {
  /** The defaults where there is no such file, or one with mistakes. */
  readonly hub: HubConfig;
  readonly problems: readonly Problem[];
}

/** Reads and checks `config/hub.yaml`. Throws for no mistake. */
export async function loadHub({
  root,
  env,
}: {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<LoadedHub> {
  const folder = projectFolder(path.resolve(root));
  const problems = new ProblemList();
  const yaml = await readProjectFile(HUB_FILE, folder, problems);
  const hub = await readHub(yaml, { env, readFile: folder.readSecret }, schemaRegistry(new Map()));
  return { hub, problems: problems.sorted() };
}
