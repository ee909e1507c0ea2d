import assert from 'node:assert/strict';
import { Breaker } from '../../../core/delivery/index.ts';
import type { BreakerState } from '../../../core/delivery/index.ts';
import { ManualClock } from '../../support/clock.ts';

describe('a breaker', () => {
  const settings = { failures: 3, pauseMs: 1_000, maxPauseMs: 3_000 };
  let clock: ManualClock;
  let seen: BreakerState[];
  let breaker: Breaker;
  beforeEach(() => {
    clock = new ManualClock();
    seen = [];
    breaker = new Breaker(settings, clock, (state) => seen.push(state));
  });
  const fail = (times: number): void => {
    for (let n = 0; n < times; n += 1) breaker.failed();
  };

  it('opens after so many outages in a row, and an answer in between counts as none', () => {
    fail(2);
    breaker.succeeded();
    fail(2);
    assert.deepEqual(seen, []);
    fail(1);
    assert.deepEqual(seen, ['open']);
  });

  it('lets a probe through after the pause and closes when it succeeds', async () => {
    fail(3);
    assert.equal(breaker.remainingMs, 1_000);
    await clock.advance(1_000);
    breaker.succeeded();
    assert.deepEqual(seen, ['open', 'probing', 'closed']);
  });

  it('doubles its pause with each failed probe up to the longest, and starts over after a success', async () => {
    fail(3);
    for (const pause of [1_000, 2_000, 3_000, 3_000]) {
      assert.equal(breaker.remainingMs, pause);
      await clock.advance(pause);
      assert.equal(breaker.state, 'probing');
      fail(1);
    }
    await clock.advance(3_000);
    breaker.succeeded();
    fail(3);
    assert.equal(breaker.remainingMs, 1_000);
  });

  it('rests as long as the target asked, at most its longest pause', async () => {
    breaker.rest(500);
    assert.equal(breaker.state, 'open');
    await clock.advance(500);
    assert.equal(breaker.state, 'probing');
    breaker.rest(60_000);
    assert.equal(breaker.remainingMs, 3_000);
  });
});
