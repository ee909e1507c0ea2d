import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import type { endpoints } from '../../../api/index.ts';
import type { Hub } from '../../../cli/compose.ts';
import type { ResponseOf } from '../../../core/http/server/index.ts';
import { startSink } from '../../support/sink.ts';
import type { Sink } from '../../support/sink.ts';
import { realServices } from '../../support/real-services.ts';
import { startTestHub, writeProject } from '../../support/hub.ts';
import { until } from '../../support/until.ts';

const SECRET = 'a-secret-for-tests-only';

const projectFor = (sinkUrl: string): Record<string, string> => ({
  'config/hub.yaml': `outbound: { allow: ['127.0.0.1'] }\n`,
  'config/secret': SECRET,
  'config/connections.yaml': `
shop:
  connector: webhook
  with:
    verify: { type: hmac, header: x-signature, secrets: ['\${file:config/secret}'] }
target:
  connector: rest
  with:
    base_url: ${sinkUrl}
    actions:
      create: { method: POST, path: /orders, idempotency_header: idempotency-key }
      add-line: { method: POST, path: /lines, idempotency_header: idempotency-key }
      find: { method: GET, path: /customers, query: { email: email } }
  breaker: { failures: 2, pause: 300ms, max_pause: 1s }
`,
  'schemas/sales/order@1.json': JSON.stringify({
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, lines: { type: 'array' } },
  }),
  'mappings/sales/orders.yaml': `
from: { connection: shop, source: webhook }
message: { schema: sales/order@1, id: id, keys: { order: id } }
steps:
  - filter: status != "draft"
to:
  - target: orders
    connection: target
    action: create
    map: { ref: id, name: 'customer.firstName & " " & customer.lastName', lines: 'lines.{ "sku": sku, "net": $round(quantity * price, 2) }' }
    retry: { immediate: 0, delays: [100ms, 100ms], max_age: 1h }
  - target: out
    topic: sales/paid
`,
  'mappings/sales/lines.yaml': `
from: { topic: sales/paid }
steps:
  - enrich: { as: who, connection: target, action: find, with: { email: customer.email } }
  - split: 'lines.{ "order": $$.id, "sku": sku, "who": $$.who.name }'
to:
  - { target: lines, connection: target, action: add-line }
`,
});

const order = (id: string, more: object = {}): object => ({
  id,
  status: 'paid',
  customer: { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' },
  lines: [
    { sku: 'A', quantity: 2, price: 1.5 },
    { sku: 'B', quantity: 1, price: 3 },
  ],
  ...more,
});

interface Place {
  readonly kind: string;
  readonly options: () => { databaseUrl?: string; amqpUrl?: string } | undefined;
}

const PLACES: readonly Place[] = [
  { kind: 'the embedded default', options: () => ({}) },
  {
    kind: 'RabbitMQ and Postgres',
    options: realServices,
  },
];

for (const { kind, options } of PLACES) {
  describe(`the hub on ${kind}`, () => {
    let sink: Sink;
    let hub: Hub;
    let project: Awaited<ReturnType<typeof writeProject>>;
    let token = '';
    const start = async (): Promise<void> => {
      hub = await startTestHub(project.root, options());
      token = hub.adminToken ?? token;
    };
    before(async function () {
      if (options() === undefined) this.skip();
      sink = await startSink();
      const files = projectFor(sink.url);
      files['config/hub.yaml'] += `namespace: t${randomBytes(5).toString('hex')}\n`;
      project = await writeProject(files);
      await start();
    });
    beforeEach(() => {
      sink.requests.length = 0;
      sink.answer = (request, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(request.method === 'GET' ? '{"name":"Ada"}' : '{"ok":true}');
      };
    });
    after(async () => {
      if (options() === undefined) return;
      await hub.stop();
      await sink.close();
      await project.remove();
    });

    const send = async (
      body: object | string,
    ): Promise<{ status: number; body: { id?: string; duplicate?: boolean; code?: string } }> => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${hub.url}/in/sales/orders`, {
        method: 'POST',
        body: text,
        headers: {
          'content-type': 'application/json',
          'x-signature': createHmac('sha256', SECRET).update(text).digest('hex'),
        },
      });
      return { status: response.status, body: (await response.json()) as { id?: string } };
    };
    const api = async <T>(path: string, init: { method?: string; body?: object } = {}): Promise<T> => {
      const response = await fetch(`${hub.url}/api/v1${path}`, {
        method: init.method,
        body: init.body === undefined ? undefined : JSON.stringify(init.body),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      const answer = (await response.json()) as T;
      assert.ok(response.ok, JSON.stringify(answer));
      return answer;
    };
    const bodies = (path: string): unknown[] =>
      sink.requests
        .filter((request) => request.path === path && request.method === 'POST')
        .map((request) => JSON.parse(request.body) as unknown);

    it('carries a signed webhook through mapping, topic, enrichment and split to its targets', async () => {
      const { status, body } = await send(order('o1'));
      assert.equal(status, 202);
      await until(() => bodies('/orders').length === 1 && bodies('/lines').length === 2);
      assert.deepEqual(bodies('/orders')[0], {
        ref: 'o1',
        name: 'Ada Lovelace',
        lines: [
          { sku: 'A', net: 3 },
          { sku: 'B', net: 3 },
        ],
      });
      assert.deepEqual(bodies('/lines').sort(bySku), [
        { order: 'o1', sku: 'A', who: 'Ada' },
        { order: 'o1', sku: 'B', who: 'Ada' },
      ]);
      const keys = sink.requests
        .filter((request) => request.method === 'POST')
        .map((request) => request.headers['idempotency-key']);
      assert.equal(new Set(keys).size, 3, 'every delivery has an idempotency key of its own');
      await until(
        async () => JSON.stringify(await api(`/messages/${body.id}/journey`)).split('"delivered"').length > 4,
      );
    });

    it('accepts a duplicate as such and delivers once', async () => {
      const first = await send(order('o2', { lines: [] }));
      const again = await send(order('o2', { lines: [] }));
      assert.deepEqual([again.status, again.body.id, again.body.duplicate], [200, first.body.id, true]);
      await until(() => bodies('/orders').length === 1);
    });

    it('refuses a wrong signature and a broken body without storing anything', async () => {
      const stored = () => api('/messages?source=shop/sales/orders');
      const before = await stored();
      const response = await fetch(`${hub.url}/in/sales/orders`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', 'x-signature': 'ff' },
      });
      assert.equal(response.status, 401);
      assert.equal((await send('{"id":')).status, 400);
      assert.equal((await send('{"no":"id"}')).body.code, 'MESSAGE_ID_MISSING');
      assert.deepEqual(await stored(), before);
    });

    it('retries what the target fails at, and delivers with the same idempotency key', async () => {
      let failures = 2;
      sink.answer = (request, response) => {
        const fail = request.path === '/orders' && failures-- > 0;
        response.writeHead(fail ? 500 : 200, { 'content-type': 'application/json' }).end('{"name":"x"}');
      };
      const { body } = await send(order('o3', { lines: [] }));
      await until(() => bodies('/orders').length === 3);
      assert.equal(
        new Set(
          sink.requests
            .filter(({ path }) => path === '/orders')
            .map(({ headers }) => headers['idempotency-key']),
        ).size,
        1,
      );
      await until(async () => (await api<{ items: unknown[] }>('/failures')).items.length === 0);
      assert.equal(
        JSON.stringify(await api(`/messages/${body.id}/journey`)).split('retry_scheduled').length,
        3,
      );
    });

    it('keeps a refused message as a dead failure that an operator can retry', async () => {
      const usual = sink.answer;
      sink.answer = (request, response) => {
        if (request.path !== '/orders') usual(request, response);
        else response.writeHead(422, { 'content-type': 'text/plain' }).end('unknown article');
      };
      const { body } = await send(order('o4', { lines: [] }));
      type Failures = { items: { id: string; messageId: string; state: string; response?: string }[] };
      await until(async () =>
        (await api<Failures>('/failures?state=dead')).items.some((item) => item.messageId === body.id),
      );
      const failure = (await api<Failures>('/failures?state=dead')).items.find(
        (item) => item.messageId === body.id,
      );
      sink.answer = usual;
      await api('/failures/retry', {
        method: 'POST',
        body: { ids: [failure?.id], why: 'the article is there now' },
      });
      await until(async () => (await api<Failures>('/failures')).items.length === 0);
      assert.equal(bodies('/orders').length, 2);
    });

    it('pauses a connection whose target is down, uses no attempts, and delivers all when it is back', async () => {
      const usual = sink.answer;
      sink.answer = (_request, response) => {
        response.writeHead(503).end();
      };
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, n) => send(order(`p${n}`, { lines: [] }))),
      );
      assert.ok(sent.every(({ status }) => status === 202));
      await until(async () => JSON.stringify(await api('/audit')).includes('connection_paused'));
      sink.answer = usual;
      const delivered = (): Set<unknown> =>
        new Set(bodies('/orders').map((body) => (body as { ref: string }).ref));
      await until(
        async () =>
          (await api<{ items: unknown[] }>('/failures')).items.length === 0 && delivered().size >= 20,
        { timeoutMs: 40_000 },
      );
    });

    it('gives every delivery exactly one end: the books balance', async () => {
      await until(async () => {
        const report = await api<ResponseOf<typeof endpoints.getReconciliation>>('/reconcile');
        return (
          report.balanced &&
          report.routes.every(
            ({ accepted, delivered, filtered, split, repeated }) =>
              accepted > 0 && accepted === delivered + filtered + split && repeated === 0,
          )
        );
      });
    });

    it('stops and starts again without losing or repeating anything', async () => {
      const { body } = await send(order('o9', { lines: [] }));
      await hub.stop();
      await start();
      await until(
        async () => JSON.stringify(await api(`/messages/${body.id}/journey`)).split('"delivered"').length > 2,
      );
      assert.equal(bodies('/orders').length, 1);
    });
  });
}

function bySku(a: unknown, b: unknown): number {
  return (a as { sku: string }).sku < (b as { sku: string }).sku ? -1 : 1;
}
