import { STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../../model/connector.ts';
import { CrossdockError, type ErrorCode } from '../../model/errors.ts';

/**
 * Throws the error that an HTTP status means; returns for 2xx. The one table of statuses for all connectors:
 *
 * | status | code |
 * | --- | --- |
 * | 3xx | TARGET_REJECTED: redirects are not followed |
 * | 401, 403 | CREDENTIALS_REFUSED |
 * | 408, 425 | TARGET_FAILED |
 * | 429 | TARGET_THROTTLED |
 * | other 4xx | TARGET_REJECTED |
 * | 502 | TARGET_LOST: a gateway lost its upstream, which may have acted |
 * | 503 | TARGET_THROTTLED with Retry-After, else TARGET_UNAVAILABLE |
 * | 504 | TARGET_TIMEOUT |
 * | other 5xx | TARGET_FAILED |
 *
 * `now` (milliseconds) is needed only for a Retry-After that is a date in an answer without a Date of its own.
 */
export function failOnStatus(response: HttpResponse, now?: number): void {
  if (response.status >= 200 && response.status < 300) return;
  throw statusError(response, now);
}

/** The error for an answer that is not wanted, whatever its status; a 2xx is RESPONSE_UNREADABLE. */
export function statusError(response: HttpResponse, now?: number): CrossdockError {
  const { status } = response;
  const wait = retryAfter(response, now);
  const name = STATUS_CODES[status];
  const said = `The target answered ${status}${name === undefined ? '' : ` ${name}`}`;
  const more = status >= 300 && status < 400 ? '; redirects are not followed, set the final address' : '';
  return new CrossdockError(codeOf(status, wait !== undefined), `${said}${more}.`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(response.body.length === 0 ? {} : { response: excerpt(response.body) }),
    details: { status },
  });
}

function codeOf(status: number, wait: boolean): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return 'CREDENTIALS_REFUSED';
    case 408:
    case 425:
      return 'TARGET_FAILED';
    case 429:
      return 'TARGET_THROTTLED';
    case 502:
      return 'TARGET_LOST';
    case 503:
      return wait ? 'TARGET_THROTTLED' : 'TARGET_UNAVAILABLE';
    case 504:
      return 'TARGET_TIMEOUT';
    default:
      if (status >= 500) return 'TARGET_FAILED';
      return status < 300 ? 'RESPONSE_UNREADABLE' : 'TARGET_REJECTED';
  }
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). A date is measured against the answer's own
 * Date, so that a target whose clock is off is still understood. Undefined if absent or unreadable; never negative.
 */
export function retryAfter(response: HttpResponse, now?: number): number | undefined {
  const value = response.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,10}(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1_000);
  if (!/[a-z]/i.test(value)) return undefined;
  const at = Date.parse(value);
  const sent = Date.parse(response.headers['date'] ?? '');
  const from = Number.isNaN(sent) ? now : sent;
  return Number.isNaN(at) || from === undefined ? undefined : Math.max(0, at - from);
}

/** The head of an answer as text, at most 2 KiB, for the person who looks at the failure. */
export function excerpt(body: Buffer): string {
  return body.subarray(0, 2_048).toString('utf8').replaceAll('\u0000', '');
}
