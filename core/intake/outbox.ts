import type { Delivery } from '../model/delivery.ts';
import type { Db } from '../store/database.ts';
import { attributesOf, MESSAGE_COLUMNS, query, queryPrepared, unpackPayload } from '../store/index.ts';
import type { MessageRow } from '../store/index.ts';

/** A delivery that waits to be published. */
export interface OutboxEntry {
  readonly route: string;
  readonly messageId: string;
  /** Attempts already used. */
  readonly attempts: number;
  /** The step to go on with. */
  readonly step: number;
  /** Another copy of this delivery may exist. */
  readonly repeat: boolean;
  /** When an operator asked for it; milliseconds. */
  readonly retriedAt?: number;
}

/** What the relay has in hand: the row's id and all that is published. */
export interface Claimed {
  readonly id: string;
  readonly delivery: Delivery;
}

/** How long a relay may hold a row before another one may take it. */
export const CLAIM_SECONDS = 30;

/** Puts deliveries of stored messages into the outbox. The relay finds them at its next look; wake it to hurry. */
export async function insertOutbox(db: Db, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await query(
    db,
    `insert into outbox (route, message_id, attempts, step, repeat, retried_at, created_at)
     select route, message_id, attempts, step, repeat, to_timestamp(retried_at / 1000.0), now()
       from unnest(?::text[], ?::uuid[], ?::int[], ?::int[], ?::boolean[], ?::float8[]) as e(route, message_id, attempts, step, repeat, retried_at)`,
    [
      entries.map((entry) => entry.route),
      entries.map((entry) => entry.messageId),
      entries.map((entry) => entry.attempts),
      entries.map((entry) => entry.step),
      entries.map((entry) => entry.repeat),
      entries.map((entry) => entry.retriedAt ?? null),
    ],
  );
}

interface ClaimedRow {
  readonly outbox_id: string;
  readonly message_id: string;
  readonly route: string;
  readonly attempts: number;
  readonly step: number;
  readonly repeat: boolean;
  readonly retried_at: Date | null;
}

interface CarriedRow extends MessageRow {
  readonly encoding: string | null;
  readonly bytes: Buffer | null;
}

/**
 * Takes the oldest deliveries of these routes that nobody has in hand. A row that was claimed before comes out as a
 * repeat: whoever had it may have published it. Payloads above `maxInlineBytes` stay in the store.
 */
export async function claimOutbox(
  db: Db,
  routes: readonly string[],
  limit: number,
  maxInlineBytes: number,
): Promise<readonly Claimed[]> {
  const claimed = await queryPrepared<ClaimedRow>(db, CLAIM, [CLAIM_SECONDS, routes, limit]);
  if (claimed.length === 0) return [];
  const ids = [...new Set(claimed.map((row) => row.message_id))];
  const [carried, edited] = [await carriedOf(db, ids, maxInlineBytes), await editsOf(db, claimed)];
  return claimed.flatMap((row) => {
    const message = carried.get(row.message_id);
    return message === undefined
      ? []
      : [toClaimed(row, message, edited.get(`${row.message_id} ${row.route}`))];
  });
}

// The oldest rows are found along the primary key, whatever the statistics say of a table that fills and empties all the time: hence the
// `case`, which keeps the planner from sorting all rows of a route.
const CLAIM = `
with claimed as (
  update outbox o set claimed_until = now() + make_interval(secs => ?::float8), repeat = o.repeat or o.claimed_until > '-infinity'
   where o.id = any(array(
     select id from outbox where claimed_until < now() and case when route = any(?::text[]) then true else false end
      order by id limit ?::int for update skip locked))
  returning o.id as outbox_id, o.message_id, o.route, o.attempts, o.step, o.repeat, o.retried_at
) select * from claimed order by outbox_id`;

// Asked by their ids and not joined, so that only the day partitions are touched that the ids lie in.
async function carriedOf(
  db: Db,
  ids: readonly string[],
  maxInlineBytes: number,
): Promise<ReadonlyMap<string, CarriedRow>> {
  const rows = await queryPrepared<CarriedRow>(
    db,
    `select ${MESSAGE_COLUMNS}, p.encoding, case when m.size <= ?::int then p.bytes end as bytes
       from messages m left join payloads p on p.message_id = m.id and p.message_id = any(?::uuid[])
      where m.id = any(?::uuid[])`,
    [maxInlineBytes, ids, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Payloads that operators have put in the place of the original, by message and route. Only what was tried before can have one. */
async function editsOf(db: Db, claimed: readonly ClaimedRow[]): Promise<ReadonlyMap<string, Buffer>> {
  const repeated = claimed.filter((row) => row.repeat).map((row) => row.message_id);
  if (repeated.length === 0) return new Map();
  const rows = await query<{ message_id: string; route: string; edited: Buffer }>(
    db,
    'select message_id, route, edited from failures where message_id = any(?::uuid[]) and edited is not null',
    [repeated],
  );
  return new Map(rows.map(({ message_id, route, edited }) => [`${message_id} ${route}`, edited]));
}

function toClaimed(row: ClaimedRow, carried: CarriedRow, edited: Buffer | undefined): Claimed {
  const stored =
    carried.bytes === null || carried.encoding === null
      ? undefined
      : unpackPayload({ encoding: carried.encoding, bytes: carried.bytes });
  return {
    id: row.outbox_id,
    delivery: {
      message: attributesOf(carried),
      payload: edited ?? stored,
      route: row.route,
      attempts: row.attempts,
      step: row.step,
      repeat: row.repeat,
      retriedAt: row.retried_at?.getTime(),
    },
  };
}

/** These are published and confirmed. */
export async function deleteOutbox(db: Db, ids: readonly string[]): Promise<void> {
  await queryPrepared(db, 'delete from outbox where id = any(?::bigint[])', [ids]);
}

/**
 * Deletes what waits of these deliveries. A row that a relay has in hand stays and is no copy to count on: it may be
 * published, and the copy may be passed over or settled already.
 */
export async function takeBackOutbox(
  db: Db,
  deliveries: readonly Pick<OutboxEntry, 'route' | 'messageId'>[],
): Promise<void> {
  await query(
    db,
    `delete from outbox where id = any(array(
       select o.id from outbox o join unnest(?::uuid[], ?::text[]) as d(message_id, route)
           on o.message_id = d.message_id and o.route = d.route
        where o.claimed_until < now() or o.claimed_until = 'infinity' for update of o skip locked))`,
    [deliveries.map(({ messageId }) => messageId), deliveries.map(({ route }) => route)],
  );
}

/** Gives rows back that were not published (`repeat` false) or may have been (`repeat` true). */
export async function releaseOutbox(db: Db, ids: readonly string[], repeat: boolean): Promise<void> {
  await query(
    db,
    `update outbox set claimed_until = '-infinity', repeat = repeat or ? where id = any(?::bigint[])`,
    [repeat, ids],
  );
}

/**
 * For a hub that is alone on its store, and whose transport begins empty: what the process before it had in hand is taken
 * out. Its deliveries may have been handed out before their rows were gone, so they count as under way. What was held is
 * held no longer.
 */
export async function forgetClaims(db: Db): Promise<void> {
  await query(db, `delete from outbox where claimed_until > '-infinity' and claimed_until < 'infinity'`);
  await query(db, `update outbox set claimed_until = '-infinity' where claimed_until = 'infinity'`);
}

/** Rows that no relay takes until they are released. */
export async function holdOutbox(db: Db, ids: readonly string[]): Promise<void> {
  await query(db, `update outbox set claimed_until = 'infinity' where id = any(?::bigint[])`, [ids]);
}

/** For a hub that is alone on its store: what the process before it had in hand is free at once. */
export async function releaseAllOutbox(db: Db): Promise<void> {
  await query(
    db,
    `update outbox set claimed_until = '-infinity', repeat = true where claimed_until > '-infinity'`,
  );
}

/** How many deliveries wait, by route, and since when the oldest does (milliseconds since the epoch). */
export async function outboxDepths(
  db: Db,
): Promise<ReadonlyMap<string, { readonly count: number; readonly oldest: number }>> {
  const rows = await query<{ route: string; count: string; oldest: Date }>(
    db,
    'select route, count(*) as count, min(created_at) as oldest from outbox group by route',
  );
  return new Map(rows.map((row) => [row.route, { count: Number(row.count), oldest: row.oldest.getTime() }]));
}
