import assert from 'node:assert/strict';
import { silentLogger } from '../../../core/log.ts';
import { createDispatcher, getFailure } from '../../../core/recovery/index.ts';
import type { Flow } from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import { DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, fail, manyWaiting, outbox, waiting } from './failing.ts';

onEachStore('the dispatcher', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const dispatcher = (flow?: (route: string) => Flow, wake = (): void => {}) =>
    createDispatcher({
      database: store(),
      clock,
      log: silentLogger,
      wake,
      ...(flow === undefined ? {} : { flow }),
    });

  it('sends what is due, as it stands, and leaves the rest', async () => {
    const due = await acceptFailed(store(), clock, waiting(1_000));
    await fail(stage(), due, waiting(1_000), 2);
    const later = await acceptFailed(store(), clock, waiting(2_000));
    await acceptFailed(store(), clock, DEAD);
    let woken = 0;
    const { runOnce } = dispatcher(undefined, () => (woken += 1));
    assert.equal(await runOnce(), 0);
    await clock.advance(1_000);
    assert.equal(await runOnce(), 1);
    assert.equal(await runOnce(), 0);
    assert.equal(woken, 1);
    assert.deepEqual(await outbox(store()), [
      { message_id: due.messageId, route: due.route, attempts: 2, step: 0, repeat: true, retried_at: null },
    ]);
    assert.equal((await getFailure(store().db, due.failureId))?.state, 'sent');
    assert.equal((await getFailure(store().db, later.failureId))?.state, 'waiting');
  });

  it('carries on what an operator asked for: the age counts from then', async () => {
    const lane = await acceptFailed(store(), clock, waiting(0));
    const asked = new Date(clock.now());
    await query(store().db, 'update failures set retried_at = ?', [asked]);
    assert.equal(await dispatcher().runOnce(), 1);
    assert.deepEqual((await outbox(store()))[0]?.retried_at, asked);
    assert.equal((await outbox(store()))[0]?.message_id, lane.messageId);
  });

  it('leaves the routes of a paused connection alone until it goes on', async () => {
    await acceptFailed(store(), clock, waiting(0), 'sales/orders/erp');
    await acceptFailed(store(), clock, waiting(0), 'sales/orders/crm');
    let paused = true;
    const { runOnce } = dispatcher((route) => (paused && route === 'sales/orders/erp' ? 'none' : 'all'));
    assert.equal(await runOnce(), 1);
    assert.deepEqual(
      (await outbox(store())).map((row) => row.route),
      ['sales/orders/crm'],
    );
    assert.equal(await runOnce(), 0);
    paused = false;
    assert.equal(await runOnce(), 1);
  });

  it('sends one at a time where a connection is probed, and the next when that one is settled', async () => {
    const first = await acceptFailed(store(), clock, waiting(0), 'sales/orders/erp');
    await clock.advance(1);
    const second = await acceptFailed(store(), clock, waiting(0), 'sales/orders/erp');
    await clock.advance(1);
    const third = await acceptFailed(store(), clock, waiting(0), 'sales/orders/erp');
    const other = await acceptFailed(store(), clock, waiting(0), 'sales/orders/crm');
    let woken = 0;
    const { runOnce } = dispatcher(
      (route) => (route === 'sales/orders/erp' ? 'one' : 'all'),
      () => (woken += 1),
    );
    const sent = async (): Promise<unknown> => (await outbox(store())).map((row) => row.message_id);
    assert.equal(await runOnce(), 2);
    assert.equal(woken, 2);
    assert.deepEqual(await sent(), [other.messageId, first.messageId]);
    assert.equal(await runOnce(), 0);
    await fail(stage(), first, waiting(60_000), 2);
    assert.equal(await runOnce(), 1);
    assert.deepEqual(await sent(), [other.messageId, second.messageId]);
    // Final by another copy: what it leaves behind as sent probes nothing.
    await settle(stage(), 'delivered', DELIVERED, second);
    assert.equal(await runOnce(), 1);
    assert.deepEqual(await sent(), [other.messageId, third.messageId]);
  });

  it('may run several times over at once: each delivery is sent once', async () => {
    await manyWaiting(store(), clock, 2_300);
    const sent = await Promise.all([1, 2, 3].map(() => dispatcher().runOnce()));
    // What one had locked while another looked is left for a later turn.
    const rest = await dispatcher().runOnce();
    assert.equal(
      sent.reduce((a, b) => a + b, rest),
      2_300,
    );
    const rows = await outbox(store());
    assert.equal(rows.length, 2_300);
    assert.equal(new Set(rows.map((row) => row.message_id)).size, 2_300);
  });

  const alsoInOutbox = (lane: Lane, claimedUntil: string): Promise<unknown> =>
    query(
      store().db,
      `insert into outbox (route, message_id, attempts, step, repeat, created_at, claimed_until)
       values (?, ?, 0, 0, true, now(), ?)`,
      [lane.route, lane.messageId, claimedUntil],
    );

  it('does not put a delivery into the outbox twice', async () => {
    const lane = await acceptFailed(store(), clock, waiting(0));
    await fail(stage(), lane, waiting(0), 2);
    await alsoInOutbox(lane, '-infinity');
    assert.equal(await dispatcher().runOnce(), 1);
    assert.deepEqual(
      (await outbox(store())).map(({ attempts }) => attempts),
      [2],
    );
  });

  it('counts on no copy that a relay has in hand: that one may be published, and settled already', async () => {
    const lane = await acceptFailed(store(), clock, waiting(0));
    await alsoInOutbox(lane, 'tomorrow');
    assert.equal(await dispatcher().runOnce(), 1);
    assert.equal((await outbox(store())).length, 2);
  });
});
