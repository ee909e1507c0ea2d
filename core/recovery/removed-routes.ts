import type { UnfinishedDelivery } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { giveUp } from './give-up.ts';

export interface RemovedRoutesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The routes of this hub; all others are removed ones. */
  readonly routes: readonly string[];
  /** Removes the queue that the route had, with what is in it. */
  readonly removeQueue: (route: string) => Promise<void>;
}

/**
 * How long a delivery waits for a route that this process does not know. While processes are exchanged one after the
 * other, the new ones know routes that the old ones don't.
 */
export const REMOVED_MS = 15 * 60_000;
/** Of one go; more come at the next one. */
const BATCH = 1_000;

/**
 * Makes dead failures (ROUTE_UNKNOWN) of deliveries whose route is no longer there: `open` ones, which nobody consumes, and
 * those in the outbox, which nobody publishes. Whoever restores the route can retry them, everybody else discard them.
 * Resolves with how many.
 */
export async function failRemoved(
  options: RemovedRoutesOptions,
  open: readonly UnfinishedDelivery[],
): Promise<number> {
  const { database, clock, log, routes } = options;
  const before = clock.now() - REMOVED_MS;
  const lost = open.filter(({ route, since }) => !routes.includes(route) && since < before);
  const forsaken = [
    ...(await withoutQueue(options, lost)),
    ...(await waitingFor(database.db, routes, before)),
  ];
  if (forsaken.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const { outboxId, messageId, journeyId, route, attempts, step } of forsaken) {
    const done = await database.transaction(async (db) => {
      if (outboxId !== undefined && !(await takeOut(db, outboxId))) return false;
      const delivery = { message: { id: messageId, journeyId }, route, attempts, step, repeat: true };
      const error = new CrossdockError('ROUTE_UNKNOWN', `no mapping has the route ${route} any more`);
      return giveUp(db, delivery, error, clock);
    });
    if (done) counts.set(route, (counts.get(route) ?? 0) + 1);
  }
  for (const [route, count] of counts)
    log.error('deliveries of a route that no mapping has any more are dead failures now', { route, count });
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

interface Forsaken extends Pick<
  UnfinishedDelivery,
  'messageId' | 'journeyId' | 'route' | 'attempts' | 'step'
> {
  readonly outboxId?: string;
}

/** Those whose queue is gone: else a copy in it would be delivered when the route comes back, whatever was decided by then. */
async function withoutQueue(
  { removeQueue, log }: RemovedRoutesOptions,
  lost: readonly UnfinishedDelivery[],
): Promise<readonly Forsaken[]> {
  const gone = new Set<string>();
  for (const route of new Set(lost.map((delivery) => delivery.route))) {
    try {
      await removeQueue(route);
      gone.add(route);
    } catch (error) {
      log.warn('the queue of a route that no mapping has any more could not be removed yet', {
        route,
        error: String(error),
      });
    }
  }
  return lost.filter(({ route }) => gone.has(route));
}

async function waitingFor(db: Db, routes: readonly string[], before: number): Promise<readonly Forsaken[]> {
  const rows = await query<{
    id: string;
    message_id: string;
    journey_id: string;
    route: string;
    attempts: number;
    step: number;
  }>(
    db,
    `select o.id, o.message_id, m.journey_id, o.route, o.attempts, o.step
       from (select * from outbox where route <> all(?::text[]) and created_at < ? order by id limit ?) o
       join messages m on m.id = o.message_id`,
    [routes, new Date(before), BATCH],
  );
  return rows.map((row) => ({
    outboxId: row.id,
    messageId: row.message_id,
    journeyId: row.journey_id,
    route: row.route,
    attempts: row.attempts,
    step: row.step,
  }));
}

/** False when another process, which knows the route, has it in hand. */
async function takeOut(db: Db, outboxId: string): Promise<boolean> {
  const rows = await query(db, 'delete from outbox where id = ? and claimed_until < now() returning id', [
    outboxId,
  ]);
  return rows.length > 0;
}

/** What waits for a route that is not there. */
export interface RemovedRoute {
  readonly route: string;
  readonly outbox: number;
  readonly failures: number;
}

/** Routes that are not among these and for which something waits, in the order of their names. */
export async function removedRoutes(db: Db, routes: readonly string[]): Promise<readonly RemovedRoute[]> {
  const rows = await query<{ route: string; outbox: number; failures: number }>(
    db,
    `select route, sum(waiting)::int as outbox, sum(failed)::int as failures
       from (select route, 1 as waiting, 0 as failed from outbox where route <> all(?::text[])
             union all
             select route, 0, 1 from failures where route <> all(?::text[])) removed
      group by route order by route`,
    [routes, routes],
  );
  return rows;
}
