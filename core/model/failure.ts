import type { ErrorCode } from './errors.ts';
import type { DeadReason } from './outcome.ts';

/**
 * Where a failed delivery stands: `waiting` for its due time · `sent` again and under way · `in_doubt`, for a person to
 * decide · `dead`, until a person retries or discards it.
 */
export type FailureState = 'waiting' | 'sent' | 'in_doubt' | 'dead';

/** A delivery that failed and is not final: what an operator sees and acts on. */
export interface Failure {
  readonly id: string;
  readonly messageId: string;
  readonly journeyId: string;
  readonly route: string;
  readonly state: FailureState;
  readonly code: ErrorCode;
  readonly error: string;
  /** Where in the data or the mapping, if known. */
  readonly path?: string;
  /** The head of the target's answer, at most 2 KiB. */
  readonly response?: string;
  /** What was (or would have been) sent to the target, as JSON, if the mapping got that far. */
  readonly output?: string;
  readonly reason?: DeadReason;
  /** Attempts used so far. */
  readonly attempts: number;
  readonly step: number;
  /** What is alike fails alike: route, code and the error with its numbers and ids taken out, hashed. */
  readonly fingerprint: string;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  /** When it is sent again; only of `waiting` ones. */
  readonly dueAt?: string;
  /** An operator replaced the body; the original stays with the message. */
  readonly edited: boolean;
}

/** The error's text without what differs from one occurrence to the next: quoted words, hex ids, numbers. */
export function normalizeError(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/gi, '#')
    .replace(/"[^"]{0,200}"|'[^']{0,200}'/g, '"…"')
    .replace(/\b[0-9a-f]*[0-9][0-9a-f]*\b/gi, '#')
    .slice(0, 300);
}
