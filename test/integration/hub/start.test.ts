import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub, Role } from '../../../cli/compose.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { openEmbedded, query, takeLease } from '../../../core/store/index.ts';
import { freePort } from '../../../scripts/services/processes.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { startSink } from '../../support/sink.ts';
import { startTestHub, writeProject } from '../../support/hub.ts';
import { until } from '../../support/until.ts';

const FILES = {
  'config/secret': 'a-secret-for-tests-only',
  'config/connections.yaml': `
shop:
  connector: webhook
  with: { verify: { type: hmac, header: x-signature, secrets: ['\${file:config/secret}'] } }
target:
  connector: rest
  with: { base_url: 'https://target.invalid', actions: { create: { method: POST, path: '/orders/{number}' } } }
`,
  'mappings/sales/orders.yaml': `
from: { connection: shop, source: webhook }
message: { id: id }
to:
  - { target: orders, connection: target, action: create }
`,
};

interface Readiness {
  readonly ready: boolean;
  readonly degraded: boolean;
  readonly parts: readonly { readonly name: string; readonly reason?: string }[];
}

describe('the start of a hub', () => {
  it('says all that is wrong in one error, and leaves nothing open', async () => {
    const taken = await startSink();
    const project = await writeProject(FILES);
    try {
      const { port } = new URL(taken.url);
      const start = startTestHub(project.root, {
        databaseUrl: 'postgres://me:geheim@127.0.0.1:1/none',
        listen: { host: '127.0.0.1', port: Number(port) },
      });
      await assert.rejects(start, (error) => {
        assert.ok(error instanceof CrossdockError);
        assert.match(error.message, /can not use the database/);
        assert.match(error.message, /a broker is needed too/);
        assert.match(error.message, /is taken by another program/);
        assert.doesNotMatch(error.message, /geheim/);
        return true;
      });
    } finally {
      await taken.close();
      await project.remove();
    }
  });

  it('gives the data folder back when a later part refuses', async () => {
    const taken = await startSink();
    const project = await writeProject(FILES);
    try {
      const { port } = new URL(taken.url);
      const isTaken = (error: unknown): boolean =>
        error instanceof CrossdockError && error.code === 'ADDRESS_IN_USE';
      await assert.rejects(
        startTestHub(project.root, { listen: { host: '127.0.0.1', port: Number(port) } }),
        isTaken,
      );
      const hub = await startTestHub(project.root);
      await hub.stop();
    } finally {
      await taken.close();
      await project.remove();
    }
  });

  it('has the admin token kept before it serves', async () => {
    const project = await writeProject(FILES);
    const port = await freePort();
    let whileKept: unknown;
    try {
      const hub = await startTestHub(project.root, {
        listen: { host: '127.0.0.1', port },
        keepAdminToken: async () => {
          whileKept = await fetch(`http://127.0.0.1:${port}/livez`).catch((error: unknown) => error);
        },
      });
      await hub.stop();
    } finally {
      await project.remove();
    }
    assert.match(String((whileKept as Error).cause), /ECONNREFUSED/);
  });

  it('makes a new admin token when the file with the first one is gone, on a store of its own', async () => {
    const project = await writeProject(FILES);
    try {
      const first = await startTestHub(project.root);
      assert.ok(first.adminToken);
      await first.stop();
      const second = await startTestHub(project.root);
      assert.equal(second.adminToken, undefined);
      await second.stop();
      const third = await startTestHub(project.root, { adminTokenLost: true });
      assert.ok(third.adminToken);
      assert.notEqual(third.adminToken, first.adminToken);
      await third.stop();
    } finally {
      await project.remove();
    }
  });

  it('is ready to accept without its broker, and says that it is degraded; a mere worker is not ready', async () => {
    const project = await writeProject(FILES);
    const readiness = async (roles: readonly Role[]): Promise<{ status: number; body: Readiness }> => {
      const hub = await startTestHub(project.root, {
        amqpUrl: `amqp://127.0.0.1:${await freePort()}`,
        roles: new Set(roles),
      });
      try {
        const response = await fetch(`${hub.url}/readyz`);
        return { status: response.status, body: (await response.json()) as Readiness };
      } finally {
        await hub.stop();
      }
    };
    try {
      for (const role of ['intake', 'api'] as const) {
        const { status, body } = await readiness([role]);
        assert.equal(status, 200);
        assert.deepEqual([body.ready, body.degraded], [true, true]);
        assert.ok(body.parts.find(({ name }) => name === 'transport')?.reason);
      }
      const worker = await readiness(['worker']);
      assert.equal(worker.status, 503);
      assert.deepEqual([worker.body.ready, worker.body.degraded], [false, false]);
    } finally {
      await project.remove();
    }
  });

  it('names the routes that no mapping has any more, but for which deliveries wait', async () => {
    const project = await writeProject(FILES);
    try {
      const first = await startTestHub(project.root, { roles: new Set(['intake']) });
      const body = '{"id":"1"}';
      const signature = createHmac('sha256', FILES['config/secret']).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-signature': signature };
      const { status } = await fetch(`${first.url}/in/sales/orders`, { method: 'POST', body, headers });
      assert.equal(status, 202);
      await first.stop();
      await rename(join(project.root, 'mappings/sales'), join(project.root, 'mappings/trade'));
      const log = new RecordingLog();
      for (let start = 0; start < 2; start += 1) await (await startTestHub(project.root, { log })).stop();
      const warnings = log.lines.filter(
        ({ level, text }) => level === 'warn' && text.includes('no mapping has'),
      );
      assert.deepEqual(
        warnings.map(({ fields }) => fields),
        [
          { route: 'sales/orders/orders', outbox: 1, failures: 0 },
          { route: 'sales/orders/orders', outbox: 1, failures: 0 },
        ],
      );
    } finally {
      await project.remove();
    }
  });

  it('leaves the outbox to the others where a process only serves the API', async () => {
    const project = await writeProject(FILES);
    const api = async <T>(hub: Hub, token: string, path: string, body?: object): Promise<T> => {
      const response = await fetch(`${hub.url}/api/v1${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      return (await response.json()) as T;
    };
    try {
      const first = await startTestHub(project.root);
      const token = first.adminToken ?? '';
      const body = '{"id":"1"}';
      const signature = createHmac('sha256', FILES['config/secret']).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-signature': signature };
      await fetch(`${first.url}/in/sales/orders`, { method: 'POST', body, headers });
      // The message has no number.
      const failed = async () =>
        (await api<{ items: unknown[] }>(first, token, '/failures')).items.length === 1;
      await until(failed, { what: 'the failure' });
      await first.stop();

      const mere = await startTestHub(project.root, { roles: new Set(['api']) });
      assert.deepEqual(await api(mere, token, '/failures/retry', { filter: { state: 'dead' } }), {
        done: 1,
        remaining: 0,
      });
      const outbox = async (): Promise<number | undefined> =>
        (await api<{ routes: { outbox: number }[] }>(mere, token, '/health')).routes[0]?.outbox;
      for (let look = 0; look < 5; look += 1) assert.equal(await outbox(), 1);
      await mere.stop();
    } finally {
      await project.remove();
    }
  });

  it('does not wait for the leases of a process that was killed, on a store of its own', async () => {
    const project = await writeProject(FILES);
    try {
      const folder = join(project.root, '.crossdock', 'store');
      const left = await openEmbedded(folder);
      await takeLease(left.db, 'pull:sales/orders', 'the killed one', 3_600_000);
      await left.close();
      const hub = await startTestHub(project.root);
      await hub.stop();
      const found = await openEmbedded(folder);
      const held = await query(found.db, 'select name from leases where expires_at > now()');
      await found.close();
      assert.deepEqual(held, []);
    } finally {
      await project.remove();
    }
  });

  it('refuses a second hub on the same data folder, in words', async () => {
    const project = await writeProject(FILES);
    const hub = await startTestHub(project.root);
    try {
      await assert.rejects(
        startTestHub(project.root),
        (error) => error instanceof CrossdockError && error.code === 'FOLDER_IN_USE',
      );
    } finally {
      await hub.stop();
      await project.remove();
    }
  });
});
