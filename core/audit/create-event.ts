import type { Clock } from '../model/clock.ts';
import type { AuditEvent, EventData, EventType } from '../model/event.ts';
import { newId } from '../store/index.ts';

/** What an event is about. Without a journey it is about the hub itself, and a journey of its own. */
export interface EventSubject {
  readonly journeyId?: string;
  readonly messageId?: string;
  readonly route?: string;
}

/** One fact, as of now: gives it its id and its time. Write it with `appendEvents`. */
export function createEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  subject: EventSubject,
  clock: Clock,
): AuditEvent<T> {
  const id = newId(clock);
  return {
    id,
    at: new Date(clock.now()).toISOString(),
    journeyId: subject.journeyId ?? id,
    messageId: subject.messageId,
    route: subject.route,
    type,
    data,
  };
}
