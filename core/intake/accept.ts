import { hash } from 'node:crypto';
import { keyTexts } from '../model/business-keys.ts';
import type { Clock } from '../model/clock.ts';
import type { Db } from '../store/database.ts';
import type { StoredPayload } from '../store/index.ts';
import {
  ensurePartitions,
  isMissingPartition,
  newId,
  packPayload,
  query,
  queryPrepared,
  timeOfId,
} from '../store/index.ts';
import type { Arrival } from './arrival.ts';
import { CLAIM_SECONDS } from './outbox.ts';

/** What acceptance made of an arrival. */
export interface Accepted {
  /** The message's id; of a duplicate, the first one's. */
  readonly id: string;
  readonly duplicate: boolean;
  /** Its rows in the outbox, by route; empty for a duplicate. */
  readonly outbox: readonly { readonly id: string; readonly route: string }[];
  readonly acceptedAt: number;
}

/**
 * Stores arrivals: message, payload, de-duplication key and one outbox row per route, all or nothing, in one statement.
 * Arrivals whose key (or, for descendants, whose id) is known already change nothing. When `claim` is true the outbox
 * rows come out claimed, for a relay that publishes them at once.
 */
export async function insertArrivals(
  db: Db,
  arrivals: readonly Arrival[],
  clock: Clock,
  claim = false,
): Promise<readonly Accepted[]> {
  const acceptedAt = clock.now();
  const ids = arrivals.map((arrival) => arrival.descent?.id ?? newId(clock));
  const payloads = await Promise.all(arrivals.map(async (arrival) => packPayload(arrival.payload)));
  const rows = await queryPrepared<{ message_id: string; id: string; route: string }>(db, INSERT, [
    Buffer.concat(arrivals.map((arrival) => hash('sha256', arrival.payload, 'buffer'))),
    Buffer.concat(payloads.map((payload) => payload.bytes)),
    ids,
    arrivals.map((arrival) => arrival.descent?.journeyId ?? null),
    arrivals.map((arrival) => arrival.descent?.causationId ?? null),
    arrivals.map((arrival) => arrival.source),
    arrivals.map((arrival) => arrival.type),
    arrivals.map((arrival) => arrival.key ?? null),
    arrivals.map((arrival) => arrayText(keyTexts(arrival.keys))),
    arrivals.map((arrival) => arrival.contentType),
    arrivals.map((arrival) => JSON.stringify(arrival.headers)),
    arrivals.map((arrival) => arrayText(arrival.routes)),
    arrivals.map((arrival) => arrival.revision),
    arrivals.map((arrival) => arrival.payload.length),
    arrivals.map((arrival) => arrival.descent?.step ?? 0),
    payloads.map((payload) => payload.encoding),
    startsOf(payloads),
    payloads.map((payload) => payload.bytes.length),
    new Date(acceptedAt),
    new Date(acceptedAt),
    claim ? CLAIM_SECONDS : null,
  ]);
  const outbox = new Map<string, { id: string; route: string }[]>();
  for (const { message_id, id, route } of rows) {
    const list = outbox.get(message_id);
    // A message without routes comes back once, with none.
    if (list === undefined) outbox.set(message_id, id === null ? [] : [{ id, route }]);
    else list.push({ id, route });
  }
  const firsts = await firstIds(db, arrivals, ids, outbox);
  return ids.map((id) => {
    const made = outbox.get(id);
    return { id: firsts.get(id) ?? id, duplicate: made === undefined, outbox: made ?? [], acceptedAt };
  });
}

/** The same, and where a day has no partition yet it is made: not inside a transaction. */
export async function acceptArrivals(
  db: Db,
  arrivals: readonly Arrival[],
  clock: Clock,
  claim = false,
): Promise<readonly Accepted[]> {
  try {
    return await insertArrivals(db, arrivals, clock, claim);
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    const days = new Set([
      clock.now(),
      ...arrivals.flatMap(({ descent }) => (descent === undefined ? [] : [timeOfId(descent.id)])),
    ]);
    for (const day of days) await ensurePartitions(db, day, 1);
    return insertArrivals(db, arrivals, clock, claim);
  }
}

// Parameters: see insertArrivals. Sorted by key, so that two batches with the same keys can't lock each other out. Hashes and payloads
// come one behind the other in one value each: those go as they are, while what is in an array is text on its way.
const INSERT = `
with arrival as (
  select a.*, coalesce(first, id) as journey_id, substring(?::bytea from (32 * (n - 1) + 1)::int for 32) as sha256,
         substring(?::bytea from start for length) as bytes
    from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::jsonb[], ?::text[], ?::text[], ?::int[],
                ?::int[], ?::text[], ?::int[], ?::int[])
      with ordinality
      as a(id, first, causation_id, source, type, key, keys, content_type, headers, routes, revision, size, step, encoding, start, length, n)
), fresh as (
  insert into dedupe (source, key, message_id, accepted_at)
  select source, key, id, ?::timestamptz from arrival where key is not null order by source, key
  on conflict do nothing
  returning message_id
), message as (
  insert into messages (id, journey_id, causation_id, source, type, accepted_at, key, keys, content_type, headers, routes, revision, size, sha256, step)
  select id, journey_id, causation_id, source, type, ?::timestamptz, key, keys::text[], content_type, headers, routes::text[], revision, size, sha256, step
    from arrival
   where key is null or id in (select message_id from fresh)
  on conflict do nothing
  returning id
), payload as (
  insert into payloads (message_id, encoding, bytes)
  select a.id, a.encoding, a.bytes from arrival a join message using (id)
), queued as (
  insert into outbox (route, message_id, attempts, step, repeat, created_at, claimed_until)
  select route, a.id, 0, a.step, false, now(), coalesce(now() + make_interval(secs => ?::float8), '-infinity')
    from (select a.* from arrival a join message using (id) order by a.n) a cross join unnest(a.routes::text[]) as route
  returning message_id, id, route
)
select m.id as message_id, q.id, q.route from message m left join queued q on q.message_id = m.id`;

async function firstIds(
  db: Db,
  arrivals: readonly Arrival[],
  ids: readonly string[],
  made: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, string>> {
  const repeated = arrivals.flatMap((arrival, index) => {
    const id = ids[index] as string;
    return made.has(id) || arrival.key === undefined
      ? []
      : [{ id, source: arrival.source, key: arrival.key }];
  });
  if (repeated.length === 0) return new Map();
  const rows = await query<{ id: string; first: string }>(
    db,
    `select r.id, d.message_id as first from unnest(?::text[], ?::text[], ?::text[]) as r(id, source, key) join dedupe d using (source, key)`,
    [repeated.map(({ id }) => id), repeated.map(({ source }) => source), repeated.map(({ key }) => key)],
  );
  return new Map(rows.map(({ id, first }) => [id, first]));
}

/** Where each lies when they are one behind the other; Postgres counts from 1. */
function startsOf(payloads: readonly StoredPayload[]): readonly number[] {
  let next = 1;
  return payloads.map(({ bytes }) => {
    const start = next;
    next += bytes.length;
    return start;
  });
}

/** A one-dimensional text[] in Postgres's own notation, for rows that each have an array (unnest would flatten them). */
function arrayText(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll('\u0000', '').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}
