import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { outlastOutage } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import type { Received, Verdict } from '../transport/index.ts';
import { giveUp } from './give-up.ts';
import type { DeadDelivery } from './give-up.ts';

export interface DeadLetterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Throws on a parcel that is not one of ours. */
  readonly decode: (parcel: Received) => DeadDelivery;
  /** Aborts when what is in hand must end. */
  readonly signal: AbortSignal;
}

const GIVEN_UP = 'the broker gave this delivery up: it was handed out again and again and never settled';

/**
 * Handles what the broker gave up on: parcels that were handed out again and again without being settled, because each
 * time the worker ended. Each becomes a dead failure, unless the store knows better of its delivery by now. `settled` is
 * said only after the commit. While the store can't take it the parcel stays in hand; given back, it would come again at
 * once.
 */
export function createDeadLetterIngester({
  database,
  clock,
  log,
  decode,
  signal,
}: DeadLetterOptions): (parcel: Received) => Promise<Verdict> {
  const record = (delivery: DeadDelivery): Promise<boolean> =>
    outlastOutage(
      () =>
        database.transaction((db) =>
          giveUp(db, delivery, new CrossdockError('DELIVERY_LIMIT', GIVEN_UP), clock),
        ),
      {
        clock,
        signal,
        complain: (error) =>
          log.error('a dead letter can not be recorded; it stays in hand until it can', {
            message: delivery.message.id,
            route: delivery.route,
            error: String(error),
          }),
      },
    );

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
