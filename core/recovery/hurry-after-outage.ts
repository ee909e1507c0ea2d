import { ERRORS } from '../model/errors.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

const OUTAGE_CODES = Object.entries(ERRORS).flatMap(([code, { fate }]) => (fate === 'outage' ? [code] : []));

/**
 * A connection is back: what waits on these routes because it was away is due now, except where an operator has said since
 * then when that is. Resolves with how many; the dispatcher sends them.
 */
export async function hurryAfterOutage(db: Db, routes: readonly string[], now: number): Promise<number> {
  const hurried = await query(
    db,
    `update failures f set due_at = ?
      where state = 'waiting' and route = any(?) and code = any(?) and due_at > ?
        and not exists (select from events e where e.journey_id = f.journey_id and e.message_id = f.message_id
                           and e.route = f.route and e.type = 'rescheduled' and e.at >= f.last_failed_at)
     returning 1`,
    [new Date(now), routes, OUTAGE_CODES, new Date(now)],
  );
  return hurried.length;
}
