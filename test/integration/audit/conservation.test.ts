import assert from 'node:assert/strict';
import {
  appendEvents,
  conservation,
  createEvent,
  deliveryKey,
  finalDeliveries,
  isFinished,
  unfinished,
} from '../../../core/audit/index.ts';
import type { RouteBalance } from '../../../core/audit/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { failureFromOutcome, recordFailures } from '../../../core/recovery/index.ts';
import type { FailedOutcome } from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { accept, acceptPart, DELIVERED, emptyStore, publish, settle } from './accepted.ts';
import type { Lane, Stage } from './accepted.ts';

const NOTHING = {
  delivered: 0,
  filtered: 0,
  split: 0,
  discarded: 0,
  outbox: 0,
  failures: { waiting: 0, in_doubt: 0, dead: 0 },
  open: 0,
  overdue: 0,
  repeated: 0,
};

function total(balance: RouteBalance): number {
  const { waiting, in_doubt, dead } = balance.failures;
  const finals = balance.delivered + balance.filtered + balance.split + balance.discarded;
  return finals + balance.outbox + waiting + in_doubt + dead + balance.open;
}

onEachStore('conservation', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const acceptOne = async (route = 'sales/orders/erp'): Promise<Lane> => {
    await clock.advance(1);
    return (await accept(store(), clock, { routes: [route] }))[0] as Lane;
  };

  const fail = async (lane: Lane, outcome: FailedOutcome): Promise<void> => {
    await publish(store(), lane);
    const delivery = { ...lane, message: { id: lane.messageId, journeyId: lane.journeyId }, step: 0 };
    const { row, event } = failureFromOutcome({ delivery, attempt: 1 }, outcome, clock);
    await recordFailures(store().db, [row]);
    await appendEvents(store().db, [event]);
  };

  it('counts every delivery once, wherever it is', async () => {
    const error = new CrossdockError('TARGET_FAILED', 'no');
    await acceptOne();
    await publish(store(), await acceptOne());
    await settle(stage(), 'delivered', DELIVERED, await acceptOne(), await acceptOne());
    await settle(stage(), 'filtered', { step: 'filter' }, await acceptOne());
    await settle(stage(), 'split', { count: 0, step: 'split' }, await acceptOne());
    await settle(stage(), 'discarded', { by: 'ada' }, await acceptOne());
    await fail(await acceptOne(), { kind: 'retry', afterMs: 1, usesAttempt: true, error });
    await fail(await acceptOne(), { kind: 'in_doubt', error });
    await fail(await acceptOne(), { kind: 'dead', reason: 'permanent', error });
    await settle(stage(), 'delivered', DELIVERED, await acceptOne('sales/orders/crm'));
    const [crm, erp] = await conservation(store().db);
    assert.deepEqual(crm, { ...NOTHING, route: 'sales/orders/crm', accepted: 1, delivered: 1 });
    const { oldestOpenAt, ...counts } = erp as RouteBalance;
    assert.deepEqual(counts, {
      ...NOTHING,
      route: 'sales/orders/erp',
      accepted: 10,
      delivered: 2,
      filtered: 1,
      split: 1,
      discarded: 1,
      outbox: 1,
      failures: { waiting: 1, in_doubt: 1, dead: 1 },
      open: 1,
    });
    assert.equal(total(erp as RouteBalance), 10);
    assert.match(oldestOpenAt ?? '', /^2026-/);
  });

  it('finds a delivery whose final event was taken away', async () => {
    const lanes = [await acceptOne(), await acceptOne(), await acceptOne()];
    await settle(stage(), 'delivered', DELIVERED, ...lanes);
    assert.equal((await conservation(store().db))[0]?.open, 0);
    const victim = lanes[1] as Lane;
    await query(store().db, 'delete from events where message_id = ?', [victim.messageId]);
    const [balance] = await conservation(store().db, { overdueBefore: clock.now() + 1 });
    assert.deepEqual([balance?.delivered, balance?.open, balance?.overdue], [2, 1, 1]);
    const open = await unfinished(store().db, { limit: 10 });
    assert.deepEqual(
      open.map(({ messageId, route }) => [messageId, route]),
      [[victim.messageId, victim.route]],
    );
  });

  it('counts a target that was asked twice, and the delivery once', async () => {
    const lane = await acceptOne();
    await settle(stage(), 'delivered', DELIVERED, lane, lane);
    const [balance] = await conservation(store().db);
    assert.deepEqual([balance?.accepted, balance?.delivered, balance?.repeated], [1, 1, 1]);
  });

  it('keeps to its window', async () => {
    await acceptOne();
    const since = clock.now() + 1;
    await acceptOne();
    const until = clock.now() + 1;
    await acceptOne();
    assert.equal((await conservation(store().db, { since, until }))[0]?.accepted, 1);
  });

  it('prefers the final event to what else is known of a delivery', async () => {
    const lane = await acceptOne();
    await appendEvents(store().db, [createEvent('delivered', DELIVERED, lane, clock)]);
    const [balance] = await conservation(store().db);
    assert.deepEqual([balance?.delivered, balance?.outbox], [1, 0]);
  });

  it('tells of unfinished deliveries what is needed to send them again', async () => {
    const parent = await acceptOne('stock/file/shop');
    const part = await acceptPart(stage(), parent, 0, 3);
    await settle(stage(), 'split', { count: 1, step: 'split' }, parent);
    await publish(store(), part);
    const retried = await acceptOne();
    const error = new CrossdockError('TARGET_FAILED', 'no');
    await fail(retried, { kind: 'retry', afterMs: 60_000, usesAttempt: true, error });
    assert.deepEqual(
      (await unfinished(store().db, { limit: 10 })).map(({ messageId, step, attempts }) => [
        messageId,
        step,
        attempts,
      ]),
      [[part.messageId, 3, 0]],
    );
    await query(store().db, `update failures set state = 'sent'`);
    const [again] = await unfinished(store().db, { limit: 10, routes: ['sales/orders/erp'] });
    assert.deepEqual(
      [again?.messageId, again?.attempts, again?.since],
      [retried.messageId, 1, clock.now() + 60_000],
    );
    assert.deepEqual(await unfinished(store().db, { limit: 10, before: 1 }), []);
  });

  it('knows when a window holds nothing that is not final', async () => {
    const lane = await acceptOne();
    const window = { since: clock.now(), until: clock.now() + 1 };
    assert.equal(await isFinished(store().db, window), false);
    await publish(store(), lane);
    assert.equal(await isFinished(store().db, window), false);
    await fail(lane, {
      kind: 'dead',
      reason: 'permanent',
      error: new CrossdockError('TARGET_REJECTED', 'no'),
    });
    assert.equal(await isFinished(store().db, window), false);
    await query(store().db, 'delete from failures');
    await settle(stage(), 'discarded', { by: 'ada' }, lane);
    assert.equal(await isFinished(store().db, window), true);
  });

  it('says of named deliveries which are final', async () => {
    const [done, open] = [await acceptOne(), await acceptOne()];
    await settle(stage(), 'delivered', DELIVERED, done);
    const final = await finalDeliveries(store().db, [done, open]);
    assert.deepEqual([...final], [deliveryKey(done.messageId, done.route)]);
    assert.equal((await finalDeliveries(store().db, [])).size, 0);
  });
});
