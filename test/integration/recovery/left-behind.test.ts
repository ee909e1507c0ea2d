import assert from 'node:assert/strict';
import { settledBefore } from '../../../core/delivery/settled-before.ts';
import { listFailures, resolveLeftBehind, retryFailures } from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import { attributesOf, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, IN_DOUBT, manyWaiting, outbox } from './failing.ts';

onEachStore('a failure that was left behind by a delivery which is final', (store) => {
  const clock = new ManualClock();
  const stage = (): Stage => ({ database: store(), clock });
  beforeEach(() => emptyStore(store()));

  it('is found among all others and taken away, and that is logged', async () => {
    const first = await acceptFailed(store(), clock, DEAD);
    await clock.advance(1);
    await manyWaiting(store(), clock, 2_000);
    const open = await acceptFailed(store(), clock, IN_DOUBT);
    await clock.advance(1);
    const last = await acceptFailed(store(), clock, IN_DOUBT);
    await settle(stage(), 'delivered', DELIVERED, first);
    await settle(stage(), 'discarded', { by: 'ada' }, last);
    const log = new RecordingLog();
    assert.equal(await resolveLeftBehind(store().db, log), 2);
    assert.deepEqual(
      log.lines.map(({ level, fields }) => [level, fields]),
      [['warn', { count: 2 }]],
    );
    const [left] = await query<{ n: string }>(store().db, 'select count(*) as n from failures');
    assert.equal(left?.n, '2001');
    assert.deepEqual(
      (await listFailures(store().db, { state: 'in_doubt' })).items.map(({ id }) => id),
      [open.failureId],
    );
    assert.equal(await resolveLeftBehind(store().db, log), 0);
    assert.equal(log.lines.length, 1);
  });

  it('does no harm when somebody retries it before: its copy is passed over, and it goes', async () => {
    const lane = await acceptFailed(store(), clock, DEAD);
    await settle(stage(), 'delivered', DELIVERED, lane);
    await retryFailures(stage(), { ids: [lane.failureId] }, { by: 'ada' });
    assert.deepEqual(
      (await outbox(store())).map(({ repeat }) => repeat),
      [true],
    );
    assert.equal(
      await settledBefore(store(), { message: attributesOf(lane, clock), route: lane.route }),
      true,
    );
    assert.deepEqual((await listFailures(store().db)).items, []);
  });
});
