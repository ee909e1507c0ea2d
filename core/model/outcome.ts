import type { CrossdockError } from './errors.ts';

/**
 * What became of one attempt of a delivery. `delivered`, `filtered` and `split` are final; a delivery ends in exactly one
 * of them (or is discarded by an operator). The others leave a failure row behind that is due again or waits for a
 * person.
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly ref?: string; readonly output?: unknown }
  | { readonly kind: 'filtered'; readonly step: string }
  | { readonly kind: 'split'; readonly count: number; readonly step: string }
  | {
      readonly kind: 'retry';
      readonly afterMs: number;
      readonly usesAttempt: boolean;
      readonly error: CrossdockError;
    }
  | { readonly kind: 'throttled'; readonly afterMs: number; readonly error: CrossdockError }
  | { readonly kind: 'in_doubt'; readonly error: CrossdockError }
  | { readonly kind: 'dead'; readonly reason: DeadReason; readonly error: CrossdockError };

/** Why a delivery is dead: its error can't be mended by waiting, or patience ran out. */
export type DeadReason = 'permanent' | 'attempts_exhausted' | 'too_old';

/** What repeating an action would do; declared by every action (`ActionSpec.effect`). */
export type EffectClass =
  /** Safe to repeat: a read, a PUT, an upsert by the target's own key. */
  | 'idempotent'
  /** The target takes an idempotency key and answers a repeat with the first result. */
  | 'key'
  /** The connector can look up whether it happened (`Connection.probe`) before it repeats. */
  | 'probe'
  /** A repeat would happen twice: an in-doubt delivery waits for a person unless the mapping opts in. */
  | 'none';
