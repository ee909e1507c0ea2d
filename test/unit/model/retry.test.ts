import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CrossdockError, ERRORS } from '../../../core/model/errors.ts';
import type { ErrorCode } from '../../../core/model/errors.ts';
import { decide, DEFAULT_RETRY } from '../../../core/model/retry.ts';
import type { RetryPolicy } from '../../../core/model/retry.ts';

const policy: RetryPolicy = {
  immediate: 2,
  delays: [10_000, 60_000],
  maxAge: 3_600_000,
  repeatInDoubt: false,
};
const at = { attempt: 1, ageMs: 0, effect: 'idempotent', random: 0.5 } as const;
const error = (code: ErrorCode, retryAfterMs?: number): CrossdockError =>
  new CrossdockError(code, 'it failed', { retryAfterMs });

describe('decide', () => {
  it('gives up at once on what no retry can mend', () => {
    const outcome = decide(policy, at, error('TARGET_REJECTED'));
    assert.equal(outcome.kind === 'dead' && outcome.reason, 'permanent');
  });

  it('goes through the immediate retries, then the delays, then gives up', () => {
    const waits = [1, 2, 3, 4].map((attempt) => {
      const outcome = decide(policy, { ...at, attempt }, error('TARGET_FAILED'));
      assert.ok(outcome.kind === 'retry' && outcome.usesAttempt);
      return outcome.afterMs;
    });
    assert.deepEqual(waits, [200, 200, 10_000, 60_000]);
    const last = decide(policy, { ...at, attempt: 5 }, error('TARGET_FAILED'));
    assert.equal(last.kind === 'dead' && last.reason, 'attempts_exhausted');
  });

  it('waits as long as a throttling target asks, and uses no attempt', () => {
    const outcome = decide(policy, { ...at, attempt: 99 }, error('TARGET_THROTTLED', 7_000));
    assert.ok(outcome.kind === 'throttled');
    assert.equal(outcome.afterMs, 7_000);
  });

  it('lets no target ask for more than an hour', () => {
    for (const code of ['TARGET_THROTTLED', 'TARGET_UNAVAILABLE', 'TARGET_FAILED'] as const) {
      const outcome = decide(policy, at, error(code, 1e15));
      assert.ok('afterMs' in outcome && outcome.afterMs <= 1.2 * 3_600_000, code);
    }
  });

  it('uses no attempt while the target is down', () => {
    const outcome = decide(policy, { ...at, attempt: 99 }, error('TARGET_UNREACHABLE'));
    assert.ok(outcome.kind === 'retry' && !outcome.usesAttempt);
  });

  it('leaves an action that must not be repeated to a person when it is in doubt', () => {
    assert.equal(decide(policy, { ...at, effect: 'none' }, error('TARGET_TIMEOUT')).kind, 'in_doubt');
  });

  it('repeats an action in doubt when a repeat is safe or the mapping says so', () => {
    for (const effect of ['idempotent', 'key', 'probe'] as const)
      assert.equal(decide(policy, { ...at, effect }, error('TARGET_TIMEOUT')).kind, 'retry');
    assert.equal(
      decide({ ...policy, repeatInDoubt: true }, { ...at, effect: 'none' }, error('TARGET_LOST')).kind,
      'retry',
    );
  });

  it('gives up on what has become too old, whatever the reason of the wait', () => {
    for (const code of [
      'TARGET_FAILED',
      'TARGET_THROTTLED',
      'TARGET_UNREACHABLE',
      'TARGET_TIMEOUT',
    ] as const) {
      const outcome = decide(policy, { ...at, ageMs: policy.maxAge }, error(code, 1));
      assert.equal(outcome.kind === 'dead' && outcome.reason, 'too_old', code);
    }
  });

  it('never waits less than nothing or past the age limit, and never answers with a success', () => {
    const codes = Object.keys(ERRORS) as ErrorCode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.option(fc.integer({ min: 0, max: 100_000_000 }), { nil: undefined }),
        fc.record({
          attempt: fc.integer({ min: 1, max: 20 }),
          ageMs: fc.integer({ min: 0, max: 90_000_000 }),
          effect: fc.constantFrom('idempotent' as const, 'key' as const, 'probe' as const, 'none' as const),
          random: fc.double({ min: 0, max: 0.999, noNaN: true }),
        }),
        (code, retryAfterMs, situation) => {
          const outcome = decide(DEFAULT_RETRY, situation, error(code, retryAfterMs));
          assert.ok(['retry', 'throttled', 'in_doubt', 'dead'].includes(outcome.kind));
          if (outcome.kind === 'retry' || outcome.kind === 'throttled') {
            assert.ok(outcome.afterMs >= 0);
            assert.ok(situation.ageMs + outcome.afterMs <= DEFAULT_RETRY.maxAge);
          }
        },
      ),
    );
  });
});
