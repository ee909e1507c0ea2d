import assert from 'node:assert/strict';
import { Limiter } from '../../../core/delivery/index.ts';
import { ManualClock } from '../../support/clock.ts';

const never = new AbortController().signal;

/** Tasks that end when told to. */
function tasks(limiter: Limiter): {
  start(signal?: AbortSignal): Promise<void>;
  started: number;
  end(): void;
} {
  const ends: (() => void)[] = [];
  const all = {
    started: 0,
    start: async (signal = never) => {
      await limiter.enter(signal);
      all.started += 1;
      await new Promise<void>((resolve) => ends.push(resolve));
      limiter.leave();
    },
    end: () => ends.shift()?.(),
  };
  return all;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a limiter', () => {
  it('lets so many run at a time, in the order they came', async () => {
    const clock = new ManualClock();
    const work = tasks(new Limiter({ concurrency: 2 }, clock));
    const all = [work.start(), work.start(), work.start()];
    await turn();
    assert.equal(work.started, 2);
    work.end();
    await turn();
    assert.equal(work.started, 3);
    work.end();
    work.end();
    await Promise.all(all);
  });

  it('starts no more a second than its rate', async () => {
    const clock = new ManualClock();
    const limiter = new Limiter({ concurrency: 100, rate: 2 }, clock);
    let started = 0;
    const all = Array.from({ length: 5 }, async () => {
      await limiter.enter(never);
      started += 1;
      limiter.leave();
    });
    await turn();
    assert.equal(started, 1);
    await clock.advance(1_000);
    assert.equal(started, 3);
    await clock.advance(1_000);
    assert.equal(started, 5);
    await Promise.all(all);
  });

  it('takes a task that was given up out of the line', async () => {
    const clock = new ManualClock();
    const work = tasks(new Limiter({ concurrency: 1 }, clock));
    const first = work.start();
    const given = new AbortController();
    const second = work.start(given.signal);
    const third = work.start();
    given.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
    work.end();
    await turn();
    assert.equal(work.started, 2);
    work.end();
    await Promise.all([first, third]);
  });

  it('waits for its rate no longer than somebody waits for it', async () => {
    const clock = new ManualClock();
    const limiter = new Limiter({ concurrency: 2, rate: 1 / 3_600 }, clock);
    const work = tasks(limiter);
    const first = work.start();
    const given = new AbortController();
    const others = [work.start(given.signal), work.start(given.signal)];
    assert.equal(clock.sleeping, 1);
    given.abort(new Error('enough'));
    await Promise.all(others.map((other) => assert.rejects(other, /enough/)));
    assert.equal(clock.sleeping, 0);
    const next = work.start();
    await clock.advance(3_600_000);
    assert.equal(work.started, 2);
    work.end();
    work.end();
    await Promise.all([first, next]);
  });

  it('lets more run when the limit is raised', async () => {
    const clock = new ManualClock();
    const limiter = new Limiter({ concurrency: 1 }, clock);
    const work = tasks(limiter);
    const all = [work.start(), work.start()];
    limiter.setConcurrency(2);
    await turn();
    assert.equal(work.started, 2);
    work.end();
    work.end();
    await Promise.all(all);
  });
});
