import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { createReceiver } from '../../../connectors/webhook/receive.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { ManualClock } from '../../support/clock.ts';

interface Got {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Something that takes webhooks; answers the statuses that it is given in turn, then 202. */
async function startHub(statuses: number[] = []): Promise<{ url: string; got: Got[]; server: Server }> {
  const got: Got[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of message) body += String(chunk);
      got.push({ url: message.url ?? '', headers: message.headers, body });
      response.writeHead(statuses.shift() ?? 202).end('{}');
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, server };
}

describe('the sandbox', () => {
  let sandbox: Sandbox;
  let hub: Awaited<ReturnType<typeof startHub>>;
  let folder: string;

  const start = async (statuses: number[] = []): Promise<void> => {
    hub = await startHub(statuses);
    sandbox = await startSandbox({
      port: 0,
      hubUrl: hub.url,
      dropDir: join(folder, 'drop'),
      ledgerDir: join(folder, 'ledger'),
    });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-sandbox-'));
  });
  afterEach(async () => {
    await sandbox.close();
    hub.server.closeAllConnections();
    hub.server.close();
    await rm(folder, { recursive: true });
  });

  const ledger = async (system: string): Promise<Record<string, unknown>[]> =>
    (await readFile(join(folder, 'ledger', `${system}.jsonl`), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; headers: Record<string, unknown> }> => {
    const response = await request(sandbox.url + path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: text === '' ? '' : parsed(text) };
  };
  const login = async (): Promise<Record<string, string>> => {
    const { crmClientId: id, crmClientSecret: secret } = sandbox.credentials;
    const response = await request(`${sandbox.url}/crm/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`,
    });
    const { access_token: token } = (await response.body.json()) as { access_token: string };
    return { authorization: `Bearer ${token}` };
  };

  it('signs the webhooks of shop and payment provider as the webhook connector expects', async () => {
    await start();
    assert.deepEqual(await sandbox.traffic({ orders: 1 }), { acknowledged: 1, failed: 0 });
    await sandbox.traffic({ payments: 1 });
    const { shopWebhookSecret, payWebhookSecret } = sandbox.credentials;
    const receivers = {
      '/in/sales/orders': createReceiver(
        { type: 'standard-webhooks', secrets: [shopWebhookSecret] },
        { events: ['order.paid'] },
      ),
      '/in/finance/payments': createReceiver(
        { type: 'stripe', secrets: [payWebhookSecret] },
        { events: ['payment_intent.succeeded'] },
      ),
    };
    assert.deepEqual(
      hub.got.map(({ url }) => url),
      Object.keys(receivers),
    );
    for (const { url, headers, body } of hub.got) {
      const receive = receivers[url as keyof typeof receivers];
      const message = {
        method: 'POST',
        url,
        headers: headers as Record<string, string>,
        body: Buffer.from(body),
        receivedAt: Date.now(),
      };
      assert.equal(receive(message).kind, 'message');
      assert.throws(() => receive({ ...message, body: Buffer.from(`${body} `) }), {
        code: 'SIGNATURE_INVALID',
      });
    }
  });

  it('sends a webhook again until it is acknowledged, and notes both ends in the ledger', async () => {
    await start([503, 500]);
    await sandbox.traffic({ orders: 1 });
    assert.equal(hub.got.length, 3);
    assert.deepEqual(
      (await ledger('shop')).map(({ what }) => what),
      ['sent', 'acknowledged'],
    );
  });

  it('makes the same traffic from the same seed', async () => {
    await start();
    const other = await startSandbox({ port: 0, hubUrl: hub.url, dropDir: join(folder, 'other') });
    try {
      await Promise.all([sandbox.traffic({ orders: 3 }), other.traffic({ orders: 3 })]);
      assert.deepEqual(
        sandbox.shop.orders.map(({ lines }) => lines),
        other.shop.orders.map(({ lines }) => lines),
      );
    } finally {
      await other.close();
    }
  });

  it('drops stock files under a name that is there only when they are complete', async () => {
    await start();
    await sandbox.traffic({ stock: 1 });
    const [name = ''] = await readdir(join(folder, 'drop'));
    assert.match(name, /^stock-.*\.csv$/);
    assert.match(await readFile(join(folder, 'drop', name), 'utf8'), /^sku,warehouse,available,counted_at\n/);
  });

  it('keeps stock behind an API key and refuses what makes no sense', async () => {
    await start();
    const key = { 'x-api-key': sandbox.credentials.shopApiKey };
    assert.equal((await call('PUT', '/shop/stock/FILTER-100', {}, { available: 1 })).status, 401);
    assert.equal((await call('PUT', '/shop/stock/FILTER-100', key, { available: -1 })).status, 422);
    assert.equal((await call('PUT', '/shop/stock/NOTHING', key, { available: 1 })).status, 404);
    assert.equal((await call('PUT', '/shop/stock/FILTER-100', key, { available: 7 })).status, 200);
    assert.equal(sandbox.shop.stock.get('FILTER-100')?.available, 7);
  });

  it('answers a repeated idempotency key with the first result', async () => {
    await start();
    const headers = { ...(await login()), 'idempotency-key': 'k1' };
    const first = await call('POST', '/crm/deals', headers, { title: 'A', amount: 1 });
    const second = await call('POST', '/crm/deals', headers, { title: 'A', amount: 1 });
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.deepEqual(first.body, second.body);
    assert.equal(sandbox.crm.deals.size, 1);
    assert.equal((await call('POST', '/crm/deals', headers, { title: 'B', amount: 1 })).status, 422);
  });

  it('lists changed customers in pages, and new changes after a time', async () => {
    await start();
    const headers = await login();
    const ids: string[] = [];
    let path = '/crm/customers?limit=5';
    for (let next: string | null = ''; next !== null; path = `/crm/customers?limit=5&cursor=${next}`) {
      const { body } = await call('GET', path, headers);
      const page = body as { items: { id: string }[]; next: string | null };
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
      if (next === null) break;
    }
    assert.equal(ids.length, 13);
    assert.equal(new Set(ids).size, 13);
    const since = new Date().toISOString();
    await sandbox.traffic({ newCustomers: 1 });
    const { body } = await call('GET', `/crm/customers?updated_since=${since}`, headers);
    assert.equal((body as { items: unknown[] }).items.length, 1);
  });

  it('lets tokens of the CRM expire', async () => {
    hub = await startHub();
    const clock = new ManualClock();
    sandbox = await startSandbox({ port: 0, clock, dropDir: folder });
    const headers = await login();
    assert.equal((await call('GET', '/crm/customers', headers)).status, 200);
    await clock.advance(61_000);
    assert.equal((await call('GET', '/crm/customers', headers)).status, 401);
  });

  it('makes the trouble that it is told to, as often as it is told', async () => {
    await start();
    const key = { 'x-api-key': sandbox.credentials.shopApiKey };
    const put = (): ReturnType<typeof call> => call('PUT', '/shop/stock/FILTER-100', key, { available: 5 });
    for (const [mode, status] of [
      ['unavailable', 503],
      ['throttled', 429],
      ['error', 500],
      ['wrong-credentials', 401],
    ] as const) {
      await call('POST', '/control/trouble', {}, { system: 'shop', mode, count: 1 });
      const answer = await put();
      assert.equal(answer.status, status, mode);
      if (mode === 'unavailable') assert.equal(answer.headers['retry-after'], '2');
      assert.equal((await put()).status, 200, `after ${mode}`);
    }
    sandbox.shop.stock.clear();
    sandbox.shop.stock.set('FILTER-100', { available: 0, updatedAt: '' });
    sandbox.trouble({ system: 'shop', mode: 'reset' });
    await assert.rejects(put());
    assert.equal(sandbox.shop.stock.get('FILTER-100')?.available, 0);
    sandbox.trouble({ system: 'shop', mode: 'accept-then-reset' });
    await assert.rejects(put());
    assert.equal(sandbox.shop.stock.get('FILTER-100')?.available, 5);
    assert.equal((await call('POST', '/control/trouble', {}, { system: 'moon', mode: 'error' })).status, 400);
  });

  it('shows what it keeps', async () => {
    await start();
    await sandbox.traffic({ orders: 2 });
    const { body } = await call('GET', '/control/state', {});
    const state = body as { shop: { orders: unknown[]; webhooks: unknown }; erp: { customers: unknown[] } };
    assert.equal(state.shop.orders.length, 2);
    assert.deepEqual(state.shop.webhooks, { sent: 2, acknowledged: 2, failed: 0, underWay: 0 });
    assert.equal(state.erp.customers.length, 12);
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
