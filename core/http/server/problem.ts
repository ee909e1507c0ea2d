import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { CrossdockError, ERRORS } from '../../model/errors.ts';
import type { ErrorCode } from '../../model/errors.ts';
import type { Logger } from '../../model/logger.ts';
import { sendJson } from './send-json.ts';

/** A problem document (RFC 9457): the answer to every request that failed. */
export interface Problem {
  /** Path of the error's page on the same server. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What happened this time. */
  readonly detail?: string;
  readonly code: ErrorCode;
  /** What a person can do about it. */
  readonly help: string;
  /** Also in the `x-request-id` header and in the log. */
  readonly requestId: string;
  /** What is wrong with the request, each with its place. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly [fact: string]: unknown;
}

/** Where the pages of the errors are served; see `errorPages`. */
export const ERROR_PAGES = '/errors';

/** What is said about these would help nobody outside, or tell them about our inside. The log has it. */
const OPAQUE = new Set<ErrorCode>([
  'INTERNAL',
  'UNEXPECTED',
  'STORE_UNAVAILABLE',
  'STORE_REFUSED',
  'BROKER_REFUSED',
]);
const DEFAULT_RETRY_AFTER_S = 5;

/** The request's id: made when it is first asked for, then the same. */
export function requestIdOf(response: ServerResponse): string {
  const present = response.getHeader('x-request-id');
  if (typeof present === 'string') return present;
  const id = randomUUID();
  response.setHeader('x-request-id', id);
  return id;
}

/**
 * Answers with the problem document of whatever was thrown. What we do not know is INTERNAL, with its stack in the log
 * under the request id and nothing of it in the answer. Sends Retry-After with 503 and where the error says so.
 */
export function sendProblem(response: ServerResponse, thrown: unknown, log: Logger): CrossdockError {
  const error = known(thrown);
  if (response.headersSent) {
    response.destroy();
    return error;
  }
  const requestId = requestIdOf(response);
  const { status, title, help } = ERRORS[error.code];
  if (error.code === 'INTERNAL')
    log.error('a request failed unexpectedly', {
      requestId,
      error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    });
  const problem: Problem = {
    ...error.details,
    ...(error.path !== undefined && { path: error.path }),
    type: `${ERROR_PAGES}/${error.code}`,
    title,
    status,
    ...(!OPAQUE.has(error.code) && { detail: error.message }),
    code: error.code,
    help,
    requestId,
  };
  if (error.retryAfterMs !== undefined || status === 503)
    response.setHeader('retry-after', retryAfterSeconds(error.retryAfterMs));
  if (error.code === 'UNAUTHENTICATED') response.setHeader('www-authenticate', 'Bearer realm="crossdock"');
  sendJson(response, status, problem, 'application/problem+json');
  return error;
}

/** The error table's row of a code, for people who follow a problem's `type`. */
export function errorPage(code: string): object | undefined {
  if (!Object.hasOwn(ERRORS, code)) return undefined;
  const { title, help, status } = ERRORS[code as ErrorCode];
  return { code, title, status, help };
}

function known(thrown: unknown): CrossdockError {
  if (thrown instanceof CrossdockError && thrown.code !== 'UNEXPECTED') return thrown;
  // express and its router say 400 of a URL that they can't decode.
  if (thrown instanceof URIError || (thrown as { status?: unknown } | undefined)?.status === 400)
    return new CrossdockError('REQUEST_INVALID', 'The URL can not be read.', { cause: thrown });
  return new CrossdockError('INTERNAL', 'unexpected', { cause: thrown });
}

function retryAfterSeconds(ms: number | undefined): number {
  return ms === undefined ? DEFAULT_RETRY_AFTER_S : Math.max(1, Math.ceil(ms / 1_000));
}
