import assert from 'node:assert/strict';
import { appendEvents, conservation, createEvent } from '../../../core/audit/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { insertArrivals } from '../../../core/intake/index.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import { createReconciler, HoldingsReport } from '../../../core/recovery/index.ts';
import type { Reconciler } from '../../../core/recovery/index.ts';
import { query, timeOfId } from '../../../core/store/index.ts';
import { accept, ARRIVAL, DELIVERED, emptyStore, publish, settle } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, eventTypes, outbox, waiting } from './failing.ts';

const ERP = 'sales/orders/erp';
const CRM = 'sales/orders/crm';
const MINUTE = 60_000;

onEachStore('the reconciler', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  let clock: ManualClock;
  let depths: Map<string, number>;
  beforeEach(async () => {
    await emptyStore(store());
    clock = new ManualClock(Date.parse('2026-01-01T12:00:00Z'));
    depths = new Map([
      [ERP, 0],
      [CRM, 0],
    ]);
  });

  const make = (): Reconciler =>
    createReconciler({
      database: store(),
      clock,
      log: silentLogger,
      routes: [ERP, CRM],
      depths: () =>
        Promise.resolve(new Map([...depths].map(([route, n]) => [route, { atLeast: n, atMost: 8 * n }]))),
      removeQueue: () => Promise.resolve(),
      wake: () => {},
    });

  /** Accepted and published: with the transport, as far as the store knows. */
  const underway = async (route = ERP): Promise<Lane> => {
    await clock.advance(1);
    const [lane] = (await accept(store(), clock, { routes: [route] })) as [Lane];
    await publish(store(), lane);
    return lane;
  };

  const sentAgain = async (): Promise<readonly string[]> =>
    (await outbox(store())).map((row) => row.message_id);

  it('sends everything that is not final again when the transport began anew', async () => {
    const [first, second] = [await underway(), await underway(CRM)];
    const done = await underway();
    await settle(stage(), 'delivered', DELIVERED, done);
    await acceptFailed(store(), clock, DEAD);
    await acceptFailed(store(), clock, waiting(MINUTE));
    const sent = await acceptFailed(store(), clock, waiting(0));
    await query(store().db, `update failures set state = 'sent', attempts = 4, step = 2 where id = ?`, [
      sent.failureId,
    ]);
    const reconciler = make();
    const options = { olderThan: 0, reason: 'start', by: 'hub' } as const;
    assert.deepEqual(await reconciler.redrive({ ...options, dryRun: true }), { done: 0, remaining: 3 });
    assert.deepEqual(await reconciler.redrive(options), { done: 3, remaining: 0 });
    assert.deepEqual(
      (await outbox(store())).map((row) => [row.message_id, row.attempts, row.step, row.repeat]),
      [
        [first.messageId, 0, 0, true],
        [second.messageId, 0, 0, true],
        [sent.messageId, 4, 2, true],
      ],
    );
    assert.deepEqual(await reconciler.redrive(options), { done: 0, remaining: 0 });
    const [event] = await query<{ id: string; data: unknown; at: Date; version: string }>(
      store().db,
      `select id, data, at, substr(id::text, 15, 1) as version from events where type = 'redriven' and message_id = ?`,
      [first.messageId],
    );
    assert.deepEqual(event?.data, { reason: 'start', by: 'hub' });
    assert.deepEqual(
      [timeOfId(event.id), event.at.getTime(), event.version],
      [clock.now(), clock.now(), '7'],
    );
  });

  it('sends what a lost queue may have held again, once, though two processes notice it', async () => {
    const [erp, crm] = [await underway(ERP), await underway(CRM)];
    assert.equal(await make().queueLost(ERP), 1);
    assert.deepEqual(await sentAgain(), [erp.messageId]);
    await publish(store(), erp, crm);
    await clock.advance(1_000);
    assert.equal(await make().queueLost(ERP), 0);
    await clock.advance(MINUTE);
    assert.equal(await make().queueLost(ERP), 1);
  });

  it('sends again what a lost queue held although it was just tried as a suspect', async () => {
    const lane = await underway(ERP);
    const { journeyId, messageId, route } = lane;
    const suspect = { reason: 'suspect', by: 'crossdock' } as const;
    await appendEvents(store().db, [
      createEvent('redriven', suspect, { journeyId, messageId, route }, clock),
    ]);
    assert.equal(await make().queueLost(ERP), 1);
    assert.deepEqual(await sentAgain(), [messageId]);
  });

  it('re-drives on request what is older than the grace time on routes whose queue is empty', async () => {
    const old = await underway(ERP);
    await underway(CRM);
    await clock.advance(3 * MINUTE);
    await underway(ERP);
    depths.set(CRM, 1);
    const reconciler = make();
    assert.deepEqual(await reconciler.redrive({ reason: 'missing', by: 'ada' }), { done: 1, remaining: 0 });
    assert.deepEqual(await sentAgain(), [old.messageId]);
    await publish(store(), old);
    // It is on its way again: not older than the grace time any more.
    assert.deepEqual(await reconciler.redrive({ reason: 'missing', by: 'ada' }), { done: 0, remaining: 0 });
    assert.deepEqual(await reconciler.redrive({ route: CRM, olderThan: 0, reason: 'missing', by: 'ada' }), {
      done: 1,
      remaining: 0,
    });
  });

  it('finds by itself what was lost: open at two looks the grace time apart, with an empty queue', async () => {
    const reconciler = make();
    const lost = await underway(ERP);
    const queued = await underway(CRM);
    depths.set(CRM, 1);
    await clock.advance(MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    // Accepted long ago, but seen like this for the first time: it may just have been published.
    await clock.advance(2 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(MINUTE);
    assert.equal(await reconciler.runOnce(), 1);
    assert.deepEqual(await sentAgain(), [lost.messageId]);
    assert.deepEqual(await eventTypes(store(), lost), ['redriven']);
    assert.deepEqual(await eventTypes(store(), queued), []);
    // The next time, it takes as long again.
    await publish(store(), lost);
    await clock.advance(MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
  });

  it('sends nothing again on a route of whose queue nothing is known', async () => {
    depths.delete(ERP);
    const reconciler = make();
    const unknown = await underway(ERP);
    await underway(CRM);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 1);
    assert.deepEqual(await reconciler.redrive({ reason: 'missing', by: 'ada' }), { done: 0, remaining: 0 });
    assert.equal((await sentAgain()).includes(unknown.messageId), false);
  });

  it('forgets its suspicion of a delivery that moved in between', async () => {
    const reconciler = make();
    const lane = await underway(ERP);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(MINUTE);
    depths.set(ERP, 1);
    assert.equal(await reconciler.runOnce(), 0);
    depths.set(ERP, 0);
    await clock.advance(MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await settle(stage(), 'delivered', DELIVERED, lane);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    assert.deepEqual(await sentAgain(), []);
  });

  it('finds what was lost in an hour long past, too, and what comes up in one', async () => {
    const reconciler = make();
    const root = await underway(ERP);
    const failed = await acceptFailed(store(), clock, DEAD);
    await clock.advance(5 * 60 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 1);
    await settle(stage(), 'delivered', DELIVERED, root);
    // The dead one is retried hours later, and lost on its way.
    await query(store().db, `update failures set state = 'sent', due_at = ?`, [new Date(clock.now())]);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 0);
    await clock.advance(3 * MINUTE);
    assert.equal(await reconciler.runOnce(), 1);
    assert.deepEqual(await sentAgain(), [failed.messageId]);
  });

  it('looks in one process at a time', async () => {
    const [one, other] = [make(), make()];
    await underway(ERP);
    await clock.advance(3 * MINUTE);
    assert.equal(await one.runOnce(), 0);
    assert.equal(await other.runOnce(), 0);
    await clock.advance(3 * MINUTE);
    assert.equal(await other.runOnce(), 0);
    assert.equal(await one.runOnce(), 1);
  });

  it('sends nothing twice when two re-drive at once', async () => {
    for (let n = 0; n < 20; n += 1) await underway(ERP);
    const options = { olderThan: 0, reason: 'missing', by: 'ada' } as const;
    const results = await Promise.all([make().redrive(options), make().redrive(options)]);
    assert.deepEqual(results.map((result) => result.done).sort(), [0, 20].sort());
    assert.equal((await outbox(store())).length, 20);
  });

  it('reports the books against what the transport has', async () => {
    const done = await underway(ERP);
    await settle(stage(), 'delivered', DELIVERED, done);
    await underway(CRM);
    await clock.advance(3 * MINUTE);
    depths.set(CRM, 1);
    const good = await make().report();
    assert.equal(good.balanced, true);
    assert.deepEqual(
      good.routes.map(({ route, accepted, delivered, open, queued, overdue, missing }) => [
        route,
        accepted,
        delivered,
        open,
        queued,
        overdue,
        missing,
      ]),
      [
        [CRM, 1, 0, 1, 1, 1, 0],
        [ERP, 1, 1, 0, 0, 0, 0],
      ],
    );
    await query(store().db, 'delete from events where message_id = ?', [done.messageId]);
    const bad = await make().report();
    assert.deepEqual([bad.balanced, bad.routes.find((report) => report.route === ERP)?.missing], [false, 1]);
    assert.equal((await make().report({ overdueAfter: 60 * MINUTE })).balanced, true);
  });

  it('calls nothing missing that may be in a bundle', async () => {
    for (let count = 0; count < 9; count += 1) await underway(ERP);
    await clock.advance(3 * MINUTE);
    depths.set(ERP, 1);
    const report = await make().report();
    const books = report.routes.find(({ route }) => route === ERP);
    assert.deepEqual([books?.overdue, books?.queued, books?.missing], [9, 1, 1]);
  });

  it('takes nothing for lost on a route of which a worker has held something for long', async () => {
    const lane = await underway(ERP);
    const held = new Map([[ERP, { count: 1, oldest: 1 }]]);
    const holdings = new HoldingsReport({ database: store(), clock, owner: 'one', held: () => held });
    const reconciler = make();
    for (let minutes = 0; minutes < 8; minutes += 1) {
      await holdings.runOnce();
      assert.equal(await reconciler.runOnce(), 0);
      await clock.advance(MINUTE);
    }
    const report = await reconciler.report();
    const books = report.routes.find(({ route }) => route === ERP);
    assert.deepEqual([books?.overdue, books?.held, books?.missing], [1, 1, 0]);
    assert.equal((await reconciler.redrive({ reason: 'missing', by: 'ada' })).done, 0);
    await holdings.end();
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await reconciler.runOnce();
      await clock.advance(MINUTE);
    }
    assert.deepEqual(await sentAgain(), [lane.messageId]);
  });

  it('finds what was lost though a route is busy, and although very much waits on another', async () => {
    const lost = await underway(ERP);
    const many: Arrival[] = Array.from({ length: 1_100 }, () => ({ ...ARRIVAL, routes: [CRM] }));
    await insertArrivals(store().db, many, clock);
    await query(store().db, 'delete from outbox');
    depths.set(CRM, 1_100);
    const held = new Map([[ERP, { count: 1, oldest: 1 }]]);
    const holdings = new HoldingsReport({ database: store(), clock, owner: 'one', held: () => held });
    const reconciler = make();
    for (let minutes = 0; minutes < 8; minutes += 1) {
      held.set(ERP, { count: 1, oldest: minutes });
      await holdings.runOnce();
      await reconciler.runOnce();
      await clock.advance(MINUTE);
    }
    assert.deepEqual(await sentAgain(), [lost.messageId]);
  });

  it('reports without the transport what the store knows, and re-drives nothing blindly', async () => {
    await underway(ERP);
    await clock.advance(5 * MINUTE);
    const reconciler = createReconciler({
      database: store(),
      clock,
      log: silentLogger,
      routes: [ERP],
      depths: () => Promise.reject(new Error('no connection')),
      removeQueue: () => Promise.resolve(),
      wake: () => {},
    });
    const report = await reconciler.report();
    assert.deepEqual([report.routes[0]?.queued, report.routes[0]?.missing], [undefined, 1]);
    await assert.rejects(reconciler.redrive({ reason: 'missing', by: 'ada' }), /no connection/);
    await assert.rejects(reconciler.runOnce(), /no connection/);
    assert.deepEqual(await sentAgain(), []);
    assert.equal((await conservation(store().db))[0]?.open, 1);
  });
});
