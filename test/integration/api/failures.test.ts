import assert from 'node:assert/strict';
import { endpoints } from '../../../api/index.ts';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

const { discardFailures, editFailure, getFailure, groupFailures, listFailures, retryFailures } = endpoints;

onServedApi('Failures over the API', (served) => {
  let api: ServedApi;
  let admin: string;
  let financeOperator: string;
  let order: string;
  let ofSales: string;
  let ofFinance: string;

  before(async () => {
    api = served();
    admin = await api.issue(ADMIN);
    financeOperator = await api.issue({ role: 'operator', domains: ['finance/*'] });
  });
  beforeEach(async () => {
    await api.database.db.raw('delete from failures');
    await api.database.db.raw('delete from outbox');
    order = await api.message('sales/orders', '{"id": 1}');
    ofSales = await api.failure(order, 'sales/orders/erp');
    ofFinance = await api.failure(await api.message('finance/payments', '{"id": 2}'), 'finance/payments/erp');
  });

  const states = async () =>
    Object.fromEntries((await api.ask(admin, listFailures)).items.map(({ id, state }) => [id, state]));

  it('are listed without what a payload could shine through', async () => {
    const dead = await api.ask(admin, listFailures, { query: { state: 'dead' } });
    assert.deepEqual(dead.items.map(({ id }) => id).sort(), [ofSales, ofFinance].sort());
    assert.doesNotMatch(JSON.stringify(dead), /secret answer|Buyer/);
    assert.equal((await api.ask(admin, listFailures, { query: { state: 'waiting' } })).items.length, 0);
  });

  it('are grouped by what is alike', async () => {
    const { items } = await api.ask(admin, groupFailures);
    assert.equal(items.length, 2);
    assert.deepEqual(items[0]?.states, { dead: 1 });
  });

  it('show output and response only to those who may read payloads, and that is audited', async () => {
    const full = await api.ask(admin, getFailure, { params: { id: ofSales } });
    assert.equal(full.response, 'secret answer');
    assert.match(full.output ?? '', /Buyer/);
    assert.ok(full.help);
    const { items } = await listEvents(api.database.db, { types: ['payload_read'], limit: 1 });
    assert.equal(items[0]?.messageId, order);
    const plain = await api.ask(financeOperator, getFailure, { params: { id: ofFinance } });
    assert.equal(plain.response, undefined);
    assert.equal(plain.output, undefined);
  });

  it('of other domains do not exist, nor can they be acted on', async () => {
    const listed = await api.ask(financeOperator, listFailures);
    assert.deepEqual(
      listed.items.map(({ id }) => id),
      [ofFinance],
    );
    assert.equal((await api.send(financeOperator, 'GET', `/failures/${ofSales}`)).status, 404);
    for (const act of ['retry', 'discard']) {
      const named = await api.send(financeOperator, 'POST', `/failures/${act}`, { ids: [ofSales], why: 'x' });
      assert.equal(named.status, 404, act);
    }
    const edited = await api.send(financeOperator, 'POST', `/failures/${ofSales}/edit`, {
      body: 1,
      why: 'x',
    });
    assert.equal(edited.status, 404);
    const all = await api.ask(financeOperator, discardFailures, { body: { filter: {}, why: 'all of them' } });
    assert.deepEqual(all, { done: 1, remaining: 0 });
    assert.deepEqual(await states(), { [ofSales]: 'dead' });
  });

  it('are sent again, and the relay is woken', async () => {
    const before = api.woken();
    const progress = await api.ask(admin, retryFailures, { body: { ids: [ofSales], why: 'mended' } });
    assert.deepEqual(progress, { done: 1, remaining: 0 });
    assert.deepEqual(await states(), { [ofSales]: 'sent', [ofFinance]: 'dead' });
    assert.equal(api.woken(), before + 1);
    const { items } = await listEvents(api.database.db, { types: ['retried'], limit: 1 });
    assert.deepEqual(items[0]?.data, { by: 'test-1', why: 'mended' });
  });

  it('are only counted by a dry run', async () => {
    const body = { filter: {}, why: 'x', dryRun: true };
    assert.deepEqual(await api.ask(admin, discardFailures, { body }), { done: 0, remaining: 2 });
    assert.equal(Object.keys(await states()).length, 2);
  });

  it('are acted on in portions, until nothing remains', async () => {
    const body = { filter: { state: 'dead' }, why: 'x', limit: 1 } as const;
    assert.deepEqual(await api.ask(admin, discardFailures, { body }), { done: 1, remaining: 1 });
    assert.deepEqual(await api.ask(admin, discardFailures, { body }), { done: 1, remaining: 0 });
    assert.deepEqual(await api.ask(admin, discardFailures, { body }), { done: 0, remaining: 0 });
  });

  it('are not acted on where it is not said which, or not why', async () => {
    const status = async (path: string, body: object) => (await api.send(admin, 'POST', path, body)).status;
    for (const body of [{}, { ids: [ofSales], filter: {} }, { ids: [] }])
      assert.equal(await status('/failures/retry', body), 400);
    assert.equal(await status('/failures/discard', { ids: [ofSales] }), 400);
    assert.equal(await status(`/failures/${ofSales}/edit`, { body: {} }), 400);
  });

  it('that are in no state for it are a conflict', async () => {
    const { status, body } = await api.send(admin, 'POST', '/failures/reschedule', {
      ids: [ofSales],
      dueAt: '2030-01-01T00:00:00Z',
    });
    assert.equal(status, 409);
    assert.equal(body.code, 'CONFLICT');
  });

  it('are edited as JSON or as text', async () => {
    const params = { id: ofSales };
    const asJson = await api.ask(admin, editFailure, { params, body: { body: { id: 7 }, why: 'wrong id' } });
    assert.equal(asJson.edited, true);
    await api.ask(admin, editFailure, { params, body: { payload: '{"id": 8}', why: 'again' } });
    const broken = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, {
      payload: '{"id": ',
      why: 'x',
    });
    assert.equal(broken.body.code, 'BODY_UNREADABLE');
    const neither = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, { why: 'x' });
    assert.equal(neither.status, 400);
  });
});
