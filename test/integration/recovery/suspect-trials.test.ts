import assert from 'node:assert/strict';
import { silentLogger } from '../../../core/log.ts';
import { listFailures, SuspectTrials } from '../../../core/recovery/index.ts';
import { acceptPublished, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { eventTypes, fail, outbox, waiting } from './failing.ts';

onEachStore('the trials of suspects', (store) => {
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const trials = (deliveryLimit: number): SuspectTrials =>
    new SuspectTrials({ database: store(), clock, log: silentLogger, deliveryLimit });
  const deliveryOf = (lane: Lane) => ({
    message: { id: lane.messageId, journeyId: lane.journeyId },
    route: lane.route,
    attempts: 0,
    step: 0,
    repeat: true,
  });
  const begin = async (lane: Lane, deliveryLimit: number, returns = deliveryLimit): Promise<boolean> => {
    await clock.advance(1);
    return trials(deliveryLimit).begin(deliveryOf(lane), returns);
  };

  it('are for who came back several times, sooner where the limit is small', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 20].map((returns) => trials(20).suspects(returns)),
      [false, false, false, true, true],
    );
    assert.deepEqual(
      [0, 1].map((returns) => trials(2).suspects(returns)),
      [false, true],
    );
  });

  it('leave a mark each, and end with a dead failure', async () => {
    const lane = await acceptPublished(store(), clock);
    assert.equal(await begin(lane, 2), true);
    assert.deepEqual((await listFailures(store().db)).items, []);
    assert.equal(await begin(lane, 2, 3), false);
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map(({ messageId, state, code, error }) => [messageId, state, code, error]),
      [
        [
          lane.messageId,
          'dead',
          'DELIVERY_LIMIT',
          'it came back 3 times because a process ended, or could not settle it, the last time while it was tried by itself',
        ],
      ],
    );
    assert.deepEqual(await eventTypes(store(), lane), ['redriven', 'dead']);
  });

  it('in a group leave none: nobody is given up who was not alone', async () => {
    const lane = await acceptPublished(store(), clock);
    for (let time = 0; time < 30; time += 1) assert.equal(await begin(lane, 20, 4), true);
    assert.equal(await begin(lane, 20, 200), true);
    assert.deepEqual(await eventTypes(store(), lane), ['redriven']);
  });

  it('begin at the first again after a failure', async () => {
    const lane = await acceptPublished(store(), clock);
    await begin(lane, 2);
    await clock.advance(1);
    await fail({ database: store(), clock }, lane, waiting(60_000));
    assert.equal(await begin(lane, 2), true);
  });

  it('take as many crashes as the limit allows, and one', async () => {
    const lane = await acceptPublished(store(), clock);
    const limit = 20;
    let returns = 0;
    while (!trials(limit).suspects(returns) || (await begin(lane, limit, returns))) returns += 1;
    assert.equal(returns, limit + 1);
  });

  it('change nothing of what is final by now', async () => {
    const lane = await acceptPublished(store(), clock);
    await begin(lane, 2);
    await settle({ database: store(), clock }, 'delivered', DELIVERED, lane);
    assert.equal(await begin(lane, 2), false);
    assert.deepEqual((await listFailures(store().db)).items, []);
    assert.deepEqual(await outbox(store()), []);
  });

  it('come in groups that get smaller, one at a time in the end, whatever becomes of them', async () => {
    const turns = trials(20);
    let together = 0;
    const most = new Map<number, number>();
    const trial = async (returns: number): Promise<void> => {
      together += 1;
      most.set(returns, Math.max(most.get(returns) ?? 0, together));
      await new Promise((resolve) => setImmediate(resolve));
      together -= 1;
      if (returns === 7) throw new Error('not settled');
    };
    const returns = [3, 4, 5, 7, 25].flatMap((times) => new Array<number>(150).fill(times));
    const ends = await Promise.allSettled(returns.map((times) => turns.inTurn(times, () => trial(times))));
    assert.deepEqual(
      [...most],
      [
        [3, 100],
        [4, 10],
        [5, 1],
        [7, 1],
        [25, 1],
      ],
    );
    assert.equal(ends.filter(({ status }) => status === 'rejected').length, 150);
  });
});
