import { FINAL_EVENTS } from '../model/event.ts';
import type { FailureState } from '../model/failure.ts';
import { lowestIdAt } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { query } from './where.ts';
import type { Binding } from './where.ts';

/** A span of time, by the acceptance of a journey's first message: milliseconds since the epoch, half open. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

/**
 * The books of one route: what was accepted for it, and where each delivery is. Each is counted once, so
 * `accepted = delivered + filtered + split + discarded + outbox + waiting + inDoubt + dead + open`.
 */
export interface RouteBalance {
  readonly route: string;
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly split: number;
  readonly discarded: number;
  /** Waits to be published. */
  readonly outbox: number;
  readonly failures: Readonly<Record<Exclude<FailureState, 'sent'>, number>>;
  /** Not accounted for in the store: in the transport, in hand, or lost. */
  readonly open: number;
  /** Since when the oldest open one is, ISO 8601 UTC: accepted, or due when it was last sent again. */
  readonly oldestOpenAt?: string;
  /** Open ones that are older than `overdueBefore`. */
  readonly overdue: number;
  /** Deliveries with more than one `delivered` event: the target was asked more than once. */
  readonly repeated: number;
}

interface BalanceRow {
  readonly route: string;
  readonly accepted: string;
  readonly delivered: string;
  readonly filtered: string;
  readonly split: string;
  readonly discarded: string;
  readonly outbox: string;
  readonly waiting: string;
  readonly in_doubt: string;
  readonly dead: string;
  readonly open: string;
  readonly oldest_open_at: Date | null;
  readonly overdue: string;
  readonly repeated: string;
}

const FINALS = FINAL_EVENTS.map((type) => `'${type}'`).join(', ');
const NO_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Balances the books of every route that something was accepted for in the window. One statement and so one moment:
 * hash joins over the window's partitions.
 */
export async function conservation(
  db: Db,
  window: Window & { readonly overdueBefore?: number } = {},
): Promise<readonly RouteBalance[]> {
  const { from, to } = idRange(window);
  const overdueBefore = new Date(window.overdueBefore ?? 0);
  const rows = await query<BalanceRow>(
    db,
    `with deliveries as (
       select m.id as message_id, r.route, m.accepted_at
         from messages m cross join lateral unnest(m.routes) as r(route)
        where m.id >= ? and m.id < ?
     ), finals as (
       select message_id, route, min(type) as type, count(*) filter (where type = 'delivered') as times
         from events
        where journey_id >= ? and journey_id < ? and type in (${FINALS})
        group by message_id, route
     ), pending as (
       select distinct message_id, route from outbox where message_id >= ? and message_id < ?
     ), placed as (
       select d.route, n.times, case when f.state = 'sent' then f.due_at else d.accepted_at end as since,
              case when n.type is not null then n.type
                   when p.message_id is not null then 'outbox'
                   when f.state is null or f.state = 'sent' then 'open'
                   else f.state end as place
         from deliveries d
         left join finals n on n.message_id = d.message_id and n.route = d.route
         left join pending p on p.message_id = d.message_id and p.route = d.route
         left join failures f on f.message_id = d.message_id and f.route = d.route
     )
     select route, count(*) as accepted,
            count(*) filter (where place = 'delivered') as delivered,
            count(*) filter (where place = 'filtered') as filtered,
            count(*) filter (where place = 'split') as split,
            count(*) filter (where place = 'discarded') as discarded,
            count(*) filter (where place = 'outbox') as outbox,
            count(*) filter (where place = 'waiting') as waiting,
            count(*) filter (where place = 'in_doubt') as in_doubt,
            count(*) filter (where place = 'dead') as dead,
            count(*) filter (where place = 'open') as open,
            min(since) filter (where place = 'open') as oldest_open_at,
            count(*) filter (where place = 'open' and since < ?) as overdue,
            count(*) filter (where times > 1) as repeated
       from placed group by route order by route`,
    [from, to, from, to, from, to, overdueBefore],
  );
  return rows.map(balanceOf);
}

function balanceOf(row: BalanceRow): RouteBalance {
  return {
    route: row.route,
    accepted: Number(row.accepted),
    delivered: Number(row.delivered),
    filtered: Number(row.filtered),
    split: Number(row.split),
    discarded: Number(row.discarded),
    outbox: Number(row.outbox),
    failures: { waiting: Number(row.waiting), in_doubt: Number(row.in_doubt), dead: Number(row.dead) },
    open: Number(row.open),
    ...(row.oldest_open_at === null ? {} : { oldestOpenAt: row.oldest_open_at.toISOString() }),
    overdue: Number(row.overdue),
    repeated: Number(row.repeated),
  };
}

/** A delivery that the store knows as begun and not ended: if no transport and no worker has it, it is lost. */
export interface UnfinishedDelivery {
  readonly messageId: string;
  readonly journeyId: string;
  readonly route: string;
  /** Attempts used so far. */
  readonly attempts: number;
  readonly step: number;
  /** Accepted, or due when it was last sent again; ISO 8601 UTC. */
  readonly since: string;
}

export interface UnfinishedFilter extends Window {
  readonly routes?: readonly string[];
  /** Only deliveries that are open since before this; milliseconds since the epoch. */
  readonly before?: number;
  /** Only these. */
  readonly among?: readonly { readonly messageId: string; readonly route: string }[];
}

/**
 * Deliveries with no final event, no outbox row and no failure that waits for something: those of `open` above.
 * In no particular order.
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
    since: row.since.toISOString(),
  }));
}

/**
 * The statement behind `unfinished`, for those who write what it finds (recovery): columns message_id, journey_id,
 * route, attempts, step, retried_at, since.
 */
export function unfinishedQuery(filter: UnfinishedFilter): {
  readonly sql: string;
  readonly bindings: readonly Binding[];
  /** The ids that the window spans: from the first one to before the second. */
  readonly range: readonly [string, string];
} {
  const { from, to } = idRange(filter);
  const { routes, before, among } = filter;
  const sql = `
    with deliveries as (
      select m.id as message_id, m.journey_id, m.step, r.route, m.accepted_at
        from messages m cross join lateral unnest(m.routes) as r(route)
       where m.id >= ? and m.id < ?
    )
    select d.message_id, d.journey_id, d.route, coalesce(f.attempts, 0) as attempts, f.retried_at,
           coalesce(f.step, d.step) as step, coalesce(f.due_at, d.accepted_at) as since
      from deliveries d
      left join failures f on f.message_id = d.message_id and f.route = d.route
     where (f.id is null or f.state = 'sent')
       and not exists (select from events e
                        where e.journey_id >= ? and e.journey_id < ? and e.type in (${FINALS})
                          and e.message_id = d.message_id and e.route = d.route)
       and not exists (select from outbox o where o.message_id = d.message_id and o.route = d.route)
       ${routes === undefined ? '' : 'and d.route = any(?)'}
       ${before === undefined ? '' : 'and coalesce(f.due_at, d.accepted_at) < ?'}
       ${among === undefined ? '' : 'and (d.message_id, d.route) in (select * from unnest(?::uuid[], ?::text[]))'}`;
  return {
    sql,
    range: [from, to],
    bindings: [
      from,
      to,
      from,
      to,
      ...(routes === undefined ? [] : [[...routes]]),
      ...(before === undefined ? [] : [new Date(before)]),
      ...(among === undefined ? [] : [among.map((one) => one.messageId), among.map((one) => one.route)]),
    ],
  };
}

function idRange({ since, until }: Window): { readonly from: string; readonly to: string } {
  return {
    from: since === undefined ? NO_ID : lowestIdAt(since),
    to: until === undefined ? LAST_ID : lowestIdAt(until),
  };
}

/** Which of these deliveries have a final event, as `deliveryKey`s: nothing more may be done for them. */
export async function finalDeliveries(
  db: Db,
  deliveries: readonly { readonly journeyId: string; readonly messageId: string; readonly route: string }[],
): Promise<ReadonlySet<string>> {
  if (deliveries.length === 0) return new Set();
  const rows = await query<{ message_id: string; route: string }>(
    db,
    `select e.message_id, e.route
       from unnest(?::uuid[], ?::uuid[], ?::text[]) as d(journey_id, message_id, route)
       join events e on e.journey_id = d.journey_id and e.message_id = d.message_id and e.route = d.route
      where e.type in (${FINALS})`,
    [
      deliveries.map((delivery) => delivery.journeyId),
      deliveries.map((delivery) => delivery.messageId),
      deliveries.map((delivery) => delivery.route),
    ],
  );
  return new Set(rows.map((row) => `${row.message_id} ${row.route}`));
}
