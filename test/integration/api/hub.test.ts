import assert from 'node:assert/strict';
import { endpoints } from '../../../api/index.ts';
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

  const typesOf = ({ items }: { readonly items: readonly { readonly type: string }[] }) =>
    items.map(({ type }) => type);

  it('says who asks and what they may do where', async () => {
    const who = await api.ask(finance, endpoints.whoami);
    assert.equal(who.name, 'test-2');
    assert.deepEqual(who.actions['failures.retry'], ['finance/*']);
    assert.equal(who.actions['tokens.create'], undefined);
    assert.equal('hash' in who, false);
  });

  it('shows mappings and their routes, of the own domains', async () => {
    const all = await api.ask(admin, endpoints.listMappings);
    assert.deepEqual(all.items[0], {
      name: 'sales/orders',
      domain: 'sales',
      description: 'The orders of sales.',
      from: { kind: 'connection', connection: 'shop', source: 'webhook', url: '/in/sales/orders' },
      routes: [{ name: 'sales/orders/erp', target: 'erp', connection: 'erp', action: 'insert' }],
    });
    const own = await api.ask(finance, endpoints.listMappings);
    assert.deepEqual(
      own.items.map(({ name }) => name),
      ['finance/payments'],
    );
    const one = await api.ask(admin, endpoints.getMapping, { params: { domain: 'sales', name: 'orders' } });
    assert.equal(one.definition, 'from: …\n');
    assert.equal((await api.send(finance, 'GET', '/mappings/sales/orders')).status, 404);
    assert.equal((await api.send(admin, 'GET', '/mappings/sales/none')).status, 404);
  });

  it('shows connections and their breakers, without secrets, to those whose mappings use them', async () => {
    const all = await api.ask(admin, endpoints.listConnections);
    assert.doesNotMatch(JSON.stringify(all), /hunter2|settings/);
    const erp = all.items.find(({ name }) => name === 'erp');
    assert.equal(erp?.breaker?.state, 'open');
    assert.equal(erp.breaker.code, 'TARGET_UNREACHABLE');
    const own = await api.ask(finance, endpoints.listConnections);
    assert.deepEqual(
      own.items.map(({ name, mappings }) => [name, mappings]),
      [
        ['shop', ['finance/payments']],
        ['bank', ['finance/payments']],
      ],
    );
  });

  it('checks a connection', async () => {
    assert.deepEqual(await api.ask(admin, endpoints.checkConnection, { params: { name: 'erp' } }), {
      name: 'erp',
      ok: true,
      results: [{ name: 'address', ok: true, detail: 'answers' }],
    });
    assert.equal((await api.send(finance, 'POST', '/connections/erp/check')).status, 404);
    assert.equal((await api.send(admin, 'POST', '/connections/none/check')).status, 404);
    assert.equal((await api.send(admin, 'POST', '/connections/bank/check')).status, 409);
  });

  it('makes tokens, shows their secret once, and revokes them', async () => {
    const body = { name: 'ci', grants: [{ role: 'viewer', domains: ['sales/*'] }], why: 'for the build' };
    const { id, token } = await api.ask(admin, endpoints.createToken, { body });
    assert.equal((await api.ask(token, endpoints.whoami)).name, 'ci');
    assert.equal((await api.send(admin, 'POST', '/tokens', body)).status, 409);
    assert.doesNotMatch(JSON.stringify(await api.ask(admin, endpoints.listTokens)), /cdk_/);
    const gone = await api.ask(admin, endpoints.revokeToken, { params: { id }, query: { why: 'done' } });
    assert.ok(gone.revokedAt);
    assert.equal((await api.send(admin, 'DELETE', '/tokens/nosuchtoken')).status, 404);
    const events = await listEvents(api.database.db, { types: ['token_created', 'token_revoked'] });
    assert.deepEqual(typesOf(events), ['token_revoked', 'token_created']);
    assert.doesNotMatch(JSON.stringify(events), /cdk_/);
  });

  it('makes no token whose role is unknown, whose domains are none, or that is past already', async () => {
    const make = async (grant: object, rest: object = {}) =>
      (await api.send(admin, 'POST', '/tokens', { name: 'x', grants: [grant], ...rest })).status;
    assert.equal(await make({ role: 'wizard', domains: ['*'] }), 400);
    assert.equal(await make({ role: 'viewer', domains: ['sales'] }), 400);
    assert.equal(await make({ role: 'viewer', domains: ['*'] }, { expiresAt: '2020-01-01T00:00:00Z' }), 400);
  });

  it('makes no token that may do more than its maker', async () => {
    const clerk = await api.issue({ role: 'token-clerk', domains: ['*'] });
    const make = async (role: string) =>
      (await api.send(clerk, 'POST', '/tokens', { name: `by ${role}`, grants: [{ role, domains: ['*'] }] }))
        .status;
    assert.equal(await make('admin'), 403);
    assert.equal(await make('viewer'), 403);
    assert.equal(await make('token-clerk'), 201);
  });

  it('shows the audit log, to an auditor of a domain only its own part', async () => {
    const failure = await api.failure(await api.message('sales/orders', '{}'), 'sales/orders/erp');
    await api.ask(admin, endpoints.discardFailures, { body: { ids: [failure], why: 'test' } });
    const events = await api.ask(admin, endpoints.listEvents, {
      query: { type: ['discarded', 'token_revoked'] },
    });
    assert.deepEqual(typesOf(events), ['discarded', 'token_revoked']);
    const auditor = await api.issue({ role: 'auditor', domains: ['sales/*'] });
    assert.deepEqual(typesOf(await api.ask(auditor, endpoints.listEvents)), ['discarded']);
  });

  it('shows the state of its parts and what waits where', async () => {
    const health = await api.ask(admin, endpoints.getHealth);
    assert.equal(health.ready, true);
    const route = health.routes.find(({ name }) => name === 'sales/orders/erp');
    assert.deepEqual(route, {
      name: 'sales/orders/erp',
      removed: false,
      queued: 7,
      outbox: 0,
      failures: {},
    });
  });

  it('names a route that no mapping has any more, but for which something waits', async () => {
    const gone = 'sales/orders/gone';
    await api.failure(await api.message('sales/orders', '{}'), gone);
    const { routes } = await api.ask(admin, endpoints.getHealth);
    assert.deepEqual(
      routes.filter(({ removed }) => removed),
      [{ name: gone, removed: true, outbox: 0, failures: { dead: 1 } }],
    );
  });

  it('balances its books and sends what is missing again', async () => {
    const id = await api.message('finance/payments', '{}');
    const report = await api.ask(admin, endpoints.getReconciliation, { query: { overdueAfter: 0 } });
    const books = report.routes.find(({ route }) => route === 'finance/payments/erp');
    assert.equal(books?.accepted, 1);
    assert.equal(books.open, 1);
    const body = { route: 'finance/payments/erp', overdueAfter: 0, why: 'queue deleted' };
    const counted = await api.ask(admin, endpoints.redrive, { body: { ...body, dryRun: true } });
    assert.deepEqual(counted, { done: 0, remaining: 1 });
    assert.deepEqual(await api.ask(admin, endpoints.redrive, { body }), { done: 1, remaining: 0 });
    const message = await api.ask(admin, endpoints.getMessage, { params: { id } });
    assert.equal(message.deliveries[0]?.state, 'outbox');
    const { items } = await listEvents(api.database.db, { types: ['redriven'] });
    assert.deepEqual(items[0]?.data, { reason: 'missing', by: 'test-1', why: 'queue deleted' });
  });

  it('describes itself', async () => {
    const document = await api.ask(finance, endpoints.getOpenApi);
    assert.equal(document['openapi'], '3.1.0');
  });
});
