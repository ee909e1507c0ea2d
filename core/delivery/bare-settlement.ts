import { CrossdockError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Settlement } from './settlement.ts';

const TEXT = 'what the target said of it could not be stored';
const MAX_WAIT_MS = 3_600_000;

/**
 * What is left of a settlement that the store refuses for its data: the same outcome in fixed words, with nothing that the
 * message or the target brought. A delivery whose parts are refused can't be final: it becomes dead, for a person to see.
 */
export function bareSettlement({ delivery, outcome, attempt, durationMs, children }: Settlement): Settlement {
  const bare = children.length > 0 ? UNSTORABLE_PARTS : bareOutcome(outcome);
  return { delivery, outcome: bare, attempt, durationMs, children: [] };
}

const UNSTORABLE_PARTS: Outcome = {
  kind: 'dead',
  reason: 'permanent',
  error: new CrossdockError('OUTPUT_INVALID', 'the messages that it became could not be stored'),
};

function bareOutcome(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'filtered':
    case 'split':
      return outcome;
    case 'retry':
    case 'throttled':
      return { ...outcome, afterMs: bareWait(outcome.afterMs), error: bareError(outcome.error) };
    case 'in_doubt':
    case 'dead':
      return { ...outcome, error: bareError(outcome.error) };
  }
}

function bareError({ code }: CrossdockError): CrossdockError {
  return new CrossdockError(code, TEXT);
}

/** The wait may be what could not be stored. */
function bareWait(ms: number): number {
  return ms >= 0 ? Math.min(ms, MAX_WAIT_MS) : MAX_WAIT_MS;
}
