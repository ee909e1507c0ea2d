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
  const begin = async (lane: Lane, deliveryLimit: number): Promise<boolean> => {
    await clock.advance(1);
    return trials(deliveryLimit).begin(deliveryOf(lane));
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
    assert.equal(await begin(lane, 2), true);
    assert.deepEqual((await listFailures(store().db)).items, []);
    assert.equal(await begin(lane, 2), false);
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map(({ messageId, state, code, error }) => [messageId, state, code, error]),
      [
        [
          lane.messageId,
          'dead',
          'DELIVERY_LIMIT',
          'a worker ended, or could not settle it, each of the 2 times that this delivery was tried by itself',
        ],
      ],
    );
    assert.deepEqual(await eventTypes(store(), lane), ['redriven', 'redriven', 'dead']);
  });

  it('begin at the first again after a failure', async () => {
    const lane = await acceptPublished(store(), clock);
    await begin(lane, 2);
    await begin(lane, 2);
    await clock.advance(1);
    await fail({ database: store(), clock }, lane, waiting(60_000));
    assert.equal(await begin(lane, 2), true);
  });

  it('take as many crashes as the limit allows, and one', async () => {
    const lane = await acceptPublished(store(), clock);
    const limit = 20;
    let returns = 0;
    while (!trials(limit).suspects(returns) || (await begin(lane, limit))) returns += 1;
    assert.equal(returns, limit + 1);
  });

  it('change nothing of what is final by now', async () => {
    const lane = await acceptPublished(store(), clock);
    for (let trial = 0; trial < 2; trial += 1) await begin(lane, 2);
    await settle({ database: store(), clock }, 'delivered', DELIVERED, lane);
    assert.equal(await begin(lane, 2), false);
    assert.deepEqual((await listFailures(store().db)).items, []);
    assert.deepEqual(await outbox(store()), []);
  });

  it('come one at a time, whatever becomes of them', async () => {
    const turns = trials(20);
    const log: string[] = [];
    const first = Promise.withResolvers<string>();
    const one = turns.inTurn(async () => {
      log.push('one begins');
      return first.promise;
    });
    const two = turns.inTurn(async () => {
      log.push('two begins');
      throw new Error('two fails');
    });
    const three = turns.inTurn(async () => {
      log.push('three begins');
      return 'three';
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ['one begins']);
    first.resolve('one');
    assert.equal(await one, 'one');
    await assert.rejects(two, /two fails/);
    assert.equal(await three, 'three');
    assert.deepEqual(log, ['one begins', 'two begins', 'three begins']);
  });
});
