import type { Delivery } from '../model/delivery.ts';
import { FINAL_EVENTS } from '../model/event.ts';
import { resolveFailures } from '../recovery/index.ts';
import type { Database } from '../store/index.ts';
import { query, unpackPayload } from '../store/index.ts';

/**
 * Whether a copy of this delivery was settled before: it is final, or its failure row waits for its time or a person. Asked
 * only of copies that may not be the only one. Takes away the failure of a final delivery: one copy can leave it behind
 * while another one ends well.
 */
export async function settledBefore(
  { db }: Database,
  { message, route }: Pick<Delivery, 'message' | 'route'>,
): Promise<boolean> {
  const found = await query<{ final: boolean }>(
    db,
    `select true as final from events where journey_id = ? and message_id = ? and route = ? and type = any(?)
     union all
     select false from failures where message_id = ? and route = ? and state <> 'sent'`,
    [message.journeyId, message.id, route, [...FINAL_EVENTS], message.id, route],
  );
  if (found.some(({ final }) => final)) await resolveFailures(db, [{ messageId: message.id, route }]);
  return found.length > 0;
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
