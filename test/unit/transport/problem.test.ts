import assert from 'node:assert/strict';
import { Backoff } from '../../../core/transport/rabbitmq/backoff.ts';
import { problemOf } from '../../../core/transport/rabbitmq/problem.ts';

describe('what a broker says', () => {
  const coded = (code: number): Error => Object.assign(new Error('Channel closed by server'), { code });

  it('is fatal when only a person can mend it', () => {
    for (const code of [403, 404, 406, 530]) assert.equal(problemOf(coded(code)).fatal, true);
    const text = 'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED"';
    assert.deepEqual(problemOf(new Error(text)), { reason: text, fatal: true });
  });

  it('is not fatal when it may pass', () => {
    for (const code of [320, 501, 504, 541]) assert.equal(problemOf(coded(code)).fatal, false);
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5672'), { code: 'ECONNREFUSED' });
    assert.deepEqual(problemOf(refused), { reason: refused.message, fatal: false });
  });
});

describe('the wait between attempts', () => {
  it('grows to its maximum, is spread from zero on, and starts small again', () => {
    const backoff = new Backoff(() => 0.5, 100, 1_000);
    assert.deepEqual(
      Array.from({ length: 6 }, () => backoff.next()),
      [50, 100, 200, 400, 500, 500],
    );
    backoff.reset();
    assert.equal(backoff.next(), 50);
  });
});
