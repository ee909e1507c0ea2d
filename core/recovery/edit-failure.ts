import { createHash } from 'node:crypto';
import { appendEvents, createEvent } from '../audit/index.ts';
import { parseBody } from '../formats/index.ts';
import { query } from '../store/index.ts';
import { lockFailures, requireState } from './select-failures.ts';
import type { Act, ActDeps } from './select-failures.ts';

/**
 * Replaces the payload that a failed delivery is tried with from now on; it is not sent by this. The original stays
 * with the message. The new one has the message's content type and must be readable as such: throws BODY_UNREADABLE,
 * BODY_TOO_LARGE (above 10 MiB); NOT_FOUND for an unknown failure, or one that is not of `domains`; CONFLICT while it is under way.
 */
export async function editFailure(
  { database, clock }: ActDeps,
  { id, domains }: { readonly id: string; readonly domains?: readonly string[] },
  payload: Buffer,
  act: Act,
): Promise<void> {
  await database.transaction(async (db) => {
    const [row] = await lockFailures(db, [id], domains);
    if (row === undefined) return;
    requireState(row, { verb: 'edited', states: ['waiting', 'in_doubt', 'dead'] });
    const [message] = await query<{ content_type: string; sha256: string }>(
      db,
      `select m.content_type, coalesce(encode(sha256(f.edited), 'hex'), encode(m.sha256, 'hex')) as sha256
         from messages m join failures f on f.message_id = m.id where f.id = ?`,
      [row.id],
    );
    if (message === undefined) return;
    parseBody(message.content_type, payload);
    await query(db, 'update failures set edited = ? where id = ?', [payload, row.id]);
    await appendEvents(db, [
      createEvent(
        'edited',
        { ...act, before: message.sha256, after: createHash('sha256').update(payload).digest('hex') },
        { journeyId: row.journey_id, messageId: row.message_id, route: row.route },
        clock,
      ),
    ]);
  });
}
