import type { AuditEvent } from '../model/event.ts';
import { FINAL_EVENTS } from '../model/event.ts';
import type { FailureState } from '../model/failure.ts';
import { partitionBounds, query, startOfDay, timeOfId } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { messagesOfJourney } from './messages.ts';
import type { AcceptedMessage } from './messages.ts';
import { isId } from './page.ts';
import { eventsOfJourney } from './read-events.ts';

/** Everything recorded about one message and what descends from it. */
export interface Journey {
  /** The id of its first message. */
  readonly id: string;
  /** In the order of acceptance. */
  readonly messages: readonly AcceptedMessage[];
  /** In the order of time. The acceptance of a message is the message itself. */
  readonly events: readonly AuditEvent[];
  /** One for each message and route. */
  readonly deliveries: readonly DeliveryStatus[];
}

export interface DeliveryStatus {
  readonly messageId: string;
  readonly route: string;
  readonly state: DeliveryState;
  /** The failure that stands for it, if it has one. */
  readonly failureId?: string;
  /** Of the failure: attempts used so far. */
  readonly attempts?: number;
  /** Of a waiting failure: when it is sent again, ISO 8601 UTC. */
  readonly dueAt?: string;
}

/**
 * Where a delivery stands: `outbox` waits to be sent · `underway` with the transport or a worker · a failure's state ·
 * or its final event.
 */
export type DeliveryState =
  'outbox' | 'underway' | Exclude<FailureState, 'sent'> | (typeof FINAL_EVENTS)[number];

interface PendingRow {
  readonly message_id: string;
  readonly route: string;
}

interface FailureRow extends PendingRow {
  readonly id: string;
  readonly state: FailureState;
  readonly attempts: number;
  readonly due_at: Date | null;
}

/** The journey that a message belongs to, be it the first or a descendant; undefined where it is not known (any more). */
export async function journey(db: Db, messageId: string): Promise<Journey | undefined> {
  if (!isId(messageId)) return undefined;
  const [row] = await query<{ journey_id: string }>(db, 'select journey_id from messages where id = ?', [
    messageId,
  ]);
  if (row === undefined) return undefined;
  const id = row.journey_id;
  const messages = await messagesOfJourney(db, id, partitionBounds(startOfDay(timeOfId(id))));
  // Before the events: a delivery that becomes final in between is then seen as final.
  const ids = messages.map((message) => message.id);
  const failures = await query<FailureRow>(
    db,
    'select id, message_id, route, state, attempts, due_at from failures where message_id = any(?::uuid[])',
    [ids],
  );
  const outbox = await query<PendingRow>(
    db,
    'select message_id, route from outbox where message_id = any(?::uuid[])',
    [ids],
  );
  const events = await eventsOfJourney(db, id);
  return { id, messages, events, deliveries: statuses(messages, events, failures, outbox) };
}

function statuses(
  messages: readonly AcceptedMessage[],
  events: readonly AuditEvent[],
  failures: readonly FailureRow[],
  outbox: readonly PendingRow[],
): readonly DeliveryStatus[] {
  const finals = new Map<string, DeliveryState>();
  for (const event of events) {
    const type = FINAL_EVENTS.find((final) => final === event.type);
    if (type !== undefined && event.messageId !== undefined && event.route !== undefined)
      finals.set(deliveryKey(event.messageId, event.route), type);
  }
  const failed = new Map(failures.map((row) => [deliveryKey(row.message_id, row.route), row]));
  const waiting = new Set(outbox.map((row) => deliveryKey(row.message_id, row.route)));
  return messages.flatMap((message) =>
    message.routes.map((route) => {
      const key = deliveryKey(message.id, route);
      const failure = failed.get(key);
      const final = finals.get(key);
      if (final !== undefined) return { messageId: message.id, route, state: final };
      const underway = waiting.has(key) ? 'outbox' : 'underway';
      return {
        messageId: message.id,
        route,
        state: failure === undefined || failure.state === 'sent' ? underway : failure.state,
        ...(failure === undefined ? {} : { failureId: failure.id, attempts: failure.attempts }),
        ...(failure?.state === 'waiting' && failure.due_at !== null
          ? { dueAt: failure.due_at.toISOString() }
          : {}),
      };
    }),
  );
}

/** One text for a message on a route, for sets and maps. */
export function deliveryKey(messageId: string, route: string): string {
  return `${messageId} ${route}`;
}
