import { unfinishedQuery } from '../audit/index.ts';
import type { UnfinishedFilter } from '../audit/index.ts';
import type { EventData } from '../model/event.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';

/** One re-drive at a time on a database: the second then sees what the first has put into the outbox. */
const LOCK_ID = 7_400_002;

/**
 * Puts unfinished deliveries back into the outbox, as repeats, with an event each; one statement, so that it makes no
 * difference how many there are. Those with a failure go on with its attempts, step and edit. Resolves with how many.
 */
export async function redriveUnfinished(
  database: Database,
  filter: UnfinishedFilter,
  data: EventData['redriven'],
  now: number,
): Promise<number> {
  const open = unfinishedQuery(filter);
  const at = new Date(now);
  return database.transaction(async (db) => {
    await query(db, 'select pg_advisory_xact_lock(?)', [LOCK_ID]);
    const [row] = await query<{ count: string }>(
      db,
      `with open as materialized (${open.sql}), sent as (
         update failures f set due_at = ? from open where f.id = open.failure_id
       ), queued as (
         insert into outbox (route, message_id, attempts, step, repeat, retried_at, created_at)
         select route, message_id, attempts, step, true, retried_at, ?::timestamptz from open order by message_id, route
       ), noted as (
         insert into events (journey_id, id, at, message_id, route, type, data)
         select journey_id, ${idAt('?')}, ?::timestamptz, message_id, route, 'redriven', ?::jsonb from open
       )
       select count(*) as count from open`,
      [...open.bindings, at, at, hexTime(now), at, JSON.stringify(data)],
    );
    return Number(row?.count ?? 0);
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

/** The 48 time bits of a UUIDv7. */
function hexTime(ms: number): string {
  return ms.toString(16).padStart(12, '0');
}

/** SQL that makes a UUIDv7 (RFC 9562) of time bits in hex: a random version 4 with its time and its version replaced. */
function idAt(hex: string): string {
  return `(${hex}::text || '7' || right(replace(gen_random_uuid()::text, '-', ''), 19))::uuid`;
}
