import { CrossdockError } from '../model/errors.ts';
import { query, unpackPayload } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { isId } from './page.ts';

/** The bytes of a message exactly as they came. */
export interface MessagePayload {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Of the bytes, hex, as it was computed on acceptance. */
  readonly sha256: string;
}

interface PayloadRow {
  readonly content_type: string;
  readonly sha256: string;
  readonly encoding: string | null;
  readonly bytes: Buffer | null;
}

/**
 * What a message carried. Reading it is an act of its own for whoever serves it to a person.
 * Throws NOT_FOUND for an unknown message, PAYLOAD_GONE when its payload has been dropped by retention.
 */
export async function readPayload(db: Db, messageId: string): Promise<MessagePayload> {
  const [row] = isId(messageId)
    ? await query<PayloadRow>(
        db,
        `select m.content_type, encode(m.sha256, 'hex') as sha256, p.encoding, p.bytes
           from messages m left join payloads p on p.message_id = m.id where m.id = ?`,
        [messageId],
      )
    : [];
  if (row === undefined) throw new CrossdockError('NOT_FOUND', `there is no message ${messageId}`);
  if (row.bytes === null || row.encoding === null)
    throw new CrossdockError('PAYLOAD_GONE', `the payload of message ${messageId} is no longer kept`);
  return {
    bytes: unpackPayload({ encoding: row.encoding, bytes: row.bytes }),
    contentType: row.content_type,
    sha256: row.sha256,
  };
}
