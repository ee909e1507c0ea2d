import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { startTestHub, writeProject } from '../../support/hub.ts';
import { startSink } from '../../support/sink.ts';
import { until } from '../../support/until.ts';

const ORDERS = 6;

const projectFor = (sinkUrl: string): Record<string, string> => ({
  'config/hub.yaml': `outbound: { allow: ['127.0.0.1'] }\n`,
  'config/connections.yaml': `
shop: { connector: webhook, with: { verify: { type: none } } }
target:
  connector: rest
  with: { base_url: ${sinkUrl}, actions: { create: { method: POST, path: /orders } } }
  limits: { concurrency: ${ORDERS} }
  breaker: { failures: 1, pause: 2s }
`,
  'mappings/sales/orders.yaml': `
from: { connection: shop, source: webhook }
message: { id: id }
to:
  - { target: orders, connection: target, action: create }
`,
});

interface Failure {
  readonly state: string;
  /** Of one that waits. */
  readonly dueAt?: string;
}

describe('a hub whose target was away and does not answer its probe', () => {
  it('sends it one failure, and leaves the others where operators can act on them', async () => {
    const sink = await startSink();
    const project = await writeProject(projectFor(sink.url));
    const hub = await startTestHub(project.root);
    const failures = async (): Promise<readonly Failure[]> => {
      const response = await fetch(`${hub.url}/api/v1/failures`, {
        headers: { authorization: `Bearer ${hub.adminToken}` },
      });
      return ((await response.json()) as { items: readonly Failure[] }).items;
    };
    try {
      const held: ServerResponse[] = [];
      sink.answer = (_request, response) => void held.push(response);
      for (let n = 0; n < ORDERS; n += 1)
        await fetch(`${hub.url}/in/sales/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id: `o${n}` }),
        });
      await until(() => held.length === ORDERS);
      for (const response of held.splice(0)) response.writeHead(503, { 'retry-after': '2' }).end();
      await until(
        async () => (await failures()).filter(({ state }) => state === 'waiting').length === ORDERS,
      );
      await until(() => held.length === 1, { timeoutMs: 20_000 });
      // The dispatcher looks every second: it has seen all of them due while the probe is under way.
      await until(
        async () =>
          (await failures()).every(
            ({ dueAt }) => dueAt === undefined || Date.parse(dueAt) < Date.now() - 2_500,
          ),
        { timeoutMs: 20_000 },
      );
      assert.deepEqual((await failures()).map(({ state }) => state).sort(), [
        'sent',
        ...Array<string>(ORDERS - 1).fill('waiting'),
      ]);
      sink.answer = (_request, response) => void response.writeHead(200).end();
      for (const response of held) response.writeHead(200).end();
      await until(async () => (await failures()).length === 0, { timeoutMs: 20_000 });
    } finally {
      await hub.stop();
      await sink.close();
      await project.remove();
    }
  });
});
