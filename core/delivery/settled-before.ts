import type { Delivery } from '../model/delivery.ts';
import { FINAL_EVENTS } from '../model/event.ts';
import type { Database } from '../store/index.ts';
import { query, unpackPayload } from '../store/index.ts';

/**
 * Whether a copy of this delivery was settled before: it is final, or its failure row waits for its time or a person. Asked
 * only of copies that may not be the only one.
 */
export async function settledBefore(
  database: Database,
  delivery: Pick<Delivery, 'message' | 'route'>,
): Promise<boolean> {
  const { message, route } = delivery;
  const rows = await query(
    database.db,
    `select 1 from events where journey_id = ? and message_id = ? and route = ? and type = any(?)
     union all
     select 1 from failures where message_id = ? and route = ? and state <> 'sent' limit 1`,
    [message.journeyId, message.id, route, [...FINAL_EVENTS], message.id, route],
  );
  return rows.length > 0;
}

/** The payload of a delivery that travelled without it, with an operator's edit if there is one; undefined when it is no longer kept. */
export async function fetchPayload(
  database: Database,
  delivery: Pick<Delivery, 'message' | 'route'>,
): Promise<Buffer | undefined> {
  const rows = await query<{ encoding: string; bytes: Buffer; edited: Buffer | null }>(
    database.db,
    `select p.encoding, p.bytes, f.edited from payloads p left join failures f on f.message_id = p.message_id and f.route = ? where p.message_id = ?`,
    [delivery.route, delivery.message.id],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return row.edited ?? unpackPayload(row);
}
