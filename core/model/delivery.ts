import type { MessageAttributes } from './message.ts';

/** One message on one route: what waits in the outbox, travels over the transport and is performed by a worker. */
export interface Delivery {
  readonly message: MessageAttributes;
  /** The payload bytes as they came, or undefined where they stay in the store (claim check, above 256 KiB). */
  readonly payload: Buffer | undefined;
  readonly route: string;
  /** Attempts already used; 0 for the first try. */
  readonly attempts: number;
  /** Index of the step to go on with; more than 0 only for what a split made. */
  readonly step: number;
  /** True when this copy may not be the only one: look for a final event before acting on it. */
  readonly repeat: boolean;
  /** When an operator asked for this try: age counts from here instead of from acceptance. Milliseconds. */
  readonly retriedAt?: number;
}
