import type { Clock } from '../model/clock.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import type { Held } from '../transport/index.ts';

/** What the workers of a route hold. */
export interface Holding {
  readonly count: number;
  /** For how long the oldest has been held, in milliseconds, as far as is known. */
  readonly forMs: number;
}

/** How often a process should say what it holds. */
export const SAY_HELD_MS = 10_000;
/** What was not said again for so long is not true any more: the process ended. */
const TRUE_MS = 45_000;
/** Rows of processes that ended are kept no longer. */
const KEEP_MS = 3_600_000;

export interface HoldingsReportOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly owner: string;
  /** What this process holds now, by route. */
  readonly held: () => ReadonlyMap<string, Held>;
}

/** Says in the store what a worker process holds: the transport does not count it as waiting, and it is not lost. */
export class HoldingsReport {
  readonly #options: HoldingsReportOptions;
  /** The oldest of each route, and since when it is that, by the monotonic clock: no time is noted for each of many. */
  #oldest: ReadonlyMap<string, { readonly number: number; readonly since: number }> = new Map();

  constructor(options: HoldingsReportOptions) {
    this.#options = options;
  }

  /** Run it every `SAY_HELD_MS`. */
  async runOnce(): Promise<void> {
    const { clock, held } = this.#options;
    const now = clock.monotonic();
    const before = this.#oldest;
    const holdings = held();
    this.#oldest = new Map(
      [...holdings].map(([route, { oldest }]) => {
        const known = before.get(route);
        return [route, known?.number === oldest ? known : { number: oldest, since: now }] as const;
      }),
    );
    if (holdings.size === 0 && before.size === 0) return;
    await this.#save(
      [...holdings].map(([route, { count }]) => ({
        route,
        count,
        forMs: now - (this.#oldest.get(route)?.since ?? now),
      })),
    );
  }

  /** This process holds nothing any more. */
  async end(): Promise<void> {
    await this.#save([]);
  }

  async #save(holdings: readonly ({ readonly route: string } & Holding)[]): Promise<void> {
    const { database, owner } = this.#options;
    const routes = holdings.map(({ route }) => route);
    await database.transaction(async (db) => {
      await query(
        db,
        `delete from holdings where owner = ? and route <> all(?::text[]) or seen_at < now() - make_interval(secs => ?)`,
        [owner, routes, KEEP_MS / 1000],
      );
      await query(
        db,
        `insert into holdings (route, owner, count, oldest_at, seen_at)
         select route, ?, count, now() - make_interval(secs => held / 1000), now()
           from unnest(?::text[], ?::int[], ?::float8[]) as h(route, count, held) order by route
         on conflict (route, owner) do update
           set count = excluded.count, oldest_at = excluded.oldest_at, seen_at = excluded.seen_at`,
        [owner, routes, holdings.map(({ count }) => count), holdings.map(({ forMs }) => forMs)],
      );
    });
  }
}

/** What all worker processes hold, by route. Time is the database's. */
export async function readHoldings(db: Db): Promise<ReadonlyMap<string, Holding>> {
  const rows = await query<{ route: string; count: number; held_ms: number }>(
    db,
    `select route, sum(count)::int as count, (extract(epoch from now() - min(oldest_at)) * 1000)::float8 as held_ms
       from holdings where seen_at > now() - make_interval(secs => ?) group by route`,
    [TRUE_MS / 1000],
  );
  return new Map(rows.map((row) => [row.route, { count: row.count, forMs: row.held_ms }]));
}
