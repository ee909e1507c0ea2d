import { FINALS_SQL } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { sendAgain } from './send-again.ts';

/** What a route takes now: `all` that is due; `one` at a time, while its connection is probed; `none` while it is paused. */
export type Flow = 'all' | 'one' | 'none';

export interface DispatcherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** There is something in the outbox. */
  readonly wake: () => void;
  /** What this route takes; the rest stays where operators can act on it. Default `all`. */
  readonly flow?: (route: string) => Flow;
}

/** Sends failures again when they are due. Any number of them may work on one store. */
export interface Dispatcher {
  /** Sends all that is due now; resolves with how many. Run it every second or so. */
  runOnce(signal?: AbortSignal): Promise<number>;
}

const BATCH = 500;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, clock, log, wake, flow = () => 'all' } = options;

  const send = async (routes: readonly string[], limit: number): Promise<number> => {
    if (routes.length === 0) return 0;
    const sent = await database.transaction(async (db) => {
      const now = clock.now();
      const due = await query<{ id: string }>(
        db,
        `select id from failures where state = 'waiting' and due_at <= ? and route = any(?::text[])
          order by due_at limit ? for update skip locked`,
        [new Date(now), routes, limit],
      );
      if (due.length > 0)
        await sendAgain(
          db,
          due.map((row) => row.id),
          now,
        );
      return due.length;
    });
    if (sent > 0) wake();
    return sent;
  };

  return {
    runOnce: async (signal) => {
      const due = await query<{ route: string }>(
        database.db,
        `select distinct route from failures where state = 'waiting' and due_at <= ?`,
        [new Date(clock.now())],
      );
      const routes = due.map(({ route }) => route);
      let total = 0;
      for (let sent = BATCH; sent === BATCH && signal?.aborted !== true;) {
        // Asked anew for each batch: what the last one did may have opened a breaker.
        sent = await send(
          routes.filter((route) => flow(route) === 'all'),
          BATCH,
        );
        total += sent;
      }
      for (const route of routes)
        if (flow(route) === 'one' && !(await isUnderWay(database.db, route))) total += await send([route], 1);
      if (total > 0) log.debug('due deliveries are sent again', { count: total });
      return total;
    },
  };
}

/** Whether a failure of this route was sent again and is not settled yet: what probes a connection that comes back. */
async function isUnderWay(db: Db, route: string): Promise<boolean> {
  // What another copy has made final may have been left behind as sent: nothing is on its way for it.
  const found = await query(
    db,
    `select from failures f where f.route = ? and f.state = 'sent'
        and not exists (select from events e where e.journey_id = f.journey_id and e.message_id = f.message_id
                           and e.route = f.route and e.type in (${FINALS_SQL})) limit 1`,
    [route],
  );
  return found.length > 0;
}
