import type { PartDetails } from '../api/index.ts';
import type { Gate } from '../core/delivery/index.ts';
import { outboxDepths } from '../core/intake/index.ts';
import type { Gauges } from '../core/metrics/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Logger } from '../core/model/logger.ts';
import { failureTotals, removedRoutes } from '../core/recovery/index.ts';
import type { Database } from '../core/store/index.ts';
import type { Depth, Transport } from '../core/transport/index.ts';

export interface Observed {
  readonly database: Database;
  readonly transport: Transport;
  /** The queue of each route. */
  readonly queues: ReadonlyMap<string, string>;
  readonly clock: Clock;
}

/** What waits where, for /metrics: looked up when somebody asks. */
export function createGauges({ database, transport, queues, clock }: Observed): () => Promise<Gauges> {
  return async () => {
    const outbox = await outboxDepths(database.db);
    const failures = await failureTotals(database.db);
    const age = (times: readonly number[]): number =>
      times.length === 0 ? 0 : Math.max(0, clock.now() - Math.min(...times));
    const queued = await queuedByRoute(transport, queues);
    return {
      queued: queued && new Map([...queued].map(([route, { atLeast }]) => [route, atLeast])),
      outbox: new Map([...outbox].map(([route, { count }]) => [route, count])),
      outboxOldestMs: age([...outbox.values()].map(({ oldest }) => oldest)),
      failures,
      failureOldestMs: age(failures.map(({ oldest }) => oldest)),
    };
  };
}

/** Says at the start which routes are no longer there though something waits for them: a mapping may be missing by mistake. */
export async function warnOfRemoved(
  database: Database,
  routes: readonly string[],
  log: Logger,
): Promise<void> {
  for (const { route, outbox, failures } of await removedRoutes(database.db, routes))
    log.warn(
      'deliveries wait for a route that no mapping has any more: restore it, or discard them once they are dead failures',
      { route, outbox, failures },
    );
}

/** What waits in the transport, by route; undefined while it can't say. A route of which it does not know is left out. */
export async function queuedByRoute(
  transport: Transport,
  queues: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Depth> | undefined> {
  if (!transport.state().ready) return undefined;
  const depths = await transport.depths([...queues.values()]);
  return new Map(
    [...queues].flatMap(([route, queue]) => {
      const depth = depths.get(queue);
      return depth === undefined ? [] : [[route, depth] as const];
    }),
  );
}

export interface PartsOptions {
  readonly database: Database;
  readonly transport: Transport;
  readonly gates: ReadonlyMap<string, Gate>;
  /** Requests come to this process: webhooks, or calls of the API. */
  readonly serves: boolean;
}

/**
 * What this process is made of: for /readyz and the API. What it serves needs the store alone: while the broker is away
 * webhooks are accepted and wait in the outbox, and a load balancer that took the process out would refuse them. A paused
 * connection is shown, but the hub is ready all the same.
 */
export function partsOf({
  database,
  transport,
  gates,
  serves,
}: PartsOptions): () => Promise<readonly PartDetails[]> {
  return async () => {
    const store = await database.ping().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const state = transport.state();
    const paused = [...gates.values()].filter((gate) => gate.state !== 'closed').map((gate) => gate.name);
    return [
      {
        name: 'store',
        ready: store === undefined,
        needed: true,
        reason: store,
        details: { kind: database.kind },
      },
      {
        name: 'transport',
        ready: state.ready,
        needed: !serves,
        reason: state.ready ? undefined : state.reason,
      },
      { name: 'connections', ready: true, needed: false, details: { open: gates.size, paused } },
    ];
  };
}
