import type { AuditEvent } from '../model/event.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { jsonText } from './json-text.ts';

/**
 * Writes events in one statement. An event that is there already is left as it is, so a batch whose commit was in
 * doubt may be written again. Run it in the transaction that makes the facts true.
 */
export async function appendEvents(db: Db, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await query(
    db,
    `insert into events (journey_id, id, at, message_id, route, type, data)
     select * from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::uuid[], ?::text[], ?::text[], ?::jsonb[])
     on conflict (journey_id, id) do nothing`,
    [
      events.map((event) => event.journeyId),
      events.map((event) => event.id),
      events.map((event) => event.at),
      events.map((event) => event.messageId ?? null),
      events.map((event) => event.route ?? null),
      events.map((event) => event.type),
      events.map((event) => jsonText(event.data)),
    ],
  );
}
