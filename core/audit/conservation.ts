import type { FailureState } from '../model/failure.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { FINALS_SQL, idRange } from './unfinished.ts';
import type { Window } from './unfinished.ts';

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
  /** When the oldest open one was last sent on its way (accepted, due again or re-driven), ISO 8601 UTC. */
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

/**
 * Balances the books of every route that something was accepted for in the window. One statement and so one moment:
 * hash joins over the window's partitions.
 */
export async function conservation(
  db: Db,
  window: Window & { readonly overdueBefore?: number } = {},
): Promise<readonly RouteBalance[]> {
  const [from, to] = idRange(window);
  const overdueBefore = new Date(window.overdueBefore ?? 0);
  const rows = await query<BalanceRow>(
    db,
    `with deliveries as (
       select m.id as message_id, r.route, m.accepted_at
         from messages m cross join lateral unnest(m.routes) as r(route)
        where m.id >= ? and m.id < ?
     ), finals as (
       select message_id, route, min(type) filter (where type <> 'redriven') as type,
              count(*) filter (where type = 'delivered') as times, max(at) filter (where type = 'redriven') as redriven_at
         from events
        where journey_id >= ? and journey_id < ? and type in (${FINALS_SQL}, 'redriven')
        group by message_id, route
     ), pending as (
       select distinct message_id, route from outbox where message_id >= ? and message_id < ?
     ), placed as (
       select d.route, n.times, greatest(coalesce(f.due_at, d.accepted_at), n.redriven_at) as since,
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
