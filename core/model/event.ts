import type { ErrorCode } from './errors.ts';
import type { DeadReason } from './outcome.ts';

/**
 * One fact, written once and never changed. A message's acceptance is the message's own row and is shown as
 * `accepted`; all other facts are events. Data never holds payloads or secrets.
 */
export interface AuditEvent<T extends EventType = EventType> {
  /** UUIDv7: its order is the order of time. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The journey that it belongs to; an event about no message carries its own id here. */
  readonly journeyId: string;
  readonly messageId?: string;
  readonly route?: string;
  readonly type: T;
  readonly data: EventData[T];
}

interface Failed {
  readonly attempt: number;
  readonly code: ErrorCode;
  readonly error: string;
  readonly durationMs?: number;
}

interface Act {
  /** Who: a principal's name. */
  readonly by: string;
  readonly why?: string;
}

/** One entry per type of event: what is known when it happens. */
export interface EventData {
  // Final outcomes of a delivery
  delivered: {
    readonly attempt: number;
    readonly durationMs: number;
    readonly ref?: string;
    readonly revision: string;
  };
  filtered: { readonly step: string };
  split: { readonly count: number; readonly step: string };
  discarded: Act;
  // What happens on the way there
  retry_scheduled: Failed & { readonly due: string };
  throttled: Failed & { readonly due: string };
  in_doubt: Failed;
  dead: Failed & { readonly reason: DeadReason };
  retried: Act;
  rescheduled: Act & { readonly due: string };
  edited: Act & { readonly before: string; readonly after: string };
  /**
   * `crash`: a process that has its transport in memory ended, without stopping, while it had the delivery. `suspect`: it
   * came back so often that it is tried by itself from now on.
   */
  redriven: Act & { readonly reason: 'missing' | 'start' | 'crash' | 'suspect' };
  // What happens to no message in particular
  connection_paused: { readonly connection: string; readonly code: ErrorCode; readonly error: string };
  connection_resumed: { readonly connection: string };
  hub_started: { readonly version: string; readonly revision: string; readonly roles: readonly string[] };
  hub_stopped: { readonly version: string };
  token_created: Act & { readonly token: string; readonly grants: unknown };
  token_revoked: Act & { readonly token: string };
  payload_read: Act & { readonly message: string };
  denied: Act & { readonly action: string; readonly on?: string };
}

export type EventType = keyof EventData;

/** The events that end a delivery. Conservation counts them: exactly one of them for each delivery, in the end. */
export const FINAL_EVENTS = [
  'delivered',
  'filtered',
  'split',
  'discarded',
] as const satisfies readonly EventType[];

/**
 * What people and the hub itself did, as against what happened to each message on its way: rare enough to be listed
 * across all journeys. The index `events_acts` covers these types; keep both alike.
 */
export const ACT_EVENTS = [
  'discarded',
  'retried',
  'rescheduled',
  'edited',
  'redriven',
  'connection_paused',
  'connection_resumed',
  'hub_started',
  'hub_stopped',
  'token_created',
  'token_revoked',
  'payload_read',
  'denied',
] as const satisfies readonly EventType[];

export type ActEvent = (typeof ACT_EVENTS)[number];

/** In what ways the audit log may turn out not to be what was written. */
export const FINDINGS = [
  'event_changed',
  'event_unsealed',
  'events_differ',
  'block_changed',
  'block_missing',
  'link_broken',
  'day_missing',
  'head_differs',
  'head_unknown',
] as const;
