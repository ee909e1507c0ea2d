import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hub } from '../compose.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** The sandbox systems, in a process of their own. */
export interface Sandbox {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the sandbox systems of the repository beside the hub, sending it gentle traffic. They are no part of the published package.
 * Throws UsageError where they are not there, or can not start.
 */
export async function startSandbox(
  hub: Hub,
  { root, environment }: Pick<Session, 'root' | 'environment'>,
  dataFolder: string,
): Promise<Sandbox> {
  const program = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));
  if (!existsSync(program))
    throw new UsageError(
      'There is no sandbox here: it is in the repository of crossdock, not in the package.',
    );
  const at = environment.CROSSDOCK_SANDBOX;
  const args = [
    ...['--traffic', '--ledger', join(dataFolder, 'sandbox')],
    ...(at === undefined ? [] : ['--host', at.host, '--port', String(at.port)]),
    ...(hub.url === undefined ? [] : ['--hub', hub.url]),
  ];
  const child = fork(program, args, {
    // The stock files are dropped where the sample project looks for them.
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2_000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('error', reject);
    child.once('exit', () => reject(new UsageError(`The sandbox did not start. ${reasonIn(complaint)}`)));
  });
  return {
    url,
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The sentence in a stack trace. */
function reasonIn(text: string): string {
  const reason = /^\s*(?:\w*Error(?: \[\w+\])?): (.*)$/m.exec(text)?.[1] ?? text.trim();
  return reason.includes('EADDRINUSE') ? `${reason}; CROSSDOCK_SANDBOX gives it another address` : reason;
}
