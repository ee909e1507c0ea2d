import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ApiClient } from './client.ts';
import { refuseStrayWords } from './default-list.ts';
import type { Environment } from './environment.ts';
import { readEnvironment } from './environment.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Out } from './output/out.ts';
import { createOut } from './output/out.ts';
import { createStyle, wantsColor } from './output/style.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly token?: string;
  readonly project?: string;
  readonly color: boolean;
  readonly verbose?: boolean;
}

/** What one run of one command works with. */
export interface Session {
  readonly io: Io;
  readonly out: Out;
  readonly global: GlobalOptions;
  readonly environment: Environment;
  /** The project's folder, absolute; it need not exist. */
  readonly root: string;
  /** The data folder, absolute; it need not exist. */
  readonly data: string;
  /** The hub that the options and the environment name. Throws UsageError for an address that is none. */
  readonly hub: () => Promise<ApiClient>;
}

type Act<A extends readonly unknown[]> = (
  session: Session,
  ...input: A
) => Promise<ExitCode | void> | ExitCode | void;

/**
 * Makes a commander action of a command's function: it gets a session, then the command's arguments, then its options,
 * and says how the process should end (default 0).
 */
export function act<A extends readonly unknown[]>(
  io: Io,
  run: Act<A>,
): (...input: unknown[]) => Promise<void> {
  return async (...input) => {
    const command = input.pop() as Command;
    refuseStrayWords(command);
    const session = createSession(io, command.optsWithGlobals());
    try {
      io.exitCode = (await run(session, ...(input as unknown as A))) ?? 0;
    } finally {
      session.out.clearProgress();
    }
  };
}

/** The same of a function that is loaded when the command runs: what it imports would slow all others down. */
export function actLater<A extends readonly unknown[]>(
  io: Io,
  load: () => Promise<Act<A>>,
): (...input: unknown[]) => Promise<void> {
  return act<A>(io, async (session, ...input) => (await load())(session, ...input));
}

export function createSession(io: Io, global: GlobalOptions): Session {
  const environment = readEnvironment(io.env);
  const style = createStyle(wantsColor(global.color, environment, isCapable(io.out.isTTY, io)));
  const root = findProject(io.cwd, global.project ?? environment.CROSSDOCK_PROJECT);
  const data = resolve(root, environment.CROSSDOCK_DATA ?? '.crossdock');
  return {
    io,
    out: createOut(io, { json: global.json ?? false, style }),
    global,
    environment,
    root,
    data,
    hub: async () => {
      const { connectToHub } = await import('./client.ts');
      return connectToHub({
        url: global.url ?? environment.CROSSDOCK_URL,
        token: global.token ?? environment.CROSSDOCK_TOKEN,
        data,
      });
    },
  };
}

export function isCapable(terminal: boolean, io: Pick<Io, 'env'>): boolean {
  return terminal && io.env['TERM'] !== 'dumb';
}

/** The folder that was named, else the nearest one from here upwards that looks like a project, else the current one. */
export function findProject(cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'config', 'connections.yaml')) && existsSync(join(folder, 'mappings')))
      return folder;
    if (folder === dirname(folder)) return cwd;
  }
}
