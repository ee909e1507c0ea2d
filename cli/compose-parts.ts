import { createServer } from 'node:net';
import { join } from 'node:path';
import { Gate } from '../core/delivery/index.ts';
import type { BreakerState } from '../core/delivery/index.ts';
import type { Http } from '../core/http/outbound/index.ts';
import { schemaRegistry } from '../core/language/index.ts';
import type { Project } from '../core/language/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { ActionSpec, Connector, Host } from '../core/model/connector.ts';
import { CrossdockError } from '../core/model/errors.ts';
import type { Logger } from '../core/model/logger.ts';
import { routeName } from '../core/model/mapping.ts';
import { compileMapping } from '../core/router/index.ts';
import type { RouteProgram } from '../core/router/index.ts';
import { openEmbedded, openPostgres, schemaOf } from '../core/store/index.ts';
import type { Database } from '../core/store/index.ts';
import { createMemoryTransport, createRabbitTransport } from '../core/transport/index.ts';
import type { Topology, Transport } from '../core/transport/index.ts';

/** Where this process keeps and moves messages. */
export interface Places {
  /** For the embedded store, the admin token and the sandbox's files. */
  readonly dataFolder: string;
  /** Postgres instead of the embedded store. */
  readonly databaseUrl?: string;
  /** RabbitMQ instead of the in-memory transport. */
  readonly amqpUrl?: string;
}

/** Closes what was opened, last opened first; a step that fails does not keep the others from running. */
export class Unwinding {
  readonly #steps: { readonly what: string; readonly close: () => Promise<void> | void }[] = [];

  add(what: string, close: () => Promise<void> | void): void {
    this.#steps.push({ what, close });
  }

  async run(log: Logger): Promise<void> {
    for (const { what, close } of this.#steps.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.warn(`closing ${what} failed`, { error: String(error) });
      }
    }
  }
}

export function openStore(places: Places, namespace: string): Promise<Database> {
  return places.databaseUrl === undefined
    ? openEmbedded(join(places.dataFolder, 'store'))
    : openPostgres({ url: places.databaseUrl, schema: schemaOf(namespace) });
}

/**
 * Opens the transport and declares its queues; `madeAnew` are those that were not there.
 * The in-memory transport loses what it holds with the process, which is made good from the store at the next start.
 * That needs one process with a store of its own: a shared Postgres needs RabbitMQ beside it.
 */
export async function openTransport(
  places: Places,
  topology: Topology,
  clock: Clock,
  log: Logger,
): Promise<{ readonly transport: Transport; readonly madeAnew: readonly string[] }> {
  if (places.amqpUrl === undefined && places.databaseUrl !== undefined) {
    throw new CrossdockError(
      'CONFIG_INVALID',
      'with CROSSDOCK_DATABASE_URL a broker is needed too: set CROSSDOCK_AMQP_URL',
    );
  }
  const transport =
    places.amqpUrl === undefined
      ? createMemoryTransport()
      : createRabbitTransport({ url: places.amqpUrl, clock, log });
  try {
    return { transport, madeAnew: await transport.declare(topology) };
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** Throws ADDRESS_IN_USE while another program listens there. Port 0 is always free. */
export async function requireFree({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') resolve();
      else
        reject(
          new CrossdockError('ADDRESS_IN_USE', `${host}:${port} is taken by another program.`, {
            cause: error,
          }),
        );
    });
    probe.listen({ host, port }, () => probe.close(() => resolve()));
  });
}

type Fulfilled<T extends readonly PromiseSettledResult<unknown>[]> = {
  [K in keyof T]: T[K] extends PromiseSettledResult<infer V> ? V : never;
};

/** The values of what was opened side by side; when some refused, one error that says all reasons. */
export function allOrReasons<const T extends readonly PromiseSettledResult<unknown>[]>(
  results: T,
): Fulfilled<T> {
  const reasons = results.flatMap((result) =>
    result.status === 'rejected' ? [CrossdockError.from(result.reason)] : [],
  );
  const [first, ...others] = reasons;
  if (first === undefined)
    return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as Fulfilled<T>;
  if (others.length === 0) throw first;
  throw new CrossdockError(first.code, reasons.map(({ message }) => message).join('; '), { cause: first });
}

/** What a connection's action is, by the names that a mapping uses. */
export function actionsOf(project: Project): (connection: string, action: string) => ActionSpec | undefined {
  return (connection, action) => project.connections.get(connection)?.offer.actions[action];
}

/** Every route of the project, compiled. */
export function compileRoutes(project: Project): ReadonlyMap<string, RouteProgram> {
  const env = {
    schemas: schemaRegistry(project.schemas),
    schemaNames: new Set(project.schemas.keys()),
    limits: project.hub.limits.expression,
    action: actionsOf(project),
  };
  return new Map(
    project.mappings
      .flatMap((mapping) => compileMapping(mapping, env))
      .map((program) => [program.route, program]),
  );
}

/** The routes of the mappings that start from a topic. */
export function subscribersOf(project: Project): (topic: string) => readonly string[] {
  const routes = new Map<string, string[]>();
  for (const { from, name, targets } of project.mappings) {
    if (from.kind !== 'topic') continue;
    routes.set(from.topic, [
      ...(routes.get(from.topic) ?? []),
      ...targets.map((target) => routeName(name, target.name)),
    ]);
  }
  return (topic) => routes.get(topic) ?? [];
}

export interface GatesOptions {
  readonly project: Project;
  readonly connectors: readonly Connector[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: Http;
  readonly onChange: (gate: Gate, state: BreakerState) => void;
}

/** Opens every connection of the project. All that refuse are named in one error. */
export async function openGates({
  project,
  connectors,
  clock,
  log,
  http,
  onChange,
}: GatesOptions): Promise<ReadonlyMap<string, Gate>> {
  const byName = new Map(connectors.map((connector) => [connector.name, connector]));
  const results = await Promise.allSettled(
    [...project.connections.values()].map(async (config) => {
      const host: Host = {
        log: log.child({ connection: config.name }),
        clock,
        files: project.files,
        http: (options) => http.client(options),
      };
      const connector = byName.get(config.connector);
      if (connector === undefined)
        throw new CrossdockError('CONFIG_INVALID', `there is no connector "${config.connector}"`);
      return new Gate(
        { name: config.name, limits: config.limits, breaker: config.breaker },
        await connector.open(config.settings, host),
        clock,
        onChange,
      );
    }),
  );
  const gates = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = [...project.connections.keys()].flatMap((name, index) => {
    const result = results[index];
    return result?.status === 'rejected'
      ? [`${name}: ${result.reason instanceof Error ? result.reason.message : String(result.reason)}`]
      : [];
  });
  if (refused.length > 0) {
    await closeGates(gates);
    throw new CrossdockError('CONFIG_INVALID', `connections that can not be opened: ${refused.join('; ')}`);
  }
  return new Map(gates.map((gate) => [gate.name, gate]));
}

export async function closeGates(gates: Iterable<Gate>): Promise<void> {
  for (const gate of gates) {
    gate.close();
    await gate.connection.close();
  }
}
