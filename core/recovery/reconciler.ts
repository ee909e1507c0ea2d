import { randomUUID } from 'node:crypto';
import { conservation, deliveryKey, isFinished, piecesOf, unfinished } from '../audit/index.ts';
import type { RouteBalance, UnfinishedDelivery, UnfinishedFilter, Window } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { EventData } from '../model/event.ts';
import type { Logger } from '../model/logger.ts';
import { takeLease, timeOfId } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import type { Depth } from '../transport/index.ts';
import { readHoldings } from './holdings.ts';
import type { Holding } from './holdings.ts';
import { failRemoved } from './removed-routes.ts';
import { countUnfinished, redriveUnfinished } from './redrive.ts';
import type { Progress } from './select-failures.ts';

export interface ReconcilerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The routes of this hub. */
  readonly routes: readonly string[];
  /** What waits in the transport, by route, without those of which it does not know; rejects when it can't say at all. */
  readonly depths: (routes: readonly string[]) => Promise<ReadonlyMap<string, Depth>>;
  /** Removes the queue of a route that no mapping has any more, with what is in it. */
  readonly removeQueue: (route: string) => Promise<void>;
  /** There is something in the outbox. */
  readonly wake: () => void;
  /**
   * What is open for longer, while its queue is empty and no worker has held anything for long, is lost. Default 2 minutes.
   */
  readonly graceMs?: number;
}

export interface ReconcileReport {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Nothing is missing on any route. */
  readonly balanced: boolean;
  readonly routes: readonly RouteReport[];
}

export interface RouteReport extends RouteBalance {
  /** Waiting in the transport, at least: a bundle counts as one; undefined where that is not known. */
  readonly queued?: number;
  /** With workers, at most, as far as they have said. */
  readonly held: number;
  /** Overdue, and more than the transport and the workers can have. */
  readonly missing: number;
  /** No mapping has it any more: what waits for it becomes dead failures. */
  readonly removed: boolean;
}

export interface RedriveOptions {
  /** Only this one; default all. */
  readonly route?: string;
  /**
   * Milliseconds that a delivery must be open, default the grace time; then only routes whose queue is empty, and of which no
   * worker has said that it holds something, are looked at.
   * 0 sends again all that is not final, at once, whatever the transport has.
   */
  readonly olderThan?: number;
  readonly reason: EventData['redriven']['reason'];
  /** A principal's name, or the part of the hub that does it. */
  readonly by: string;
  readonly why?: string;
  /** Only count. */
  readonly dryRun?: boolean;
}

/** Proves that nothing was lost, and sends again what is stuck. */
export interface Reconciler {
  /** The books of every route, against what the transport has. `overdueAfter` in milliseconds, default the grace time. */
  report(window?: Window & { readonly overdueAfter?: number }): Promise<ReconcileReport>;
  /** Sends unfinished deliveries again. Of two at once, the second does not send again what the first has. */
  redrive(options: RedriveOptions): Promise<Progress>;
  /** The queue of this route was found gone: all that it may have held is sent again. */
  queueLost(route: string): Promise<number>;
  /**
   * One look for lost deliveries; run it every half minute or so, in every process: one of them does it. What waits for
   * a route that no mapping has any more becomes dead failures. Sends again what it has seen open, with an empty queue and
   * with nothing that a worker has held for long, at two looks that lie the grace time apart. Resolves with how many.
   */
  runOnce(signal?: AbortSignal): Promise<number>;
}

const GRACE_MS = 120_000;
const HOUR_MS = 3_600_000;
const PIECE_MS = 6 * HOUR_MS;
/** After its end an hour may still get messages for so long: ids are made before they are stored, and clocks differ. */
const LATE_MS = 600_000;
const LEASE_MS = 120_000;
/** Looked at per hour of acceptance; more wait for the next look. */
const SUSPECTS_PER_HOUR = 1_000;
/** Several processes notice the same loss at about the same time: what one of them has just sent again is left alone. */
const SAME_LOSS_MS = 30_000;
const BY = 'reconciler';

interface Suspect {
  readonly delivery: UnfinishedDelivery;
  readonly firstSeen: number;
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { database, clock, log, routes, depths, wake, graceMs = GRACE_MS } = options;
  const owner = randomUUID();
  // Both are only memory of what the store says: a process that starts anew looks at everything once.
  const finishedHours = new Set<number>();
  let suspects: ReadonlyMap<string, Suspect> = new Map();

  const send = async (filter: UnfinishedFilter, data: EventData['redriven']): Promise<number> => {
    const sent = await redriveUnfinished(database, filter, data, clock);
    if (sent > 0) wake();
    return sent;
  };

  /** Those of which nothing waits in the transport, and no worker holds what it may not hold. */
  const idleRoutes = async (
    wanted: readonly string[],
    mayHold: (holding: Holding) => boolean,
  ): Promise<readonly string[]> => {
    const known = wanted.filter((route) => routes.includes(route));
    if (known.length === 0) return [];
    const found = await depths(known);
    const holdings = await readHoldings(database.db);
    return known.filter((route) => {
      const holding = holdings.get(route);
      return found.get(route)?.atMost === 0 && (holding === undefined || mayHold(holding));
    });
  };

  const lookFor = async (
    exceptRoutes: readonly string[],
    now: number,
    signal?: AbortSignal,
  ): Promise<readonly UnfinishedDelivery[]> => {
    const found: UnfinishedDelivery[] = [];
    for (const hour of await piecesOf(database.db, {}, HOUR_MS)) {
      if (signal?.aborted === true) return [];
      if (finishedHours.has(hour.since)) continue;
      const filter = { ...hour, exceptRoutes, before: now - graceMs, limit: SUSPECTS_PER_HOUR };
      const open = await unfinished(database.db, filter);
      found.push(...open);
      if (open.length === 0 && hour.until < now - LATE_MS && (await isFinished(database.db, hour)))
        finishedHours.add(hour.since);
    }
    return found;
  };

  return {
    report: async ({ since, until, overdueAfter = graceMs } = {}) => {
      const at = clock.now();
      const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
      const balances = await conservation(database.db, { ...window, overdueBefore: at - overdueAfter });
      const queued = await depths(routes).catch((error: unknown) => {
        log.debug('the transport can not say what it has', { error: String(error) });
        return new Map<string, Depth>();
      });
      const holdings = await readHoldings(database.db);
      const reports = balances.map((balance) => {
        const { route } = balance;
        return reportOf(balance, queued.get(route), holdings.get(route), !routes.includes(route));
      });
      return {
        at: new Date(at).toISOString(),
        balanced: reports.every((report) => report.missing === 0),
        routes: reports,
      };
    },

    redrive: async ({ route, olderThan = graceMs, reason, by, why, dryRun = false }) => {
      const wanted = route === undefined ? undefined : [route];
      const only = olderThan > 0 ? await idleRoutes(wanted ?? routes, () => false) : wanted;
      const filter: UnfinishedFilter = {
        ...(only === undefined ? {} : { routes: only }),
        ...(olderThan > 0 ? { before: clock.now() - olderThan } : {}),
      };
      const data = { reason, by, ...(why !== undefined && { why }) };
      let done = 0;
      let remaining = 0;
      for (const piece of await piecesOf(database.db, {}, PIECE_MS)) {
        if (dryRun) remaining += await countUnfinished(database, { ...filter, ...piece });
        else done += await send({ ...filter, ...piece }, data);
      }
      if (done > 0) log.warn('unfinished deliveries are sent again', { count: done, reason, by });
      return { done, remaining };
    },

    queueLost: async (route) => {
      let sent = 0;
      const now = clock.now();
      // What is sent on its way from now on is in the new queue.
      const filter = { routes: [route], before: now + 1, redrivenBefore: now - SAME_LOSS_MS };
      for (const piece of await piecesOf(database.db, {}, PIECE_MS))
        sent += await send({ ...filter, ...piece }, { reason: 'missing', by: BY });
      log.warn('a queue was lost; what it may have held is sent again', { route, count: sent });
      return sent;
    },

    runOnce: async (signal) => {
      if ((await takeLease(database.db, 'reconcile', owner, LEASE_MS)) === undefined) {
        suspects = new Map();
        return 0;
      }
      const now = clock.now();
      // A worker may hold something for a while: on a busy route it always does.
      const idle = new Set(await idleRoutes(routes, ({ forMs }) => forMs < graceMs / 2));
      const busy = routes.filter((route) => !idle.has(route));
      const open = await lookFor(busy, now, signal);
      await failRemoved(options, open);
      const seen = suspects;
      suspects = new Map(
        open
          .filter((delivery) => idle.has(delivery.route))
          .map((delivery) => {
            const key = deliveryKey(delivery.messageId, delivery.route);
            const before = seen.get(key);
            // One that was sent on its way since then is a new suspicion.
            const firstSeen = before?.delivery.since === delivery.since ? before.firstSeen : now;
            return [key, { delivery, firstSeen }] as const;
          }),
      );
      const lost = [...suspects.values()].filter(({ firstSeen }) => firstSeen <= now - graceMs);
      if (lost.length === 0) return 0;
      const times = lost.map(({ delivery }) => timeOfId(delivery.messageId));
      const sent = await send(
        {
          among: lost.map(({ delivery }) => delivery),
          since: times.reduce((a, b) => Math.min(a, b)),
          until: times.reduce((a, b) => Math.max(a, b)) + 1,
          before: now - graceMs,
        },
        { reason: 'missing', by: BY },
      );
      if (sent > 0)
        log.warn('deliveries that were lost on their way are sent again', {
          count: sent,
          routes: [...new Set(lost.map(({ delivery }) => delivery.route))],
        });
      return sent;
    },
  };
}

function reportOf(
  balance: RouteBalance,
  queued: Depth | undefined,
  holding: Holding | undefined,
  removed: boolean,
): RouteReport {
  const held = holding?.count ?? 0;
  return {
    ...balance,
    ...(queued === undefined ? {} : { queued: queued.atLeast }),
    held,
    missing: Math.max(0, balance.overdue - (queued?.atMost ?? 0) - held),
    removed,
  };
}
