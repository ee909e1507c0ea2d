import { insertOutbox, takeBackOutbox } from '../intake/index.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

/**
 * Puts failures that the caller has locked into the outbox and marks them `sent`; `due_at` becomes the time of sending,
 * from which on they count as stuck when nothing is heard of them. As repeats: the copy that failed may still be with
 * the transport, if its acknowledgement was lost. What waits in the outbox already is replaced.
 */
export async function sendAgain(db: Db, failureIds: readonly string[], now: number): Promise<void> {
  const sent = await query<{
    message_id: string;
    route: string;
    attempts: number;
    step: number;
    retried_at: Date | null;
  }>(
    db,
    `update failures set state = 'sent', due_at = ? where id = any(?::uuid[])
     returning message_id, route, attempts, step, retried_at`,
    [new Date(now), failureIds],
  );
  const entries = sent
    .sort((a, b) => (a.message_id < b.message_id ? -1 : 1))
    .map((row) => ({
      route: row.route,
      messageId: row.message_id,
      attempts: row.attempts,
      step: row.step,
      repeat: true,
      ...(row.retried_at === null ? {} : { retriedAt: row.retried_at.getTime() }),
    }));
  await takeBackOutbox(db, entries);
  await insertOutbox(db, entries);
}
