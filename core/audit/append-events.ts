import type { AuditEvent } from '../model/event.ts';
import { queryPrepared, startOfDay, timeOfId } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { jsonText } from './json-text.ts';
import { BLOCK_HASH_SQL, leafOf, NO_BLOCK, ROOT_SQL } from './seal.ts';

/** Events of one statement at most: a re-drive may make more. */
const CHUNK = 5_000;

/**
 * Writes events, the only way to do so: each statement seals its events as a block at the end of a chain. An event that
 * is there already is left as it is, so a batch whose commit was in doubt may be written again. Run it in the transaction
 * that makes the facts true; the events of one day, 5000 at a time, are one statement.
 */
export async function appendEvents(db: Db, events: readonly AuditEvent[]): Promise<void> {
  for (const [day, ofDay] of Map.groupBy(events, (event) => startOfDay(timeOfId(event.journeyId))))
    for (let from = 0; from < ofDay.length; from += CHUNK)
      await appendBlock(db, day, ofDay.slice(from, from + CHUNK));
}

/**
 * A chain is taken by locking its row, so whoever writes has one for itself until the commit, across processes, and
 * nobody waits: who finds none free begins a new one, so there are about as many chains as there ever were writers at a time. What is rolled back has never been in the chain.
 */
async function appendBlock(db: Db, day: number, events: readonly AuditEvent[]): Promise<void> {
  await queryPrepared(
    db,
    `with given as (
       select * from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::uuid[], ?::text[], ?::text[], ?::jsonb[], ?::text[])
           as given(journey_id, id, at, message_id, route, type, data, leaf)
     ), free as (
       select id, seq, hash from chains limit 1 for update skip locked
     ), taken as materialized (
       select id as chain, seq + 1 as seq, hash as prev, nextval('blocks_id_seq') as block from free
       union all
       select nextval('chains_id_seq')::integer, 1, decode(?, 'hex'), nextval('blocks_id_seq') where not exists (select from free)
     ), written as (
       insert into events (journey_id, id, at, message_id, route, type, data, leaf, block)
       select journey_id, id, at, message_id, route, type, data, decode(leaf, 'hex'), block from given cross join taken
       on conflict (journey_id, id) do nothing
       returning id, leaf
     ), sealed as (
       select count(*) as size, ${ROOT_SQL} as root from written having count(*) > 0
     ), added as (
       insert into blocks (id, chain, seq, at, day, size, prev, root, hash)
       select *, ${BLOCK_HASH_SQL}
         from (select block, chain, seq, date_trunc('milliseconds', now()) as at, ?::date as day, size, prev, root
                 from taken cross join sealed) block
       returning chain, seq, hash
     )
     insert into chains (id, seq, hash) select * from added
     on conflict (id) do update set seq = excluded.seq, hash = excluded.hash`,
    [
      events.map((event) => event.journeyId),
      events.map((event) => event.id),
      events.map((event) => event.at),
      events.map((event) => event.messageId ?? null),
      events.map((event) => event.route ?? null),
      events.map((event) => event.type),
      events.map((event) => jsonText(event.data)),
      events.map(leafOf),
      NO_BLOCK,
      new Date(day).toISOString().slice(0, 10),
    ],
  );
}
