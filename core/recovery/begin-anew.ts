import { deliveryKey } from '../audit/index.ts';
import { forgetClaims, holdOutbox } from '../intake/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { giveUpWaiting, WAITING_COLUMNS } from './give-up.ts';
import type { WaitingDelivery } from './give-up.ts';
import { groupSize, suspiciousFrom } from './group-size.ts';
import type { Reconciler } from './reconciler.ts';

export interface BeginAnewOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reconciler: Pick<Reconciler, 'redrive'>;
  /** Crashes that a delivery may be there at; the `queues.delivery_limit`. */
  readonly deliveryLimit: number;
}

/** A delivery that was under way at several crashes. It is held in the outbox. */
export interface Suspect extends WaitingDelivery {
  /** At how many crashes it was under way since it was settled last. */
  readonly crashes: number;
}

/**
 * How a hub begins whose transport is in memory, on a store that it has for itself: what the process before it had
 * under way is sent again. A delivery that was under way at more crashes than it may becomes a dead failure; who was at
 * several is held in the outbox, for `createSuspectRelease` to send in small groups. Call it before anything is sent.
 */
export async function beginAnew(options: BeginAnewOptions): Promise<readonly Suspect[]> {
  const { database, log, reconciler, deliveryLimit } = options;
  const crashed = await isRunning(database.db);
  await forgetClaims(database.db);
  await reconciler.redrive({ olderThan: 0, reason: crashed ? 'crash' : 'start', by: 'crossdock' });
  await beginRun(database.db);

  const suspects: Suspect[] = [];
  for (const suspect of await suspicious(database.db, suspiciousFrom(deliveryLimit))) {
    const { messageId, route, crashes } = suspect;
    if (groupSize(crashes, deliveryLimit) > 0) suspects.push(suspect);
    else if (await giveUpWaiting(options, suspect, crashedAt(crashes)))
      log.error('a delivery was given up: it may be what ends the process', {
        message: messageId,
        route,
        crashes,
      });
  }
  if (suspects.length === 0) return [];
  await holdOutbox(
    database.db,
    suspects.map(({ outboxId }) => outboxId),
  );
  log.warn(
    'deliveries that were under way at several crashes are sent in small groups, to find the one that does it',
    { count: suspects.length },
  );
  return suspects;
}

function crashedAt(crashes: number): CrossdockError {
  return new CrossdockError(
    'DELIVERY_LIMIT',
    `${crashes} times the hub ended, without stopping, while it had this delivery`,
  );
}

/**
 * Deliveries in the outbox that were under way at so many crashes or more, since they were settled or retried last. Each
 * crash is an event, so first come the few that have enough of them, along the index of such events.
 */
async function suspicious(db: Db, crashes: number): Promise<readonly Suspect[]> {
  const rows = await query<WaitingDelivery>(
    db,
    `with often as materialized (
       select journey_id, message_id, route from events where type = 'redriven' and data->>'reason' = 'crash'
        group by journey_id, message_id, route having count(*) >= ?
     )
     select ${WAITING_COLUMNS}, often.journey_id as "journeyId"
       from often join outbox o on o.message_id = often.message_id and o.route = often.route order by o.id`,
    [crashes],
  );
  if (rows.length === 0) return [];
  const counts = await query<{ message_id: string; route: string; crashes: number }>(
    db,
    `select message_id, route, count(*) filter (where crash and not before)::int as crashes
       from (select e.message_id, e.route, e.type = 'redriven' as crash,
                    bool_or(e.type <> 'redriven') over (partition by e.message_id, e.route order by e.id desc) as before
               from events e
              where e.journey_id = any(?::uuid[])
                and (e.type in ('dead', 'in_doubt', 'retry_scheduled', 'throttled', 'retried')
                     or e.type = 'redriven' and e.data->>'reason' = 'crash')) facts
      group by message_id, route`,
    [[...new Set(rows.map((row) => row.journeyId))]],
  );
  const found = new Map(counts.map((row) => [deliveryKey(row.message_id, row.route), row.crashes]));
  return rows
    .map((row) => ({ ...row, crashes: found.get(deliveryKey(row.messageId, row.route)) ?? 0 }))
    .filter((row) => row.crashes >= crashes);
}

const RUN = 'run';

/** Whether a process has begun on this store and not said that it stops. */
async function isRunning(db: Db): Promise<boolean> {
  const rows = await query(db, `select from leases where name = ? and expires_at = 'infinity'`, [RUN]);
  return rows.length > 0;
}

async function beginRun(db: Db): Promise<void> {
  await query(
    db,
    `insert into leases (name, owner, epoch, expires_at) values (?, 'crossdock', 1, 'infinity')
     on conflict (name) do update set epoch = leases.epoch + 1, expires_at = excluded.expires_at`,
    [RUN],
  );
}

/** The last word of a process that stops: what is open after it was not under way at a crash. */
export async function endRun(db: Db): Promise<void> {
  await query(db, `update leases set expires_at = '-infinity' where name = ?`, [RUN]);
}
