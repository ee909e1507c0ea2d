import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { FINALS_SQL, idRange, standing } from './standing.ts';
import type { Window } from './standing.ts';
import { createWhere } from './where.ts';
import type { Binding } from './where.ts';

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
  /** Not of these. */
  readonly exceptRoutes?: readonly string[];
  /** Only deliveries that are open since before this; milliseconds since the epoch. */
  readonly before?: number;
  /** Only deliveries that were not re-driven at or after this; milliseconds since the epoch. */
  readonly redrivenBefore?: number;
  /** Only these. */
  readonly among?: readonly { readonly messageId: string; readonly route: string }[];
}

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
  const deliveries = standing(window);
  const [row] = await query<{ finished: boolean }>(
    db,
    `select count(*) = 0 as finished from (${deliveries.sql}) deliveries where place not in (${FINALS_SQL})`,
    deliveries.bindings,
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
  const deliveries = standing(filter);
  const [from, to] = idRange(filter);
  const { routes, exceptRoutes, before, redrivenBefore, among } = filter;
  const where = createWhere();
  where.and(`d.place = 'open'`);
  if (routes !== undefined) where.and('d.route = any(?::text[])', [...routes]);
  if (exceptRoutes !== undefined) where.and('d.route <> all(?::text[])', [...exceptRoutes]);
  if (among !== undefined)
    where.and(
      '(d.message_id, d.route) in (select * from unnest(?::uuid[], ?::text[]))',
      among.map((one) => one.messageId),
      among.map((one) => one.route),
    );
  if (before !== undefined) where.and('d.since < ?', new Date(before));
  if (redrivenBefore !== undefined)
    where.and(
      `not exists (select from events e where e.journey_id = m.journey_id and e.type = 'redriven' and e.data->>'reason' <> 'suspect' and e.at >= ?
          and e.message_id = d.message_id and e.route = d.route)`,
      new Date(redrivenBefore),
    );
  const sql = `
    select d.message_id, m.journey_id, d.route, f.id as failure_id, coalesce(f.attempts, 0) as attempts, f.retried_at,
           coalesce(f.step, m.step) as step, d.since
      from (${deliveries.sql}) d
      join messages m on m.id = d.message_id and m.id >= ? and m.id < ?
      left join failures f on f.message_id = d.message_id and f.route = d.route${where.sql}`;
  return { sql, bindings: [...deliveries.bindings, from, to, ...where.bindings] };
}
