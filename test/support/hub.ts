import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startHub } from '../../cli/compose.ts';
import type { Hub, HubOptions } from '../../cli/compose.ts';
import { connectors } from '../../connectors/index.ts';
import { systemClock } from '../../core/clock.ts';
import { formatProblem, loadProject } from '../../core/language/index.ts';
import { silentLogger } from '../../core/log.ts';

/** Files of a project, by path. */
export type ProjectFilesByPath = Readonly<Record<string, string>>;

/** Writes a project into a temporary folder. */
export async function writeProject(
  files: ProjectFilesByPath,
): Promise<{ readonly root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'crossdock-project-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Reads the project and starts a hub on it, in this process and on a free port. */
export async function startTestHub(root: string, more: Partial<HubOptions> = {}): Promise<Hub> {
  const { project, problems } = await loadProject({ root, env: {}, connectors });
  if (project === undefined)
    throw new Error(`the test's project has problems:\n${problems.map(formatProblem).join('\n')}`);
  return startHub({
    project,
    connectors,
    roles: new Set(['intake', 'worker', 'scheduler', 'api']),
    listen: { host: '127.0.0.1', port: 0 },
    dataFolder: join(root, '.crossdock'),
    version: '0.0.0-test',
    clock: systemClock,
    log: silentLogger,
    ...more,
  });
}
