import { FINAL_EVENTS } from '../model/event.ts';
import { lowestIdAt, query, timeOfId } from '../store/index.ts';
import type { Db } from '../store/index.ts';

/** A span of time, by the acceptance of a journey's first message: milliseconds since the epoch, half open. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

/** SQL list of the final event types. */
export const FINALS_SQL = FINAL_EVENTS.map((type) => `'${type}'`).join(', ');

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The ids of a window: from the first one to before the second. */
export function idRange({ since, until }: Window): readonly [string, string] {
  return [
    since === undefined ? FIRST_ID : lowestIdAt(since),
    until === undefined ? LAST_ID : lowestIdAt(until),
  ];
}

/**
 * A window in pieces that a statement gets through quickly, oldest first; aligned to `pieceMs`, and only from the first
 * to the last message there is. What is true of a delivery is true of it in its piece, whatever happens in the others.
 */
export async function piecesOf(
  db: Db,
  window: Window,
  pieceMs: number,
): Promise<readonly Required<Window>[]> {
  const end = async (order: 'asc' | 'desc'): Promise<number | undefined> => {
    const [row] = await query<{ id: string }>(
      db,
      `select id from messages where id >= ? and id < ? order by id ${order} limit 1`,
      idRange(window),
    );
    return row && timeOfId(row.id);
  };
  const first = await end('asc');
  const last = await end('desc');
  if (first === undefined || last === undefined) return [];
  const pieces: Required<Window>[] = [];
  for (let since = Math.floor(first / pieceMs) * pieceMs; since <= last; since += pieceMs)
    pieces.push({
      since: Math.max(since, window.since ?? 0),
      until: Math.min(since + pieceMs, window.until ?? Infinity),
    });
  return pieces;
}

/**
 * Where each delivery of a window stands: rows of message_id, route, place (a final event's type, `outbox`, a failure's
 * state, or `open`), since (when it was last sent on its way) and times (how often it was delivered). All facts of
 * all tables are grouped by delivery in one go: with joins instead, statistics that are a little out of date (those of
 * the outbox always are) can make the planner compare every row with every other.
 */
export function standing(window: Window): { readonly sql: string; readonly bindings: readonly string[] } {
  const [from, to] = idRange(window);
  return {
    sql: `
      select message_id, route,
             coalesce(min(fact) filter (where fact in (${FINALS_SQL})), min(fact) filter (where fact = 'outbox'),
                      min(fact) filter (where fact in ('waiting', 'in_doubt', 'dead')), 'open') as place,
             max(at) filter (where fact in ('accepted', 'sent', 'redriven')) as since,
             count(*) filter (where fact = 'delivered') as times
        from (select m.id as message_id, unnest(m.routes) as route, 'accepted' as fact, m.accepted_at as at
                from messages m where m.id >= ? and m.id < ?
              union all
              select e.message_id, e.route, e.type, e.at from events e
               where e.journey_id >= ? and e.journey_id < ? and e.type in (${FINALS_SQL}, 'redriven')
              union all
              select o.message_id, o.route, 'outbox', null from outbox o where o.message_id >= ? and o.message_id < ?
              union all
              select f.message_id, f.route, f.state, f.due_at from failures f where f.message_id >= ? and f.message_id < ?
             ) facts
       group by message_id, route having bool_or(fact = 'accepted')`,
    bindings: [from, to, from, to, from, to, from, to],
  };
}
