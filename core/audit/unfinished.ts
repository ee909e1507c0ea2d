import { FINAL_EVENTS } from '../model/event.ts';
import { lowestIdAt, query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import type { Binding } from './where.ts';

/** A span of time, by the acceptance of a journey's first message: milliseconds since the epoch, half open. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

/** A delivery that the store knows as begun and not ended: if no transport and no worker has it, it is lost. */
export interface UnfinishedDelivery {
  readonly messageId: string;
  readonly journeyId: string;
  readonly route: string;
  /** Attempts used so far. */
  readonly attempts: number;
  readonly step: number;
  /** When it was last sent on its way: accepted, due again or re-driven. Milliseconds since the epoch. */
  readonly since: number;
}

export interface UnfinishedFilter extends Window {
  readonly routes?: readonly string[];
  /** Only deliveries that are open since before this; milliseconds since the epoch. */
  readonly before?: number;
  /** Only deliveries that were not re-driven at or after this; milliseconds since the epoch. */
  readonly redrivenBefore?: number;
  /** Only these. */
  readonly among?: readonly { readonly messageId: string; readonly route: string }[];
}

/** SQL list of the final event types. */
export const FINALS_SQL = FINAL_EVENTS.map((type) => `'${type}'`).join(', ');

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Deliveries with no final event, no outbox row and no failure that waits for something: the `open` ones of the
 * conservation report. In no particular order.
 */
export async function unfinished(
  db: Db,
  filter: UnfinishedFilter & { readonly limit: number },
): Promise<readonly UnfinishedDelivery[]> {
  const open = unfinishedQuery(filter);
  const rows = await query<{
    message_id: string;
    journey_id: string;
    route: string;
    attempts: number;
    step: number;
    since: Date;
  }>(db, `${open.sql} limit ?`, [...open.bindings, filter.limit]);
  return rows.map((row) => ({
    messageId: row.message_id,
    journeyId: row.journey_id,
    route: row.route,
    attempts: row.attempts,
    step: row.step,
    since: row.since.getTime(),
  }));
}

/** Whether everything accepted in this window is final. Nothing new can then come up in it: only what is not final has descendants. */
export async function isFinished(db: Db, window: Window): Promise<boolean> {
  const [from, to] = idRange(window);
  const open = unfinishedQuery(window);
  const [row] = await query<{ finished: boolean }>(
    db,
    `select not exists (select from failures where message_id >= ? and message_id < ?)
        and not exists (select from outbox where message_id >= ? and message_id < ?)
        and not exists (${open.sql}) as finished`,
    [from, to, from, to, ...open.bindings],
  );
  return row?.finished === true;
}

/**
 * The statement behind `unfinished`, for those who write what it finds: columns message_id, journey_id, route,
 * failure_id, attempts, step, retried_at, since.
 */
export function unfinishedQuery(filter: UnfinishedFilter): {
  readonly sql: string;
  readonly bindings: readonly Binding[];
} {
  const [from, to] = idRange(filter);
  const { routes, before, redrivenBefore, among } = filter;
  const conditions: string[] = [];
  const bindings: Binding[] = [from, to, from, to];
  if (routes !== undefined) {
    conditions.push('d.route = any(?::text[])');
    bindings.push([...routes]);
  }
  if (among !== undefined) {
    conditions.push('(d.message_id, d.route) in (select * from unnest(?::uuid[], ?::text[]))');
    bindings.push(
      among.map((one) => one.messageId),
      among.map((one) => one.route),
    );
  }
  if (before !== undefined) {
    conditions.push('greatest(coalesce(f.due_at, d.accepted_at), r.at) < ?');
    bindings.push(new Date(before));
  }
  if (redrivenBefore !== undefined) {
    conditions.push('coalesce(r.at < ?, true)');
    bindings.push(new Date(redrivenBefore));
  }
  const sql = `
    with deliveries as (
      select m.id as message_id, m.journey_id, m.step, x.route, m.accepted_at
        from messages m cross join lateral unnest(m.routes) as x(route)
       where m.id >= ? and m.id < ?
    )
    select d.message_id, d.journey_id, d.route, f.id as failure_id, coalesce(f.attempts, 0) as attempts, f.retried_at,
           coalesce(f.step, d.step) as step, greatest(coalesce(f.due_at, d.accepted_at), r.at) as since
      from deliveries d
      left join failures f on f.message_id = d.message_id and f.route = d.route
      left join lateral (select max(e.at) as at from events e
                          where e.journey_id = d.journey_id and e.type = 'redriven'
                            and e.message_id = d.message_id and e.route = d.route) r on true
     where (f.id is null or f.state = 'sent')
       and not exists (select from events e
                        where e.journey_id >= ? and e.journey_id < ? and e.type in (${FINALS_SQL})
                          and e.message_id = d.message_id and e.route = d.route)
       and not exists (select from outbox o where o.message_id = d.message_id and o.route = d.route)
       ${conditions.map((condition) => `and ${condition}`).join(' ')}`;
  return { sql, bindings };
}

/** The ids of a window: from the first one to before the second. */
export function idRange({ since, until }: Window): readonly [string, string] {
  return [
    since === undefined ? FIRST_ID : lowestIdAt(since),
    until === undefined ? LAST_ID : lowestIdAt(until),
  ];
}
