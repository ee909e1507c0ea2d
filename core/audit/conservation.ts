import type { FailureState } from '../model/failure.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { piecesOf, standing } from './standing.ts';
import type { Window } from './standing.ts';

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

const PIECE_MS = 6 * 3_600_000;

/** Balances the books of every route that something was accepted for in the window, in the order of their names. */
export async function conservation(
  db: Db,
  window: Window & { readonly overdueBefore?: number } = {},
): Promise<readonly RouteBalance[]> {
  const totals = new Map<string, RouteBalance>();
  for (const piece of await piecesOf(db, window, PIECE_MS)) {
    for (const balance of await balancesOf(db, piece, window.overdueBefore ?? 0)) {
      const before = totals.get(balance.route);
      totals.set(balance.route, before === undefined ? balance : sum(before, balance));
    }
  }
  return [...totals.values()].sort((a, b) => (a.route < b.route ? -1 : 1));
}

async function balancesOf(db: Db, window: Window, overdueBefore: number): Promise<readonly RouteBalance[]> {
  const deliveries = standing(window);
  const rows = await query<BalanceRow>(
    db,
    `select route, count(*) as accepted,
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
       from (${deliveries.sql}) deliveries group by route`,
    [new Date(overdueBefore), ...deliveries.bindings],
  );
  return rows.map(balanceOf);
}

function sum(a: RouteBalance, b: RouteBalance): RouteBalance {
  const [oldestOpenAt] = [a.oldestOpenAt, b.oldestOpenAt].filter((at) => at !== undefined).sort();
  return {
    route: a.route,
    accepted: a.accepted + b.accepted,
    delivered: a.delivered + b.delivered,
    filtered: a.filtered + b.filtered,
    split: a.split + b.split,
    discarded: a.discarded + b.discarded,
    outbox: a.outbox + b.outbox,
    failures: {
      waiting: a.failures.waiting + b.failures.waiting,
      in_doubt: a.failures.in_doubt + b.failures.in_doubt,
      dead: a.failures.dead + b.failures.dead,
    },
    open: a.open + b.open,
    ...(oldestOpenAt === undefined ? {} : { oldestOpenAt }),
    overdue: a.overdue + b.overdue,
    repeated: a.repeated + b.repeated,
  };
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
