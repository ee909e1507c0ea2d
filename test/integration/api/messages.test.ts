import assert from 'node:assert/strict';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

onServedApi('Messages over the API', (served) => {
  let api: ServedApi;
  let admin: string;
  let financeViewer: string;
  let order: string;
  let payment: string;

  before(async () => {
    api = served();
    admin = await api.issue(ADMIN);
    financeViewer = await api.issue({ role: 'viewer', domains: ['finance/*'] });
    order = await api.message('sales/orders', '{"id": 1, "name": "Zoë"}', { order: '4711' });
    payment = await api.message('finance/payments', '{"id": 2}', { order: '4711' });
  });

  const ids = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map((item) => item.id);

  it('are listed newest first, a page at a time', async () => {
    const first = await api.send(admin, 'GET', '/messages?limit=1');
    assert.equal(first.status, 200);
    assert.deepEqual(ids(first), [payment]);
    const second = await api.send(admin, 'GET', `/messages?limit=1&after=${first.body.next}`);
    assert.deepEqual(ids(second), [order]);
    assert.equal(second.body.next, undefined);
  });

  it('are narrowed by mapping, domain and time', async () => {
    assert.deepEqual(ids(await api.send(admin, 'GET', '/messages?mapping=sales/orders')), [order]);
    assert.deepEqual(ids(await api.send(admin, 'GET', '/messages?domain=finance')), [payment]);
    assert.deepEqual(ids(await api.send(admin, 'GET', '/messages?since=2999-01-01T00:00:00Z')), []);
  });

  it('are found by a business key', async () => {
    assert.deepEqual(ids(await api.send(admin, 'GET', '/messages/search?key=order%3D4711')), [
      payment,
      order,
    ]);
    assert.deepEqual(ids(await api.send(admin, 'GET', '/messages/search?key=order%3D1')), []);
    assert.equal((await api.send(admin, 'GET', '/messages/search?key=order')).status, 400);
  });

  it('show where their deliveries stand', async () => {
    const { status, body } = await api.send(admin, 'GET', `/messages/${order}`);
    assert.equal(status, 200);
    assert.deepEqual(body.keys, { order: '4711' });
    assert.deepEqual(body.deliveries, [{ messageId: order, route: 'sales/orders/erp', state: 'underway' }]);
  });

  it('of other domains do not exist', async () => {
    assert.deepEqual(ids(await api.send(financeViewer, 'GET', '/messages')), [payment]);
    assert.deepEqual(ids(await api.send(financeViewer, 'GET', '/messages/search?key=order%3D4711')), [
      payment,
    ]);
    assert.equal((await api.send(financeViewer, 'GET', `/messages/${payment}`)).status, 200);
    for (const path of ['', '/journey'])
      assert.equal(
        (await api.send(financeViewer, 'GET', `/messages/${order}${path}`)).body.code,
        'NOT_FOUND',
      );
    const reader = await api.issue({ role: 'payload-reader', domains: ['finance/*'] });
    assert.equal((await api.send(reader, 'GET', `/messages/${order}/payload`)).status, 404);
  });

  it('hand out their payload only by its own right, and that is audited', async () => {
    assert.equal((await api.send(financeViewer, 'GET', `/messages/${payment}/payload`)).status, 403);
    const { status, body } = await api.send(admin, 'GET', `/messages/${order}/payload`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      id: order,
      contentType: 'application/json',
      size: 25,
      encoding: 'utf-8',
      payload: '{"id": 1, "name": "Zoë"}',
    });
    const { items } = await listEvents(api.database.db, { types: ['payload_read'] });
    assert.equal(items.length, 1);
    assert.equal(items[0]?.messageId, order);
  });

  it('have a journey', async () => {
    const { status, body } = await api.send(admin, 'GET', `/messages/${order}/journey`);
    assert.equal(status, 200);
    assert.equal(body.id, order);
    assert.equal(body.messages.length, 1);
    assert.equal(body.deliveries.length, 1);
    assert.deepEqual(
      body.events.map((event: { type: string }) => event.type),
      ['payload_read'],
    );
  });

  it('that are unknown or no ids at all are told apart', async () => {
    assert.equal(
      (await api.send(admin, 'GET', '/messages/019b0000-0000-7000-8000-000000000001')).status,
      404,
    );
    assert.equal((await api.send(admin, 'GET', "/messages/1'--")).status, 400);
    assert.equal((await api.send(admin, 'GET', '/messages?after=nonsense')).status, 400);
    assert.equal((await api.send(admin, 'GET', '/messages?limit=0')).status, 400);
    assert.equal((await api.send(admin, 'GET', '/messages?since=yesterday')).status, 400);
  });
});
