import { appendEvents, createEvent } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import { giveUp } from './give-up.ts';
import type { DeadDelivery } from './give-up.ts';
import { suspiciousFrom } from './group-size.ts';

export interface SuspectTrialsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The `queues.delivery_limit`. */
  readonly deliveryLimit: number;
}

/**
 * Finds, among the deliveries that come back to the queue again and again, the one that ends the workers. The count of
 * the transport does not tell it from those that were only near, in the same hands or in the same bundle. So who came
 * back often is tried by itself, one in a process at a time, and an event says so before. Who was tried so often
 * and never settled becomes a dead failure; the innocent are settled at their first trial.
 */
export class SuspectTrials {
  readonly #options: SuspectTrialsOptions;
  readonly #suspiciousFrom: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SuspectTrialsOptions) {
    this.#options = options;
    this.#suspiciousFrom = suspiciousFrom(options.deliveryLimit);
  }

  /** Whether a delivery that came back so often is to be tried by itself. */
  suspects(returns: number): boolean {
    return returns >= this.#suspiciousFrom;
  }

  /** Runs `trial` when all that were handed in before have ended. */
  inTurn<T>(trial: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(trial);
    this.#turn = result.catch(() => {});
    return result;
  }

  /**
   * Writes down that a delivery is tried. Resolves with false if it had all its trials and is a dead failure now. Throws
   * STORE_UNAVAILABLE.
   */
  async begin(delivery: DeadDelivery): Promise<boolean> {
    const { database, clock, log, deliveryLimit } = this.#options;
    const { message, route } = delivery;
    const trials = await trialsOf(database, delivery);
    if (trials <= deliveryLimit - this.#suspiciousFrom) {
      const subject = { journeyId: message.journeyId, messageId: message.id, route };
      const data = { reason: 'suspect', by: 'crossdock' } as const;
      await appendEvents(database.db, [createEvent('redriven', data, subject, clock)]);
      return true;
    }
    const reason = `a worker ended, or could not settle it, each of the ${trials} times that this delivery was tried by itself`;
    await database.transaction((db) =>
      giveUp(db, delivery, new CrossdockError('DELIVERY_LIMIT', reason), clock),
    );
    log.error('a delivery was given up: it may be what ends the workers', { message: message.id, route });
    return false;
  }
}

/** How often it was tried by itself since it failed, or was retried, last. */
async function trialsOf({ db }: Database, { message, route }: DeadDelivery): Promise<number> {
  const [row] = await query<{ trials: number }>(
    db,
    `with facts as (
       select id, type, data from events
        where journey_id = ? and message_id = ? and route = ?
          and type in ('redriven', 'dead', 'in_doubt', 'retry_scheduled', 'throttled', 'retried'))
     select count(*)::int as trials from facts
      where type = 'redriven' and data->>'reason' = 'suspect'
        and id > all (select id from facts where type <> 'redriven')`,
    [message.journeyId, message.id, route],
  );
  return row?.trials ?? 0;
}
