import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

/**
 * Puts failures that the caller has locked into the outbox and marks them `sent`; `due_at` becomes the time of sending,
 * from which on they count as stuck when nothing is heard of them. As repeats: the copy that failed may still be with
 * the transport, if its acknowledgement was lost. What is in the outbox already is not put there twice.
 */
export async function sendAgain(db: Db, failureIds: readonly string[], now: number): Promise<void> {
  const at = new Date(now);
  await query(
    db,
    `with sent as (
       update failures set state = 'sent', due_at = ? where id = any(?::uuid[])
       returning message_id, route, attempts, step, retried_at
     )
     insert into outbox (route, message_id, attempts, step, repeat, retried_at, created_at)
     select route, message_id, attempts, step, true, retried_at, ?::timestamptz from sent s
      where not exists (select from outbox o where o.route = s.route and o.message_id = s.message_id)
      order by message_id, route`,
    [at, failureIds, at],
  );
}
