import assert from 'node:assert/strict';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

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
    Object.fromEntries(
      (await api.send(admin, 'GET', '/failures')).body.items.map((item: { id: string; state: string }) => [
        item.id,
        item.state,
      ]),
    );

  it('are listed without what a payload could shine through', async () => {
    const { status, body } = await api.send(admin, 'GET', '/failures?state=dead');
    assert.equal(status, 200);
    assert.deepEqual(body.items.map((item: { id: string }) => item.id).sort(), [ofSales, ofFinance].sort());
    assert.doesNotMatch(JSON.stringify(body), /secret answer|Buyer/);
    assert.equal((await api.send(admin, 'GET', '/failures?state=waiting')).body.items.length, 0);
  });

  it('are grouped by what is alike', async () => {
    const { body } = await api.send(admin, 'GET', '/failures/groups');
    assert.equal(body.items.length, 2);
    assert.deepEqual(body.items[0].states, { dead: 1 });
  });

  it('show output and response only to those who may read payloads, and that is audited', async () => {
    const full = await api.send(admin, 'GET', `/failures/${ofSales}`);
    assert.equal(full.body.response, 'secret answer');
    assert.match(full.body.output, /Buyer/);
    assert.ok(full.body.help);
    const { items } = await listEvents(api.database.db, { types: ['payload_read'], limit: 1 });
    assert.equal(items[0]?.messageId, order);
    const plain = await api.send(financeOperator, 'GET', `/failures/${ofFinance}`);
    assert.equal(plain.status, 200);
    assert.equal(plain.body.response, undefined);
    assert.equal(plain.body.output, undefined);
  });

  it('of other domains do not exist, nor can they be acted on', async () => {
    const { body } = await api.send(financeOperator, 'GET', '/failures');
    assert.deepEqual(
      body.items.map((item: { id: string }) => item.id),
      [ofFinance],
    );
    assert.equal((await api.send(financeOperator, 'GET', `/failures/${ofSales}`)).status, 404);
    for (const act of ['retry', 'discard']) {
      const named = await api.send(financeOperator, 'POST', `/failures/${act}`, { ids: [ofSales], why: 'x' });
      assert.equal(named.status, 404, act);
    }
    const edited = await api.send(financeOperator, 'POST', `/failures/${ofSales}/edit`, {
      body: {},
      why: 'x',
    });
    assert.equal(edited.status, 404);
    const all = await api.send(financeOperator, 'POST', '/failures/discard', {
      filter: {},
      why: 'all of them',
    });
    assert.deepEqual(all.body, { done: 1, remaining: 0 });
    assert.deepEqual(await states(), { [ofSales]: 'dead' });
  });

  it('are sent again, and the relay is woken', async () => {
    const before = api.woken();
    const { status, body } = await api.send(admin, 'POST', '/failures/retry', {
      ids: [ofSales],
      why: 'mended',
    });
    assert.equal(status, 200);
    assert.deepEqual(body, { done: 1, remaining: 0 });
    assert.deepEqual(await states(), { [ofSales]: 'sent', [ofFinance]: 'dead' });
    assert.equal(api.woken(), before + 1);
    const { items } = await listEvents(api.database.db, { types: ['retried'], limit: 1 });
    assert.deepEqual(items[0]?.data, { by: 'test-1', why: 'mended' });
  });

  it('are only counted by a dry run', async () => {
    const { body } = await api.send(admin, 'POST', '/failures/discard', {
      filter: {},
      why: 'x',
      dryRun: true,
    });
    assert.deepEqual(body, { done: 0, remaining: 2 });
    assert.equal(Object.keys(await states()).length, 2);
  });

  it('are acted on in portions, until nothing remains', async () => {
    const act = { filter: { state: 'dead' }, why: 'x', limit: 1 };
    assert.deepEqual((await api.send(admin, 'POST', '/failures/discard', act)).body, {
      done: 1,
      remaining: 1,
    });
    assert.deepEqual((await api.send(admin, 'POST', '/failures/discard', act)).body, {
      done: 1,
      remaining: 0,
    });
    assert.deepEqual((await api.send(admin, 'POST', '/failures/discard', act)).body, {
      done: 0,
      remaining: 0,
    });
  });

  it('are not acted on where it is not said which, or not why', async () => {
    for (const body of [{}, { ids: [ofSales], filter: {} }, { ids: [] }])
      assert.equal((await api.send(admin, 'POST', '/failures/retry', body)).status, 400);
    assert.equal((await api.send(admin, 'POST', '/failures/discard', { ids: [ofSales] })).status, 400);
    assert.equal((await api.send(admin, 'POST', `/failures/${ofSales}/edit`, { body: {} })).status, 400);
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
    const json = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, {
      body: { id: 7 },
      why: 'wrong id',
    });
    assert.equal(json.status, 200);
    assert.equal(json.body.edited, true);
    const text = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, {
      payload: '{"id": 8}',
      why: 'again',
    });
    assert.equal(text.status, 200);
    const broken = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, {
      payload: '{"id": ',
      why: 'x',
    });
    assert.equal(broken.body.code, 'BODY_UNREADABLE');
    const neither = await api.send(admin, 'POST', `/failures/${ofSales}/edit`, { why: 'x' });
    assert.equal(neither.status, 400);
  });
});
