import assert from 'node:assert/strict';
import { Gate } from '../../../core/delivery/index.ts';
import type { BreakerState } from '../../../core/delivery/index.ts';
import type { ActionResult, Call, Connection } from '../../../core/model/connector.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { ErrorCode } from '../../../core/model/errors.ts';
import { ManualClock } from '../../support/clock.ts';

const call: Call = {
  signal: new AbortController().signal,
  idempotencyKey: 'k',
  messageId: 'm',
  journeyId: 'm',
  attempt: 1,
};

describe('the gate of a connection', () => {
  let clock: ManualClock;
  let states: BreakerState[];
  let did: string[];
  let answer: (call: Call) => Promise<ActionResult>;
  let found: ActionResult | undefined;
  let gate: Gate;
  beforeEach(() => {
    clock = new ManualClock();
    states = [];
    did = [];
    found = undefined;
    answer = () => Promise.resolve({ ref: 'r1' });
    const connection: Connection = {
      perform: (action, _input, timed) => {
        did.push(action);
        return answer(timed);
      },
      probe: (action) => {
        did.push(`probe ${action}`);
        return Promise.resolve(found);
      },
      check: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
    const settings = {
      name: 'erp',
      limits: { concurrency: 2, timeoutMs: 1_000 },
      breaker: { failures: 2, pauseMs: 500, maxPauseMs: 4_000 },
    };
    gate = new Gate(settings, connection, clock, (_gate, state) => states.push(state));
  });
  const fails = (code: ErrorCode, retryAfterMs?: number): void => {
    answer = () => Promise.reject(new CrossdockError(code, 'no', { retryAfterMs }));
  };
  const perform = (probeFirst = false): Promise<ActionResult> => gate.perform('create', {}, call, probeFirst);
  const withCode = (code: ErrorCode) => (error: unknown) =>
    error instanceof CrossdockError && error.code === code;

  it('looks before it repeats, and does not repeat what it finds', async () => {
    found = { ref: 'earlier' };
    assert.deepEqual(await perform(true), { ref: 'earlier' });
    found = undefined;
    assert.deepEqual(await perform(true), { ref: 'r1' });
    assert.deepEqual(did, ['probe create', 'probe create', 'create']);
  });

  it('gives up on a target that does not answer, even one that ignores the signal', async () => {
    answer = () => new Promise(() => {});
    const late = assert.rejects(perform(), withCode('TARGET_TIMEOUT'));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_000);
    await late;
  });

  it('turns deliveries away while it is paused, without asking the target, and says for how long', async () => {
    fails('TARGET_UNREACHABLE');
    await assert.rejects(perform(), withCode('TARGET_UNREACHABLE'));
    await assert.rejects(perform(), withCode('TARGET_UNREACHABLE'));
    await assert.rejects(
      perform(),
      (error) =>
        error instanceof CrossdockError && error.code === 'TARGET_UNAVAILABLE' && error.retryAfterMs === 500,
    );
    assert.equal(did.length, 2);
    answer = () => Promise.resolve({});
    await clock.advance(500);
    await perform();
    assert.deepEqual(states, ['open', 'probing', 'closed']);
  });

  it('lets one probe through at a time', async () => {
    fails('TARGET_UNREACHABLE');
    await Promise.allSettled([perform(), perform()]);
    await clock.advance(500);
    let end: (result: ActionResult) => void = () => {};
    answer = () => new Promise((resolve) => (end = resolve));
    const probes = [perform(), perform()];
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(did.length, 3, 'the second waits for the first');
    answer = () => Promise.resolve({});
    end({});
    await Promise.all(probes);
  });

  it('pauses as long as a throttling target asks', async () => {
    fails('TARGET_THROTTLED', 2_000);
    await assert.rejects(perform(), withCode('TARGET_THROTTLED'));
    assert.equal(gate.state, 'open');
    assert.equal(gate.remainingMs, 2_000);
  });

  it('takes a refusal for an answer: the target is there', async () => {
    fails('TARGET_UNREACHABLE');
    await assert.rejects(perform());
    fails('TARGET_REJECTED');
    await assert.rejects(perform());
    fails('TARGET_UNREACHABLE');
    await assert.rejects(perform());
    assert.equal(gate.state, 'closed');
  });
});
