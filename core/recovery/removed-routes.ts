import type { UnfinishedDelivery } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { giveUp, giveUpWaiting, WAITING_COLUMNS } from './give-up.ts';
import type { WaitingDelivery } from './give-up.ts';

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
const REMOVED_MS = 15 * 60_000;
/** Of one go; more come at the next one. */
const BATCH = 1_000;

/**
 * Makes dead failures (ROUTE_UNKNOWN) of deliveries whose route is no longer there: `open` ones, which nobody consumes, and
 * those in the outbox, which nobody publishes. Whoever restores the route can retry them, everybody else discard them.
 */
export async function failRemoved(
  options: RemovedRoutesOptions,
  open: readonly UnfinishedDelivery[],
): Promise<void> {
  const { database, clock, log, routes } = options;
  const before = clock.now() - REMOVED_MS;
  const lost = open.filter(({ route, since }) => !routes.includes(route) && since < before);
  const dead: string[] = [];
  for (const { messageId, journeyId, route, attempts, step } of await withoutQueue(options, lost)) {
    const delivery = { message: { id: messageId, journeyId }, route, attempts, step, repeat: true };
    if (await database.transaction((db) => giveUp(db, delivery, unknown(route), clock))) dead.push(route);
  }
  for (const waiting of await waitingFor(database.db, routes, before))
    if (await giveUpWaiting(options, waiting, unknown(waiting.route))) dead.push(waiting.route);
  for (const [route, { length: count }] of Map.groupBy(dead, (route) => route))
    log.error('deliveries of a route that no mapping has any more are dead failures now', { route, count });
}

function unknown(route: string): CrossdockError {
  return new CrossdockError('ROUTE_UNKNOWN', `no mapping has the route ${route} any more`);
}

/** Those whose queue is gone: else a copy in it would be delivered when the route comes back, whatever was decided by then. */
async function withoutQueue(
  { removeQueue, log }: RemovedRoutesOptions,
  lost: readonly UnfinishedDelivery[],
): Promise<readonly UnfinishedDelivery[]> {
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

function waitingFor(db: Db, routes: readonly string[], before: number): Promise<WaitingDelivery[]> {
  return query<WaitingDelivery>(
    db,
    `select ${WAITING_COLUMNS}, m.journey_id as "journeyId"
       from (select * from outbox where route <> all(?::text[]) and created_at < ? order by id limit ?) o
       join messages m on m.id = o.message_id`,
    [routes, new Date(before), BATCH],
  );
}

/** What waits for a route that is not there. */
export interface RemovedRoute {
  readonly route: string;
  readonly outbox: number;
  readonly failures: number;
}

/** Routes that are not among these and for which something waits, in the order of their names. */
export async function removedRoutes(db: Db, routes: readonly string[]): Promise<readonly RemovedRoute[]> {
  return query<RemovedRoute>(
    db,
    `select route, sum(waiting)::int as outbox, sum(failed)::int as failures
       from (select route, 1 as waiting, 0 as failed from outbox where route <> all(?::text[])
             union all
             select route, 0, 1 from failures where route <> all(?::text[])) removed
      group by route order by route`,
    [routes, routes],
  );
}
