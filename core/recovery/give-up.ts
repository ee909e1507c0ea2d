import { appendEvents, finalDeliveries } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Message } from '../model/message.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { failureFromOutcome } from './failure-from-outcome.ts';
import { recordFailures } from './record-failures.ts';

/** A delivery as it comes out of a parcel: its body is not read. */
export type DeadDelivery = Omit<Delivery, 'message' | 'payload'> & {
  readonly message: Pick<Message, 'id' | 'journeyId'>;
};

/**
 * Makes a dead failure (DELIVERY_LIMIT) of a delivery that was handed out again and again and never settled. Resolves with
 * whether it did: not if the store knows better of the delivery by now. Run it in a transaction.
 */
export async function giveUp(db: Db, delivery: DeadDelivery, why: string, clock: Clock): Promise<boolean> {
  const { message, route } = delivery;
  const [known] = await query<{ state: string | null }>(
    db,
    `select f.state from messages m left join failures f on f.message_id = m.id and f.route = ? where m.id = ?`,
    [route, message.id],
  );
  if (known === undefined || (known.state !== null && known.state !== 'sent')) return false;
  const subject = { journeyId: message.journeyId, messageId: message.id, route };
  if ((await finalDeliveries(db, [subject])).size > 0) return false;
  const { row, event } = failureFromOutcome(
    { delivery, attempt: delivery.attempts + 1 },
    { kind: 'dead', reason: 'attempts_exhausted', error: new CrossdockError('DELIVERY_LIMIT', why) },
    clock,
  );
  await recordFailures(db, [row]);
  await appendEvents(db, [event]);
  return true;
}
