import assert from 'node:assert/strict';
import { endpoints } from '../../../api/index.ts';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

const { getJourney, getMessage, getPayload, listMessages, searchMessages } = endpoints;

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

  const idsOf = (page: { readonly items: readonly { readonly id: string }[] }) =>
    page.items.map(({ id }) => id);

  it('are listed newest first, a page at a time', async () => {
    const first = await api.ask(admin, listMessages, { query: { limit: 1 } });
    assert.deepEqual(idsOf(first), [payment]);
    const second = await api.ask(admin, listMessages, { query: { limit: 1, after: first.next ?? '' } });
    assert.deepEqual(idsOf(second), [order]);
    assert.equal(second.next, undefined);
  });

  it('are narrowed by mapping, domain and time', async () => {
    const listed = async (query: object) => idsOf(await api.ask(admin, listMessages, { query }));
    assert.deepEqual(await listed({ mapping: 'sales/orders' }), [order]);
    assert.deepEqual(await listed({ domain: 'finance' }), [payment]);
    assert.deepEqual(await listed({ since: '2999-01-01T00:00:00Z' }), []);
    assert.deepEqual(await listed({ until: '2020-01-01T00:00:00+01:00' }), []);
  });

  it('are found by a business key', async () => {
    const found = async (key: string) => idsOf(await api.ask(admin, searchMessages, { query: { key } }));
    assert.deepEqual(await found('order=4711'), [payment, order]);
    assert.deepEqual(await found('order=1'), []);
    assert.equal((await api.send(admin, 'GET', '/messages/search?key=order')).status, 400);
  });

  it('show where their deliveries stand', async () => {
    const message = await api.ask(admin, getMessage, { params: { id: order } });
    assert.deepEqual(message.keys, { order: '4711' });
    assert.deepEqual(message.deliveries, [
      { messageId: order, route: 'sales/orders/erp', state: 'underway' },
    ]);
  });

  it('of other domains do not exist', async () => {
    assert.deepEqual(idsOf(await api.ask(financeViewer, listMessages)), [payment]);
    const found = await api.ask(financeViewer, searchMessages, { query: { key: 'order=4711' } });
    assert.deepEqual(idsOf(found), [payment]);
    await api.ask(financeViewer, getMessage, { params: { id: payment } });
    for (const path of ['', '/journey']) {
      const { status, body } = await api.send(financeViewer, 'GET', `/messages/${order}${path}`);
      assert.equal(status, 404);
      assert.equal(body.code, 'NOT_FOUND');
    }
    const reader = await api.issue({ role: 'payload-reader', domains: ['finance/*'] });
    assert.equal((await api.send(reader, 'GET', `/messages/${order}/payload`)).status, 404);
  });

  it('hand out their payload only by its own right, and that is audited', async () => {
    assert.equal((await api.send(financeViewer, 'GET', `/messages/${payment}/payload`)).status, 403);
    assert.deepEqual(await api.ask(admin, getPayload, { params: { id: order } }), {
      id: order,
      contentType: 'application/json',
      size: 25,
      encoding: 'utf-8',
      payload: '{"id": 1, "name": "Zoë"}',
    });
    const { items } = await listEvents(api.database.db, { types: ['payload_read'] });
    assert.deepEqual(
      items.map((event) => event.messageId),
      [order],
    );
  });

  it('have a journey', async () => {
    const journey = await api.ask(admin, getJourney, { params: { id: order } });
    assert.equal(journey.id, order);
    assert.deepEqual(idsOf({ items: journey.messages }), [order]);
    assert.equal(journey.deliveries.length, 1);
    assert.deepEqual(
      journey.events.map((event) => event.type),
      ['payload_read'],
    );
  });

  it('that are unknown or no ids at all are told apart', async () => {
    const status = async (path: string) => (await api.send(admin, 'GET', path)).status;
    assert.equal(await status('/messages/019b0000-0000-7000-8000-000000000001'), 404);
    assert.equal(await status("/messages/1'--"), 400);
    assert.equal(await status('/messages?after=nonsense'), 400);
    assert.equal(await status('/messages?limit=0'), 400);
    assert.equal(await status('/messages?since=yesterday'), 400);
  });
});
