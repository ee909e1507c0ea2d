import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHttp } from '../../core/http/outbound/index.ts';
import { applyDefaults, schemaRegistry } from '../../core/language/index.ts';
import { silentLogger } from '../../core/log.ts';
import type { Clock } from '../../core/model/clock.ts';
import type { Call, Connection, Connector, ProjectFiles } from '../../core/model/connector.ts';

export interface OpenOptions {
  readonly clock: Clock;
  /** Default none. */
  readonly allow?: readonly string[];
  /** Default: the working directory. */
  readonly root?: string;
}

/** Opens a connection as the hub does: settings are checked and filled in first. Closing it closes its sockets. */
export async function openConnection<C>(
  connector: Connector<C>,
  settings: unknown,
  { clock, allow = [], root = process.cwd() }: OpenOptions,
): Promise<Connection> {
  const filled = applyDefaults(connector.config, settings);
  const faults = schemaRegistry(new Map()).compile(connector.config)(filled);
  if (faults.length > 0) throw new Error(`settings: ${JSON.stringify(faults)}`);
  const files = filesOf(root);
  const http = createHttp({ allow, clock, log: silentLogger });
  await connector.describe?.(filled as C, files);
  const connection = await connector.open(filled as C, {
    log: silentLogger,
    clock,
    files,
    http: (options) => http.client(options),
  });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await http.close();
    },
  };
}

/** What an action is told of a delivery. */
export function callWith(signal: AbortSignal = new AbortController().signal): Call {
  return {
    signal,
    idempotencyKey: 'k-0123456789abcdef',
    messageId: '019ab000-0000-7000-8000-000000000001',
    journeyId: '019ab000-0000-7000-8000-000000000001',
    attempt: 1,
  };
}

/** The files of a project, as a connector is given them. */
export function filesOf(root: string): ProjectFiles {
  return {
    read: async (path) => await readFile(join(root, path)),
    resolve: (path) => join(root, path),
  };
}
