import { appendEvents, finalDeliveries } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import type { CrossdockError } from '../model/errors.ts';
import type { Message } from '../model/message.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
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

/** A delivery in the outbox. */
export interface WaitingDelivery extends Pick<Delivery, 'route' | 'attempts' | 'step'> {
  readonly outboxId: string;
  readonly messageId: string;
  readonly journeyId: string;
}

/** What a `WaitingDelivery` is read with, of `outbox o`; the journey is the message's. */
export const WAITING_COLUMNS = `o.id as "outboxId", o.message_id as "messageId", o.route, o.attempts, o.step`;

/** The same as `giveUp`, of a delivery in the outbox. Not of one that a relay has in hand. */
export function giveUpWaiting(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { outboxId, messageId, journeyId, route, attempts, step }: WaitingDelivery,
  error: CrossdockError,
): Promise<boolean> {
  const delivery = { message: { id: messageId, journeyId }, route, attempts, step, repeat: true };
  return database.transaction(async (db) => {
    const taken = await query(db, 'delete from outbox where id = ? and claimed_until < now() returning 1', [
      outboxId,
    ]);
    return taken.length > 0 && giveUp(db, delivery, error, clock);
  });
}
