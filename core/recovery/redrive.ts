import { appendEvents, createEvent, unfinishedQuery } from '../audit/index.ts';
import type { UnfinishedFilter } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { EventData } from '../model/event.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';

/** One re-drive at a time on a database: the second then sees what the first has put into the outbox. */
const LOCK_ID = 7_400_002;

/**
 * Puts unfinished deliveries back into the outbox, as repeats, with an event each, in one transaction. Those with a
 * failure go on with its attempts, step and edit. Resolves with how many.
 */
export async function redriveUnfinished(
  database: Database,
  filter: UnfinishedFilter,
  data: EventData['redriven'],
  clock: Clock,
): Promise<number> {
  const open = unfinishedQuery(filter);
  const at = new Date(clock.now());
  return database.transaction(async (db) => {
    await query(db, 'select pg_advisory_xact_lock(?)', [LOCK_ID]);
    const sent = await query<{ journey_id: string; message_id: string; route: string }>(
      db,
      `with open as materialized (${open.sql}), sent as (
         update failures f set due_at = ? from open where f.id = open.failure_id
       ), queued as (
         insert into outbox (route, message_id, attempts, step, repeat, retried_at, created_at)
         select route, message_id, attempts, step, true, retried_at, ?::timestamptz from open order by message_id, route
       )
       select journey_id, message_id, route from open`,
      [...open.bindings, at, at],
    );
    const events = sent.map(({ journey_id: journeyId, message_id: messageId, route }) =>
      createEvent('redriven', data, { journeyId, messageId, route }, clock),
    );
    await appendEvents(db, events);
    return sent.length;
  });
}

/** How many `redriveUnfinished` would send again. */
export async function countUnfinished(database: Database, filter: UnfinishedFilter): Promise<number> {
  const open = unfinishedQuery(filter);
  const [row] = await query<{ count: string }>(
    database.db,
    `select count(*) as count from (${open.sql}) as open`,
    open.bindings,
  );
  return Number(row?.count ?? 0);
}
