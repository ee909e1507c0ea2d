import assert from 'node:assert/strict';
import { CrossdockError } from '../../../core/model/errors.ts';
import { failureFromOutcome, fingerprint } from '../../../core/recovery/index.ts';
import type { FailedOutcome } from '../../../core/recovery/index.ts';
import { ManualClock } from '../../support/clock.ts';

const ID = '019b0000-0000-7000-8000-000000000001';
const JOURNEY = '019b0000-0000-7000-8000-000000000000';
const NOW = '2026-01-01T00:00:00.000Z';

function failed(outcome: FailedOutcome, attempt = 3) {
  return failureFromOutcome(
    {
      delivery: { message: { id: ID, journeyId: JOURNEY }, route: 'sales/orders/erp', step: 2 },
      attempt,
      durationMs: 12,
      output: { OrderRef: '4711' },
    },
    outcome,
    new ManualClock(),
  );
}

describe('failureFromOutcome', () => {
  it('makes of a retry a failure that waits for its due time, with the attempt used', () => {
    const error = new CrossdockError('TARGET_FAILED', 'the target answered 500', {
      response: 'Internal error',
    });
    const { row, event } = failed({ kind: 'retry', afterMs: 10_000, usesAttempt: true, error });
    assert.deepEqual(
      { ...row, id: '' },
      {
        id: '',
        messageId: ID,
        journeyId: JOURNEY,
        route: 'sales/orders/erp',
        state: 'waiting',
        code: 'TARGET_FAILED',
        error: 'the target answered 500',
        response: 'Internal error',
        output: '{"OrderRef":"4711"}',
        attempts: 3,
        step: 2,
        fingerprint: fingerprint('sales/orders/erp', 'TARGET_FAILED', 'the target answered 500'),
        firstFailedAt: NOW,
        lastFailedAt: NOW,
        dueAt: '2026-01-01T00:00:10.000Z',
      },
    );
    assert.equal(event.type, 'retry_scheduled');
    assert.deepEqual(event.data, {
      attempt: 3,
      code: 'TARGET_FAILED',
      error: 'the target answered 500',
      durationMs: 12,
      due: '2026-01-01T00:00:10.000Z',
    });
    assert.deepEqual([event.journeyId, event.messageId, event.route], [JOURNEY, ID, 'sales/orders/erp']);
  });

  it('uses no attempt for an outage and for a target that asks to wait', () => {
    const outage = new CrossdockError('TARGET_UNREACHABLE', 'connection refused');
    const throttle = new CrossdockError('TARGET_THROTTLED', '429');
    assert.equal(failed({ kind: 'retry', afterMs: 1, usesAttempt: false, error: outage }).row.attempts, 2);
    const { row, event } = failed({ kind: 'throttled', afterMs: 5_000, error: throttle });
    assert.deepEqual([row.state, row.attempts, event.type], ['waiting', 2, 'throttled']);
    assert.equal(failed({ kind: 'dead', reason: 'too_old', error: outage }).row.attempts, 2);
  });

  it('leaves what is in doubt or dead without a due time', () => {
    const timeout = new CrossdockError('TARGET_TIMEOUT', 'no answer within 30s');
    const doubt = failed({ kind: 'in_doubt', error: timeout });
    assert.deepEqual(
      [doubt.row.state, doubt.row.dueAt, doubt.event.type],
      ['in_doubt', undefined, 'in_doubt'],
    );
    const invalid = new CrossdockError('MESSAGE_INVALID', 'id is missing', { path: '/id' });
    const dead = failed({ kind: 'dead', reason: 'permanent', error: invalid });
    assert.deepEqual(
      [dead.row.state, dead.row.reason, dead.row.path, dead.row.attempts, dead.event.type],
      ['dead', 'permanent', '/id', 3, 'dead'],
    );
  });

  it('keeps long texts short', () => {
    const error = new CrossdockError('TARGET_FAILED', 'x'.repeat(10_000));
    const { row, event } = failed({ kind: 'dead', reason: 'attempts_exhausted', error });
    assert.equal(row.error.length, 2_000);
    assert.equal((event.data as { error: string }).error.length, 500);
  });
});

describe('fingerprint', () => {
  it('is the same for errors that differ in ids, numbers and quoted words only', () => {
    const one = fingerprint('r', 'TARGET_REJECTED', 'customer "C-17" of order 4711 is unknown');
    assert.equal(one, fingerprint('r', 'TARGET_REJECTED', 'customer "C-9" of order 12 is unknown'));
    assert.match(one, /^[0-9a-f]{16}$/);
  });

  it('differs by route, code and text', () => {
    const all = [
      fingerprint('r', 'TARGET_REJECTED', 'unknown customer'),
      fingerprint('s', 'TARGET_REJECTED', 'unknown customer'),
      fingerprint('r', 'TARGET_FAILED', 'unknown customer'),
      fingerprint('r', 'TARGET_REJECTED', 'unknown order'),
    ];
    assert.equal(new Set(all).size, all.length);
  });
});
