import { appendEvents, finalDeliveries } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import type { Message } from '../model/message.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import type { Received, Verdict } from '../transport/index.ts';
import { failureFromOutcome } from './failure-from-outcome.ts';
import { recordFailures } from './record-failures.ts';

/** A delivery as it comes out of a parcel: its body is not read. */
export type DeadDelivery = Omit<Delivery, 'message' | 'payload'> & {
  readonly message: Pick<Message, 'id' | 'journeyId'>;
};

export interface DeadLetterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Throws on a parcel that is not one of ours. */
  readonly decode: (parcel: Received) => DeadDelivery;
}

/**
 * Handles what the broker gave up on: parcels that were handed out again and again without being settled, because each
 * time the worker ended. Each becomes a dead failure, unless the store knows better of its delivery by now. `settled` is
 * said only after the commit; throws STORE_UNAVAILABLE, and then the parcel comes again.
 */
export function createDeadLetterIngester({
  database,
  clock,
  log,
  decode,
}: DeadLetterOptions): (parcel: Received) => Promise<Verdict> {
  const record = (delivery: DeadDelivery): Promise<boolean> =>
    database.transaction(async (db) => {
      const { message, route } = delivery;
      const subject = { journeyId: message.journeyId, messageId: message.id, route };
      const [known] = await query<{ state: string | null; attempts: number | null }>(
        db,
        `select f.state, f.attempts from messages m
           left join failures f on f.message_id = m.id and f.route = ?
          where m.id = ?`,
        [route, message.id],
      );
      if (known === undefined || (known.state !== null && known.state !== 'sent')) return false;
      if ((await finalDeliveries(db, [subject])).size > 0) return false;
      const error = new CrossdockError(
        'DELIVERY_LIMIT',
        'the broker gave this delivery up: it was handed out again and again and never settled',
      );
      const { row, event } = failureFromOutcome(
        { delivery, attempt: delivery.attempts + 1 },
        { kind: 'dead', reason: 'attempts_exhausted', error },
        clock,
      );
      await recordFailures(db, [row]);
      await appendEvents(db, [event]);
      return true;
    });

  return async (parcel) => {
    let delivery: DeadDelivery;
    try {
      delivery = decode(parcel);
    } catch (error) {
      // Nothing is lost by it: a delivery of ours is in the store, and found missing if this was its only copy.
      log.warn('a dead letter that is not one of ours was dropped', { id: parcel.id, error: String(error) });
      return 'settled';
    }
    const { message, route } = delivery;
    if (await record(delivery))
      log.error('the broker gave a delivery up: it may be what ends the workers', {
        message: message.id,
        route,
      });
    else
      log.debug('a dead letter whose delivery stands elsewhere by now was dropped', {
        message: message.id,
        route,
      });
    return 'settled';
  };
}
