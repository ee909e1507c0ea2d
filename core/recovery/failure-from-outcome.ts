import { createHash } from 'node:crypto';
import { createEvent } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import type { CrossdockError, ErrorCode } from '../model/errors.ts';
import type { AuditEvent } from '../model/event.ts';
import { normalizeError } from '../model/failure.ts';
import type { Outcome } from '../model/outcome.ts';
import { newId } from '../store/index.ts';
import type { FailureRow } from './record-failures.ts';

/** The outcomes that leave a failure behind. */
export type FailedOutcome = Extract<Outcome, { readonly error: CrossdockError }>;

/** An attempt that failed. */
export interface FailedAttempt {
  readonly delivery: { readonly message: { readonly id: string; readonly journeyId: string } } & Pick<
    Delivery,
    'route' | 'step' | 'retriedAt'
  >;
  /** Which one it was, from 1. */
  readonly attempt: number;
  readonly durationMs?: number;
  /** What was sent, or would have been. */
  readonly output?: unknown;
}

const ROW_ERROR_CHARS = 2_000;
const EVENT_ERROR_CHARS = 500;
const PATH_CHARS = 1_000;
const OUTPUT_CHARS = 256 * 1024;

/** The failure row and the event of a failed attempt. Decides nothing: `decide` has. */
export function failureFromOutcome(
  failed: FailedAttempt,
  outcome: FailedOutcome,
  clock: Clock,
): { readonly row: FailureRow; readonly event: AuditEvent } {
  const { delivery, attempt, durationMs } = failed;
  const { message, route, step, retriedAt } = delivery;
  const { error } = outcome;
  const now = new Date(clock.now()).toISOString();
  const due = 'afterMs' in outcome ? new Date(clock.now() + outcome.afterMs).toISOString() : undefined;
  const output = outputText(failed.output);
  const row: FailureRow = {
    id: newId(clock),
    messageId: message.id,
    journeyId: message.journeyId,
    route,
    state: outcome.kind === 'retry' || outcome.kind === 'throttled' ? 'waiting' : outcome.kind,
    code: error.code,
    error: error.message.slice(0, ROW_ERROR_CHARS),
    ...(error.path === undefined ? {} : { path: error.path.slice(0, PATH_CHARS) }),
    ...(error.response === undefined ? {} : { response: error.response }),
    ...(output === undefined ? {} : { output }),
    ...(outcome.kind === 'dead' ? { reason: outcome.reason } : {}),
    attempts: usesAttempt(outcome) ? attempt : attempt - 1,
    step,
    fingerprint: fingerprint(route, error.code, error.message),
    firstFailedAt: now,
    lastFailedAt: now,
    ...(due === undefined ? {} : { dueAt: due }),
    ...(retriedAt === undefined ? {} : { retriedAt: new Date(retriedAt).toISOString() }),
  };
  const facts = {
    attempt,
    code: error.code,
    error: error.message.slice(0, EVENT_ERROR_CHARS),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
  const subject = { journeyId: message.journeyId, messageId: message.id, route };
  const event = ((): AuditEvent => {
    switch (outcome.kind) {
      case 'retry':
        return createEvent('retry_scheduled', { ...facts, due: due ?? now }, subject, clock);
      case 'throttled':
        return createEvent('throttled', { ...facts, due: due ?? now }, subject, clock);
      case 'in_doubt':
        return createEvent('in_doubt', facts, subject, clock);
      case 'dead':
        return createEvent('dead', { ...facts, reason: outcome.reason }, subject, clock);
    }
  })();
  return { row, event };
}

function usesAttempt(outcome: FailedOutcome): boolean {
  switch (outcome.kind) {
    case 'retry':
      return outcome.usesAttempt;
    case 'throttled':
      return false;
    case 'in_doubt':
      return true;
    case 'dead':
      return outcome.error.fate !== 'throttled' && outcome.error.fate !== 'outage';
  }
}

/** What is alike fails alike: 16 hex digits over route, code and the error without what differs each time. */
export function fingerprint(route: string, code: ErrorCode, error: string): string {
  return (
    createHash('sha256')
      // What tells errors apart stands at their beginning, and targets may write books.
      .update(JSON.stringify([route, code, normalizeError(error.slice(0, ROW_ERROR_CHARS))]))
      .digest('hex')
      .slice(0, 16)
  );
}

function outputText(output: unknown): string | undefined {
  try {
    return output === undefined ? undefined : JSON.stringify(output)?.slice(0, OUTPUT_CHARS);
  } catch {
    // Nested too deeply, or more than a text can hold: that is what failed, and must not keep it from being said.
    return undefined;
  }
}
