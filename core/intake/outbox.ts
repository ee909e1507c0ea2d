import type { Delivery } from '../model/delivery.ts';
import type { Db } from '../store/database.ts';
import { attributesOf, MESSAGE_COLUMNS, query, unpackPayload } from '../store/index.ts';
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

interface ClaimedRow extends MessageRow {
  readonly outbox_id: string;
  readonly route: string;
  readonly attempts: number;
  readonly step: number;
  readonly repeat: boolean;
  readonly retried_at: Date | null;
  readonly encoding: string | null;
  readonly bytes: Buffer | null;
  readonly edited: Buffer | null;
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
  const rows = await query<ClaimedRow>(
    db,
    `with claimed as (
       update outbox o set claimed_until = now() + make_interval(secs => ?), repeat = o.repeat or o.claimed_until > '-infinity'
         from (select id from outbox where route = any(?) and claimed_until < now() order by id limit ? for update skip locked) free
        where o.id = free.id
       returning o.id as outbox_id, o.route, o.message_id, o.attempts, o.step, o.repeat, o.retried_at
     )
     select c.outbox_id, c.route, c.attempts, c.step, c.repeat, c.retried_at,
            ${MESSAGE_COLUMNS},
            p.encoding, case when m.size <= ? then p.bytes end as bytes, f.edited
       from claimed c
       join messages m on m.id = c.message_id
       left join payloads p on p.message_id = c.message_id
       left join failures f on f.message_id = c.message_id and f.route = c.route and f.edited is not null
      order by c.outbox_id`,
    [CLAIM_SECONDS, routes, limit, maxInlineBytes],
  );
  return rows.map(toClaimed);
}

function toClaimed(row: ClaimedRow): Claimed {
  const stored =
    row.bytes === null || row.encoding === null
      ? undefined
      : unpackPayload({ encoding: row.encoding, bytes: row.bytes });
  return {
    id: row.outbox_id,
    delivery: {
      message: attributesOf(row),
      payload: row.edited ?? stored,
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
  await query(db, 'delete from outbox where id = any(?::bigint[])', [ids]);
}

/** Gives rows back that were not published (`repeat` false) or may have been (`repeat` true). */
export async function releaseOutbox(db: Db, ids: readonly string[], repeat: boolean): Promise<void> {
  await query(
    db,
    `update outbox set claimed_until = '-infinity', repeat = repeat or ? where id = any(?::bigint[])`,
    [repeat, ids],
  );
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
