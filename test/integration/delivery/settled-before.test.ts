import assert from 'node:assert/strict';
import { settledBefore } from '../../../core/delivery/settled-before.ts';
import { createDispatcher, listFailures } from '../../../core/recovery/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { attributesOf, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, waiting } from '../recovery/failing.ts';

onEachStore('A copy of a delivery', (store) => {
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const wasSettled = (lane: Lane): Promise<boolean> =>
    settledBefore(store(), { message: attributesOf(lane, clock), route: lane.route });
  const sendDue = (): Promise<number> =>
    createDispatcher({ database: store(), clock, log: silentLogger, wake: () => {} }).runOnce();

  it('counts as settled while another one waits for its time or a person, and not when it is sent', async () => {
    const lane = await acceptFailed(store(), clock, waiting(0));
    assert.equal(await wasSettled(lane), true);
    assert.equal(await wasSettled(await acceptFailed(store(), clock, DEAD)), true);
    await sendDue();
    assert.equal(await wasSettled(lane), false);
  });

  it('takes away the failure that it left behind while another one ended well', async () => {
    const lane = await acceptFailed(store(), clock, waiting(0));
    const other = await acceptFailed(store(), clock, DEAD);
    await settle({ database: store(), clock }, 'delivered', DELIVERED, lane);
    await sendDue();
    assert.equal(await wasSettled(lane), true);
    assert.deepEqual(
      (await listFailures(store().db)).items.map(({ messageId }) => messageId),
      [other.messageId],
    );
  });
});
