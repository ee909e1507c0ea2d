import type { Arrival } from '../intake/index.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Outcome } from '../model/outcome.ts';

/** A delivery's attempt that has ended, and all that must be written about it before it is acknowledged. */
export interface Settlement {
  readonly delivery: Delivery;
  readonly outcome: Outcome;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  readonly durationMs: number;
  /** What was sent, or would have been, for the operator who looks at the failure. */
  readonly output?: unknown;
  /** Messages that this one became: split parts, a topic's message. */
  readonly children: readonly Arrival[];
}
