import assert from 'node:assert/strict';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

onServedApi('The hub over the API', (served) => {
  let api: ServedApi;
  let admin: string;
  let finance: string;

  before(async () => {
    api = served();
    admin = await api.issue(ADMIN);
    finance = await api.issue({ role: 'operator', domains: ['finance/*'] });
  });

  it('says who asks and what they may do where', async () => {
    const { body } = await api.send(finance, 'GET', '/whoami');
    assert.equal(body.name, 'test-2');
    assert.deepEqual(body.actions['failures.retry'], ['finance/*']);
    assert.equal(body.actions['tokens.create'], undefined);
    assert.equal('hash' in body, false);
  });

  it('shows mappings and their routes, of the own domains', async () => {
    const { body } = await api.send(admin, 'GET', '/mappings');
    assert.deepEqual(body.items[0], {
      name: 'sales/orders',
      domain: 'sales',
      description: 'The orders of sales.',
      from: { kind: 'connection', connection: 'shop', source: 'webhook', url: '/in/sales/orders' },
      routes: [{ name: 'sales/orders/erp', target: 'erp', connection: 'erp', action: 'insert' }],
    });
    const own = await api.send(finance, 'GET', '/mappings');
    assert.deepEqual(
      own.body.items.map((item: { name: string }) => item.name),
      ['finance/payments'],
    );
    const one = await api.send(admin, 'GET', '/mappings/sales/orders');
    assert.equal(one.body.definition, 'from: …\n');
    assert.equal((await api.send(finance, 'GET', '/mappings/sales/orders')).status, 404);
    assert.equal((await api.send(admin, 'GET', '/mappings/sales/none')).status, 404);
  });

  it('shows connections and their breakers, without secrets, to those whose mappings use them', async () => {
    const { body } = await api.send(admin, 'GET', '/connections');
    assert.doesNotMatch(JSON.stringify(body), /hunter2|settings/);
    const erp = body.items.find((item: { name: string }) => item.name === 'erp');
    assert.equal(erp.breaker.state, 'open');
    assert.equal(erp.breaker.code, 'TARGET_UNREACHABLE');
    const own = await api.send(finance, 'GET', '/connections');
    assert.deepEqual(
      own.body.items.map((item: { name: string }) => item.name),
      ['shop', 'bank'],
    );
    assert.deepEqual(own.body.items[0].mappings, ['finance/payments']);
  });

  it('checks a connection', async () => {
    const { status, body } = await api.send(admin, 'POST', '/connections/erp/check');
    assert.equal(status, 200);
    assert.deepEqual(body, {
      name: 'erp',
      ok: true,
      results: [{ name: 'address', ok: true, detail: 'answers' }],
    });
    assert.equal((await api.send(finance, 'POST', '/connections/erp/check')).status, 404);
    assert.equal((await api.send(admin, 'POST', '/connections/none/check')).status, 404);
    assert.equal((await api.send(admin, 'POST', '/connections/bank/check')).status, 409);
  });

  it('makes tokens, shows their secret once, and revokes them', async () => {
    const grants = [{ role: 'viewer', domains: ['sales/*'] }];
    const made = await api.send(admin, 'POST', '/tokens', { name: 'ci', grants, why: 'for the build' });
    assert.equal(made.status, 201);
    assert.equal((await api.send(made.body.token, 'GET', '/whoami')).body.name, 'ci');
    assert.equal((await api.send(admin, 'POST', '/tokens', { name: 'ci', grants })).status, 409);
    const list = await api.send(admin, 'GET', '/tokens');
    assert.doesNotMatch(JSON.stringify(list.body), /cdk_/);
    const gone = await api.send(admin, 'DELETE', `/tokens/${made.body.id}?why=done`);
    assert.equal(gone.status, 200);
    assert.ok(gone.body.revokedAt);
    assert.equal((await api.send(admin, 'DELETE', '/tokens/nosuchtoken')).status, 404);
    const { items } = await listEvents(api.database.db, { types: ['token_created', 'token_revoked'] });
    assert.deepEqual(
      items.map((event) => event.type),
      ['token_revoked', 'token_created'],
    );
    assert.doesNotMatch(JSON.stringify(items), /cdk_/);
  });

  it('makes no token that may do more than its maker, is unknown or in the past', async () => {
    const make = (grant: object, rest: object = {}) =>
      api.send(admin, 'POST', '/tokens', { name: 'x', grants: [grant], ...rest });
    assert.equal((await make({ role: 'wizard', domains: ['*'] })).status, 400);
    assert.equal((await make({ role: 'viewer', domains: ['sales'] })).status, 400);
    assert.equal(
      (await make({ role: 'viewer', domains: ['*'] }, { expiresAt: '2020-01-01T00:00:00Z' })).status,
      400,
    );
  });

  it('shows the audit log, to an auditor of a domain only its own part', async () => {
    const failure = await api.failure(await api.message('sales/orders', '{}'), 'sales/orders/erp');
    await api.send(admin, 'POST', '/failures/discard', { ids: [failure], why: 'test' });
    const { body } = await api.send(admin, 'GET', '/audit?type=discarded&type=token_created');
    assert.deepEqual(
      body.items.map((event: { type: string }) => event.type),
      ['discarded', 'token_created'],
    );
    const auditor = await api.issue({ role: 'auditor', domains: ['sales/*'] });
    const own = await api.send(auditor, 'GET', '/audit');
    assert.deepEqual(
      own.body.items.map((event: { type: string }) => event.type),
      ['discarded'],
    );
  });

  it('shows the state of its parts and what waits where', async () => {
    const { status, body } = await api.send(admin, 'GET', '/health');
    assert.equal(status, 200);
    assert.equal(body.ready, true);
    const route = body.routes.find((one: { name: string }) => one.name === 'sales/orders/erp');
    assert.equal(route.queued, 7);
    assert.equal(route.outbox, 0);
  });

  it('balances its books and sends what is missing again', async () => {
    const id = await api.message('finance/payments', '{}');
    const { status, body } = await api.send(admin, 'GET', '/reconcile?overdueAfter=0');
    assert.equal(status, 200);
    assert.equal(body.balanced, false);
    const books = body.routes.find((one: { route: string }) => one.route === 'finance/payments/erp');
    assert.equal(books.accepted, 1);
    assert.equal(books.open, 1);
    const dry = await api.send(admin, 'POST', '/reconcile/redrive', {
      route: 'finance/payments/erp',
      overdueAfter: 0,
      dryRun: true,
    });
    assert.deepEqual(dry.body, { done: 0, remaining: 1 });
    const { body: done } = await api.send(admin, 'POST', '/reconcile/redrive', {
      route: 'finance/payments/erp',
      overdueAfter: 0,
    });
    assert.deepEqual(done, { done: 1, remaining: 0 });
    const message = await api.send(admin, 'GET', `/messages/${id}`);
    assert.equal(message.body.deliveries[0].state, 'outbox');
  });

  it('describes itself', async () => {
    const { status, body } = await api.send(finance, 'GET', '/openapi.json');
    assert.equal(status, 200);
    assert.equal(body.openapi, '3.1.0');
  });
});
