import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithProcess } from './end-with-process.ts';
import type { PrivateServer } from './private-server.ts';
import {
  createRabbitServer,
  type RabbitServer,
  rabbitmqctl,
  startRabbitServer,
  stopRabbitServer,
} from '../../scripts/services/rabbitmq-server.ts';

/** A broker of the test's own, on a free port with data in a temporary folder, that may be ill-treated. */
export interface Broker extends PrivateServer {
  /** Starts with nothing that was there before, on the same port with the same credentials. */
  wipe(): Promise<void>;
  /** Runs `rabbitmqctl` on it. */
  ctl(...args: string[]): Promise<string>;
}

export async function startBroker(): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-broker-'));
  let server: RabbitServer = await createRabbitServer(folder);
  endWithProcess(() => [server.pid, server.epmdPid]);
  const start = async (): Promise<void> => {
    server = await startRabbitServer(server);
  };
  return {
    url: server.url,
    port: server.port,
    stop: () => stopRabbitServer(server, 'SIGTERM'),
    kill: () => stopRabbitServer(server, 'SIGKILL'),
    start,
    wipe: async () => {
      await stopRabbitServer(server, 'SIGKILL');
      await rm(join(folder, 'data'), { recursive: true, force: true });
      await start();
    },
    ctl: (...args) => rabbitmqctl(server, args),
    close: async () => {
      await stopRabbitServer(server, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
