import { appendEvents, createEvent } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import { giveUp } from './give-up.ts';
import type { DeadDelivery } from './give-up.ts';
import { groupSize, suspiciousFrom } from './group-size.ts';

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
 * back several times is tried in a small group, then by itself, and an event says so before. Who was begun by
 * itself so often, and never settled, becomes a dead failure; the innocent are settled sooner or later on the way.
 */
export class SuspectTrials {
  readonly #options: SuspectTrialsOptions;
  readonly #suspiciousFrom: number;
  /** How often one may be tried by itself. */
  readonly #chances: number;
  readonly #waiting: { readonly group: number; readonly enter: () => void }[] = [];
  /** Of each that is tried now, how many may be with it, itself included. */
  readonly #groups: number[] = [];

  constructor(options: SuspectTrialsOptions) {
    this.#options = options;
    const { deliveryLimit } = options;
    this.#suspiciousFrom = suspiciousFrom(deliveryLimit);
    this.#chances = 0;
    for (let returns = 1; returns <= deliveryLimit; returns += 1)
      if (groupSize(returns, deliveryLimit) === 1) this.#chances += 1;
  }

  /** Whether a delivery that came back so often is to be tried. */
  suspects(returns: number): boolean {
    return returns >= this.#suspiciousFrom;
  }

  /** Runs `trial` beside no more others than one that came back so often may go with; in the order of the calls. */
  async inTurn<T>(returns: number, trial: () => Promise<T>): Promise<T> {
    const group = this.#groupOf(returns);
    await new Promise<void>((enter) => {
      this.#waiting.push({ group, enter });
      this.#admit();
    });
    try {
      return await trial();
    } finally {
      this.#groups.splice(this.#groups.indexOf(group), 1);
      this.#admit();
    }
  }

  #admit(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#groups.length >= Math.min(next.group, ...this.#groups)) return;
      this.#waiting.shift();
      this.#groups.push(next.group);
      next.enter();
    }
  }

  /**
   * Writes down that a delivery is tried by itself. Resolves with false if it had all its trials and is a dead failure now.
   * Throws STORE_UNAVAILABLE.
   */
  async begin(delivery: DeadDelivery, returns: number): Promise<boolean> {
    if (this.#groupOf(returns) > 1) return true;
    const { database, clock, log } = this.#options;
    const { message, route } = delivery;
    const trials = await trialsOf(database, delivery);
    if (trials < this.#chances) {
      const subject = { journeyId: message.journeyId, messageId: message.id, route };
      const data = { reason: 'suspect', by: 'crossdock' } as const;
      await appendEvents(database.db, [createEvent('redriven', data, subject, clock)]);
      return true;
    }
    const last = trials === 1 ? 'time' : `${trials} times`;
    const reason = `it came back ${returns} times because a process ended, or could not settle it, the last ${last} while it was tried by itself`;
    await database.transaction((db) =>
      giveUp(db, delivery, new CrossdockError('DELIVERY_LIMIT', reason), clock),
    );
    log.error('a delivery was given up: it may be what ends the workers', { message: message.id, route });
    return false;
  }

  #groupOf(returns: number): number {
    return groupSize(returns, this.#options.deliveryLimit) || 1;
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
