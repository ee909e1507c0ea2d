import assert from 'node:assert/strict';
import { CrossdockError } from '../../../core/model/errors.ts';
import {
  failureFromOutcome,
  failureTotals,
  getFailure,
  groupFailures,
  listFailures,
  recordFailures,
  resolveFailures,
} from '../../../core/recovery/index.ts';
import { newId, query } from '../../../core/store/index.ts';
import { accept, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, fail, IN_DOUBT, waiting } from './failing.ts';

onEachStore('failures', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  it('keep their id, their first time, the edit and the request of a retry when they fail again', async () => {
    const lane = await acceptFailed(store(), clock, waiting(1_000));
    const first = await getFailure(store().db, lane.failureId);
    await query(store().db, `update failures set state = 'sent', edited = 'x', retried_at = ? where id = ?`, [
      new Date(clock.now()),
      lane.failureId,
    ]);
    await clock.advance(5_000);
    assert.equal(await fail(stage(), lane, DEAD, 4), lane.failureId);
    const again = await getFailure(store().db, lane.failureId);
    assert.equal(again?.firstFailedAt, first?.firstFailedAt);
    assert.equal(again?.lastFailedAt, new Date(clock.now()).toISOString());
    assert.deepEqual(
      [again?.state, again?.attempts, again?.edited, again?.dueAt, again?.reason],
      ['dead', 4, true, undefined, 'permanent'],
    );
    const [row] = await query<{ retried_at: Date | null }>(store().db, 'select retried_at from failures');
    assert.notEqual(row?.retried_at, null);
  });

  it('of one delivery are one, the last, even in one batch', async () => {
    const [lane] = (await accept(store(), clock)) as [Lane];
    const delivery = { ...lane, message: { id: lane.messageId, journeyId: lane.journeyId }, step: 0 };
    const rows = [waiting(1), DEAD].map(
      (outcome, index) => failureFromOutcome({ delivery, attempt: index + 1 }, outcome, clock).row,
    );
    await recordFailures(store().db, rows);
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map((failure) => [failure.state, failure.attempts]),
      [['dead', 2]],
    );
  });

  it('do not come up for a delivery that another copy has made final', async () => {
    const [lane] = (await accept(store(), clock)) as [Lane];
    await settle(stage(), 'delivered', DELIVERED, lane);
    await fail(stage(), lane, DEAD);
    assert.deepEqual((await listFailures(store().db)).items, []);
  });

  it('take any text that a target may have answered', async () => {
    const error = new CrossdockError('TARGET_FAILED', 'a\u0000b', { response: '\u0000\ud83d' });
    const { failureId } = await acceptFailed(store(), clock, { kind: 'dead', reason: 'permanent', error });
    const failure = await getFailure(store().db, failureId);
    assert.deepEqual([failure?.error, failure?.response], ['ab', '\ufffd']);
  });

  it('go when their delivery becomes final', async () => {
    const [one, other] = [await acceptFailed(store(), clock, DEAD), await acceptFailed(store(), clock, DEAD)];
    await resolveFailures(store().db, [one, { messageId: other.messageId, route: 'another/route/x' }]);
    assert.equal(await getFailure(store().db, one.failureId), undefined);
    assert.notEqual(await getFailure(store().db, other.failureId), undefined);
  });

  it('are listed the latest first, page by page, and narrowed', async () => {
    const dead = await acceptFailed(store(), clock, DEAD);
    await clock.advance(1_000);
    const doubt = await acceptFailed(store(), clock, IN_DOUBT, 'finance/payments/erp');
    await clock.advance(1_000);
    const wait = await acceptFailed(store(), clock, waiting(9), 'sales/orders/crm');
    const ids = async (filter: Parameters<typeof listFailures>[1]): Promise<readonly string[]> =>
      (await listFailures(store().db, filter)).items.map((failure) => failure.id);
    const all = [wait.failureId, doubt.failureId, dead.failureId];
    assert.deepEqual(await ids({}), all);
    const page = await listFailures(store().db, { limit: 2 });
    assert.deepEqual(await ids({ limit: 2, after: page.next as string }), [dead.failureId]);
    assert.deepEqual(await ids({ state: 'dead' }), [dead.failureId]);
    assert.deepEqual(await ids({ route: 'sales/orders/crm' }), [wait.failureId]);
    assert.deepEqual(await ids({ mapping: 'sales/orders' }), [wait.failureId, dead.failureId]);
    assert.deepEqual(await ids({ domain: 'finance' }), [doubt.failureId]);
    assert.deepEqual(await ids({ domains: ['sales'], state: 'in_doubt' }), []);
    assert.deepEqual(await ids({ code: 'TARGET_TIMEOUT' }), [doubt.failureId]);
    assert.deepEqual(await ids({ messageId: dead.messageId }), [dead.failureId]);
    assert.deepEqual(await ids({ messageId: 'nothing' }), []);
    assert.deepEqual(await ids({ since: clock.now() - 1_000 }), [wait.failureId, doubt.failureId]);
    assert.deepEqual(await ids({ until: clock.now() - 1_000 }), [dead.failureId]);
    assert.equal(await getFailure(store().db, newId(clock)), undefined);
    assert.equal(await getFailure(store().db, 'nothing'), undefined);
  });

  it('that are alike are counted together', async () => {
    const first = clock.now();
    const customer = (id: string): CrossdockError =>
      new CrossdockError('TARGET_REJECTED', `customer "${id}" is unknown`);
    for (const id of ['C-1', 'C-2', 'C-3']) {
      await acceptFailed(store(), clock, { kind: 'dead', reason: 'permanent', error: customer(id) });
      await clock.advance(1_000);
    }
    await acceptFailed(store(), clock, waiting(1), 'sales/orders/crm');
    const [group, other] = await groupFailures(store().db, { domains: ['sales'] });
    assert.deepEqual(
      { ...group, fingerprint: '', sampleId: '' },
      {
        fingerprint: '',
        route: 'sales/orders/erp',
        code: 'TARGET_REJECTED',
        error: 'customer "C-3" is unknown',
        sampleId: '',
        count: 3,
        states: { dead: 3 },
        firstFailedAt: new Date(first).toISOString(),
        lastFailedAt: new Date(first + 2_000).toISOString(),
      },
    );
    assert.deepEqual(other?.states, { waiting: 1 });
    const { items } = await listFailures(store().db, { fingerprint: group?.fingerprint as string });
    assert.equal(items.length, 3);
    assert.deepEqual(await failureTotals(store().db), [
      { route: 'sales/orders/crm', state: 'waiting', count: 1, oldest: first + 3_000 },
      { route: 'sales/orders/erp', state: 'dead', count: 3, oldest: first },
    ]);
  });
});
