import { FINALS_SQL } from '../audit/index.ts';
import type { Logger } from '../model/logger.ts';
import { lowestIdAt, query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

const BATCH = 1_000;

/**
 * Takes away failures whose delivery is final. Two copies of a delivery that end at the same moment, one well and one with a
 * failure, do not see each other's end, and what the failed one left looks as if a person had to act. Run it now and then, and
 * before the events go. Resolves with how many it found.
 */
export async function resolveLeftBehind(db: Db, log: Logger): Promise<number> {
  let resolved = 0;
  let after: string | undefined = lowestIdAt(0);
  while (after !== undefined) {
    const batch: { id: string }[] = await query(
      db,
      'select id from failures where id > ? order by id limit ?',
      [after, BATCH],
    );
    const ids = batch.map(({ id }) => id);
    if (ids.length > 0) resolved += await resolveFinal(db, ids);
    after = ids[BATCH - 1];
  }
  if (resolved > 0)
    log.warn('failures that were left behind by deliveries which are final are taken away', {
      count: resolved,
    });
  return resolved;
}

// Looked up one by one, whatever the planner thinks of: a journey's events are few, and all events are many. One that somebody has
// in hand is left to the next run.
async function resolveFinal(db: Db, ids: readonly string[]): Promise<number> {
  const gone = await query(
    db,
    `delete from failures where id in (
       select f.id from failures f cross join lateral (
              select from events e where e.journey_id = f.journey_id and e.message_id = f.message_id and e.route = f.route
                 and e.type in (${FINALS_SQL}) limit 1) final
        where f.id = any(?::uuid[])
        order by f.message_id, f.route for update of f skip locked)
     returning 1`,
    [ids],
  );
  return gone.length;
}
