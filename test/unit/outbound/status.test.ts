import assert from 'node:assert/strict';
import {
  CrossdockError,
  failOnStatus,
  retryAfter,
  type ErrorCode,
  type HttpResponse,
} from '../../../core/sdk.ts';

const answer = (status: number, headers: Record<string, string> = {}, body = ''): HttpResponse => ({
  status,
  headers,
  body: Buffer.from(body),
});

const errorOf = (response: HttpResponse, now?: number): CrossdockError => {
  try {
    failOnStatus(response, now);
  } catch (error) {
    assert.ok(error instanceof CrossdockError);
    return error;
  }
  throw new Error('it did not fail');
};

describe('failOnStatus', () => {
  const table: readonly [number, ErrorCode][] = [
    [301, 'TARGET_REJECTED'],
    [304, 'TARGET_REJECTED'],
    [400, 'TARGET_REJECTED'],
    [401, 'CREDENTIALS_REFUSED'],
    [402, 'TARGET_REJECTED'],
    [403, 'CREDENTIALS_REFUSED'],
    [404, 'TARGET_REJECTED'],
    [408, 'TARGET_FAILED'],
    [409, 'TARGET_REJECTED'],
    [410, 'TARGET_REJECTED'],
    [413, 'TARGET_REJECTED'],
    [422, 'TARGET_REJECTED'],
    [425, 'TARGET_FAILED'],
    [429, 'TARGET_THROTTLED'],
    [500, 'TARGET_FAILED'],
    [501, 'TARGET_FAILED'],
    [502, 'TARGET_LOST'],
    [503, 'TARGET_UNAVAILABLE'],
    [504, 'TARGET_TIMEOUT'],
    [507, 'TARGET_FAILED'],
  ];
  for (const [status, code] of table)
    it(`takes ${status} for ${code}`, () => {
      assert.equal(errorOf(answer(status)).code, code);
    });

  for (const status of [200, 201, 202, 204, 207])
    it(`lets ${status} pass`, () => {
      failOnStatus(answer(status));
    });

  it('takes 503 with Retry-After for a wish to slow down', () => {
    const error = errorOf(answer(503, { 'retry-after': '30' }));
    assert.equal(error.code, 'TARGET_THROTTLED');
    assert.equal(error.retryAfterMs, 30_000);
  });

  it('keeps the head of the answer for the operator', () => {
    assert.equal(
      errorOf(answer(422, {}, '{"error":"no such customer"}')).response,
      '{"error":"no such customer"}',
    );
    assert.ok((errorOf(answer(422, {}, 'ä'.repeat(10_000))).response ?? '').length <= 2_048);
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: readonly [string, string | undefined, number | undefined][] = [
    ['0', undefined, 0],
    ['120', undefined, 120_000],
    ['1.5', undefined, 1_500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', undefined, 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', undefined, 60_000],
    ['Thu Jan  1 00:01:00 2026 GMT', undefined, 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', undefined, 0],
    // The target's clock is an hour off: its own Date tells.
    ['Thu, 01 Jan 2026 01:01:00 GMT', 'Thu, 01 Jan 2026 01:00:00 GMT', 60_000],
    ['soon', undefined, undefined],
    ['-5', undefined, undefined],
    ['', undefined, undefined],
    ['99999999999999999999', undefined, undefined],
  ];
  for (const [value, date, expected] of cases)
    it(`reads ${JSON.stringify(value)}${date === undefined ? '' : ` at ${date}`} as ${String(expected)}`, () => {
      const headers = { 'retry-after': value, ...(date === undefined ? {} : { date }) };
      assert.equal(retryAfter(answer(429, headers), now), expected);
    });

  it('can not read a date when it knows no time to measure it by', () => {
    assert.equal(retryAfter(answer(429, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' })), undefined);
  });
});
