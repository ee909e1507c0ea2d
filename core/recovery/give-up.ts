import { appendEvents, finalDeliveries } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import type { CrossdockError } from '../model/errors.ts';
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
 * Makes a dead failure of a delivery that no worker has settled. Resolves with whether it did: not if the store knows
 * better of the delivery by now. Run it in a transaction.
 */
export async function giveUp(
  db: Db,
  delivery: DeadDelivery,
  error: CrossdockError,
  clock: Clock,
): Promise<boolean> {
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
    // At the limit an attempt was begun, and not ended.
    { delivery, attempt: delivery.attempts + (error.code === 'DELIVERY_LIMIT' ? 1 : 0) },
    { kind: 'dead', reason: error.code === 'DELIVERY_LIMIT' ? 'attempts_exhausted' : 'permanent', error },
    clock,
  );
  await recordFailures(db, [row]);
  await appendEvents(db, [event]);
  return true;
}
