import assert from 'node:assert/strict';
import { conservation } from '../../../core/audit/index.ts';
import { createReconciler, listFailures, removedRoutes } from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import { accept, DELIVERED, emptyStore, publish, settle } from '../audit/accepted.ts';
import type { Lane } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, eventTypes } from './failing.ts';

const HERE = 'sales/orders/erp';
const GONE = 'sales/orders/old-erp';
const MINUTE = 60_000;

onEachStore('What waits for a route that no mapping has any more', (store) => {
  let clock: ManualClock;
  let log: RecordingLog;
  let removed: string[];
  beforeEach(async () => {
    await emptyStore(store());
    clock = new ManualClock(Date.parse('2026-01-01T12:00:00Z'));
    log = new RecordingLog();
    removed = [];
  });

  const make = (removeQueue = (route: string): Promise<void> => (removed.push(route), Promise.resolve())) =>
    createReconciler({
      database: store(),
      clock,
      log,
      routes: [HERE],
      depths: () => Promise.resolve(new Map([[HERE, { atLeast: 1, atMost: 1 }]])),
      removeQueue,
      wake: () => {},
    });

  const acceptOne = async (route: string): Promise<Lane> => {
    const [lane] = (await accept(store(), clock, { routes: [route] })) as [Lane];
    await query(store().db, 'update outbox set created_at = ?', [new Date(clock.now())]);
    return lane;
  };

  const failures = async () =>
    (await listFailures(store().db)).items.map(({ messageId, state, code, attempts }) => [
      messageId,
      state,
      code,
      attempts,
    ]);

  it('becomes a dead failure a quarter of an hour later, from the outbox and from the queue, which goes', async () => {
    const [inOutbox, inQueue, done] = [await acceptOne(GONE), await acceptOne(GONE), await acceptOne(GONE)];
    const others = [await acceptOne(HERE), await acceptOne(HERE)] as const;
    await publish(store(), inQueue, others[0]);
    await settle({ database: store(), clock }, 'delivered', DELIVERED, done);
    const reconciler = make();
    await clock.advance(14 * MINUTE);
    await reconciler.runOnce();
    assert.deepEqual(await failures(), [], 'processes that are exchanged know different routes for a while');
    await clock.advance(2 * MINUTE);
    await reconciler.runOnce();
    assert.deepEqual(
      new Set((await failures()).map(String)),
      new Set([inOutbox, inQueue].map(({ messageId }) => `${messageId},dead,ROUTE_UNKNOWN,0`)),
    );
    assert.deepEqual(removed, [GONE]);
    assert.deepEqual(await eventTypes(store(), inOutbox), ['dead']);
    const [gone] = (await conservation(store().db)).filter(({ route }) => route === GONE);
    assert.deepEqual(
      [gone?.accepted, gone?.delivered, gone?.failures.dead, gone?.open, gone?.outbox],
      [3, 1, 2, 0, 0],
    );
    assert.ok(log.lines.some(({ level, fields }) => level === 'error' && fields['count'] === 2));
    await reconciler.runOnce();
    assert.equal((await failures()).length, 2);
  });

  it('stays where it is while its queue can not be removed', async () => {
    const lane = await acceptOne(GONE);
    await publish(store(), lane);
    await clock.advance(16 * MINUTE);
    await make(() => Promise.reject(new Error('no broker'))).runOnce();
    assert.deepEqual(await failures(), []);
    await query(store().db, 'delete from leases');
    await make().runOnce();
    assert.equal((await failures()).length, 1);
  });

  it('is left to the process that has it in hand', async () => {
    await acceptOne(GONE);
    await query(store().db, `update outbox set claimed_until = now() + interval '1 hour'`);
    await clock.advance(16 * MINUTE);
    await make().runOnce();
    assert.deepEqual(await failures(), []);
  });

  it('is counted, and marked in the books', async () => {
    await acceptOne(GONE);
    await acceptOne(HERE);
    await acceptFailed(store(), clock, DEAD, GONE);
    assert.deepEqual(await removedRoutes(store().db, [HERE]), [{ route: GONE, outbox: 1, failures: 1 }]);
    const { routes } = await make().report();
    assert.deepEqual(
      routes.map((route) => [route.route, route.removed]),
      [
        [HERE, false],
        [GONE, true],
      ],
    );
  });
});
