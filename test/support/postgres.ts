import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithProcess } from './end-with-process.ts';
import type { PrivateServer } from './private-server.ts';
import {
  createPostgresServer,
  type PostgresServer,
  startPostgresServer,
  stopPostgresServer,
} from '../../scripts/services/postgres-server.ts';

/** A database server of the test's own, on a free port with data in a temporary folder. */
export async function startPostgres(): Promise<PrivateServer> {
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
