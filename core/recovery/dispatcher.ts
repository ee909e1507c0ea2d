import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import { sendAgain } from './send-again.ts';

export interface DispatcherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** There is something in the outbox. */
  readonly wake: () => void;
  /** Routes whose connection's breaker is open: theirs stay where they are until it is not. Default none. */
  readonly paused?: (route: string) => boolean;
}

/** Sends failures again when they are due. Any number of them may work on one store. */
export interface Dispatcher {
  /** Sends all that is due now; resolves with how many. Run it every second or so. */
  runOnce(signal?: AbortSignal): Promise<number>;
}

const BATCH = 500;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, clock, log, wake, paused = () => false } = options;

  const sendBatch = (held: readonly string[]): Promise<number> =>
    database.transaction(async (db) => {
      const now = clock.now();
      const due = await query<{ id: string }>(
        db,
        `select id from failures where state = 'waiting' and due_at <= ? and route <> all(?::text[])
          order by due_at limit ? for update skip locked`,
        [new Date(now), held, BATCH],
      );
      if (due.length > 0)
        await sendAgain(
          db,
          due.map((row) => row.id),
          now,
        );
      return due.length;
    });

  return {
    runOnce: async (signal) => {
      const routes = await query<{ route: string }>(
        database.db,
        `select distinct route from failures where state = 'waiting' and due_at <= ?`,
        [new Date(clock.now())],
      );
      if (routes.length === 0) return 0;
      let total = 0;
      for (let sent = BATCH; sent === BATCH && signal?.aborted !== true;) {
        // Asked anew for each batch: what the last one did may have opened a breaker.
        const held = routes.map(({ route }) => route).filter(paused);
        sent = held.length === routes.length ? 0 : await sendBatch(held);
        total += sent;
        if (sent > 0) wake();
      }
      if (total > 0) log.debug('due deliveries are sent again', { count: total });
      return total;
    },
  };
}
