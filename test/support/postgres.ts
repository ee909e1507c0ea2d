import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithProcess } from './end-with-process.ts';
import {
  createPostgresServer,
  type PostgresServer,
  startPostgresServer,
  stopPostgresServer,
} from '../../scripts/services/postgres-server.ts';

/** A database server of the test's own, on a free port with data in a temporary folder, that may be ill-treated. */
export interface PrivatePostgres {
  readonly url: string;
  readonly port: number;
  /** Shuts it down in order and removes its data. */
  close(): Promise<void>;
  /** Shuts it down in order (connected clients are cut off); the data stays. */
  stop(): Promise<void>;
  /** Ends the postmaster as a crash would (SIGKILL); the data stays. */
  kill(): Promise<void>;
  /** After `stop` or `kill`: same port, same data. Resolves when it takes connections. */
  start(): Promise<void>;
}

export async function startPostgres(): Promise<PrivatePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-postgres-'));
  let server: PostgresServer = await createPostgresServer(folder);
  endWithProcess(() => [server.pid]);
  return {
    url: server.url,
    port: server.port,
    stop: () => stopPostgresServer(server, 'SIGINT'),
    kill: () => stopPostgresServer(server, 'SIGKILL'),
    start: async () => {
      server = await startPostgresServer(server);
    },
    close: async () => {
      await stopPostgresServer(server, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
