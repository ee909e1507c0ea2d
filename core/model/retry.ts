import type { CrossdockError } from './errors.ts';
import type { EffectClass, Outcome } from './outcome.ts';

/** How long and how often a delivery is tried. Durations in milliseconds. */
export interface RetryPolicy {
  /** Retries at once, in the worker, before a delay is used. Default 2. */
  readonly immediate: number;
  /** The waits between later attempts; when they are used up the delivery is dead. Default 10s, 1m, 5m, 30m, 2h, 6h. */
  readonly delays: readonly number[];
  /** From acceptance on; past it nothing is retried any more. Default 24h. */
  readonly maxAge: number;
  /** May an action of effect class `none` be repeated when the last attempt is in doubt? Default false. */
  readonly repeatInDoubt: boolean;
}

export const DEFAULT_RETRY: RetryPolicy = {
  immediate: 2,
  delays: [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000],
  maxAge: 86_400_000,
  repeatInDoubt: false,
};

/** What `decide` has to know of the delivery. */
export interface Attempted {
  /** Which attempt just failed, from 1. Throttled and outage attempts were not counted. */
  readonly attempt: number;
  /** Since the message was accepted (or an operator asked for the retry), in milliseconds. */
  readonly ageMs: number;
  readonly effect: EffectClass;
  /** A number in [0, 1) that spreads the delays (jitter). */
  readonly random: number;
}

/** The wait before an immediate retry, before jitter. */
const IMMEDIATE_MS = 200;
/** How long an outage keeps a delivery away when nobody says more; the breaker probes in the meantime. */
const OUTAGE_MS = 30_000;
/** A target's Retry-After is honoured up to this. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * The one place that decides what a failed attempt leads to. Pure and total. It never returns `delivered`, `filtered`
 * or `split`: those are not failures. A returned `afterMs` up to a second may be waited for in the worker.
 */
export function decide(policy: RetryPolicy, at: Attempted, error: CrossdockError): Outcome {
  switch (error.fate) {
    case 'permanent':
    case 'none':
      return { kind: 'dead', reason: 'permanent', error };
    case 'throttled':
      return unlessTooOld(policy, at, error, {
        kind: 'throttled',
        afterMs: Math.min(error.retryAfterMs ?? OUTAGE_MS, MAX_RETRY_AFTER_MS),
        error,
      });
    case 'outage':
      return unlessTooOld(policy, at, error, {
        kind: 'retry',
        usesAttempt: false,
        afterMs: jitter(Math.min(error.retryAfterMs ?? OUTAGE_MS, MAX_RETRY_AFTER_MS), at.random),
        error,
      });
    case 'in_doubt':
      if (at.effect === 'none' && !policy.repeatInDoubt) return { kind: 'in_doubt', error };
      return nextAttempt(policy, at, error);
    case 'transient':
      return nextAttempt(policy, at, error);
  }
}

function nextAttempt(policy: RetryPolicy, at: Attempted, error: CrossdockError): Outcome {
  const wait =
    at.attempt <= policy.immediate ? IMMEDIATE_MS : policy.delays[at.attempt - policy.immediate - 1];
  if (wait === undefined) return { kind: 'dead', reason: 'attempts_exhausted', error };
  const afterMs = Math.max(jitter(wait, at.random), Math.min(error.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
  return unlessTooOld(policy, at, error, { kind: 'retry', usesAttempt: true, afterMs, error });
}

/** A retry that would start after `maxAge` is none. */
function unlessTooOld(
  policy: RetryPolicy,
  at: Attempted,
  error: CrossdockError,
  outcome: Outcome & { afterMs: number },
): Outcome {
  return at.ageMs + outcome.afterMs > policy.maxAge ? { kind: 'dead', reason: 'too_old', error } : outcome;
}

/** Between 80 % and 120 % of the delay, so that what failed together does not come back together. */
function jitter(ms: number, random: number): number {
  return Math.round(ms * (0.8 + 0.4 * random));
}
