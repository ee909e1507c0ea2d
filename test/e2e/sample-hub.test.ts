import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { freePort } from '../../scripts/services/processes.ts';
import { crossdock, launchHub, startHubProcess } from '../support/hub-process.ts';
import type { HubProcess } from '../support/hub-process.ts';
import { until } from '../support/until.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const ROUTES = [
  'customers/crm-to-erp/erp',
  'finance/payments/erp',
  'inventory/stock/shop',
  'sales/orders/crm',
  'sales/orders/erp',
];
const UNFINISHED = new Set(['outbox', 'underway', 'waiting']);

interface Reconciliation {
  readonly balanced: boolean;
  readonly routes: readonly { readonly route: string; readonly delivered: number }[];
}

interface Message {
  readonly id: string;
  readonly deliveries: readonly { readonly route: string; readonly state: string }[];
}

interface Journey {
  readonly messages: readonly { readonly source: string; readonly type: string }[];
  readonly events: readonly { readonly type: string; readonly route?: string }[];
}

// One story, in the order in which a new user lives through it.
describe('The sample hub, started as a new user does', function () {
  this.timeout(90_000);
  let root: string;
  let port: number;
  let hub: HubProcess;
  let sandbox: Sandbox;
  let env: Readonly<Record<string, string>>;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'crossdock-sample-'));
    port = await freePort();
    // On a port of its own, so that a sandbox that somebody looks at meanwhile is left alone.
    sandbox = await startSandbox({
      port: 0,
      hubUrl: `http://127.0.0.1:${port}`,
      traffic: true,
      ledgerDir: ledgerFolder(root),
      dropDir: join(root, '.crossdock', 'drop', 'stock'),
    });
    env = { CROSSDOCK_SANDBOX: new URL(sandbox.url).host };
    await copySample(root);
    hub = await startHubProcess({ root, port, env });
  });

  after(async () => {
    // Not there if it could not start.
    await (hub as HubProcess | undefined)?.kill();
    await sandbox.close();
    await rm(root, { recursive: true, force: true });
  });

  it('delivers on all four flows with nothing but Node and the repository', async () => {
    let seen: unknown;
    await until(
      async () => {
        const { routes } = await hub.api<Reconciliation>('/reconcile');
        seen = routes;
        return ROUTES.every((name) => routes.some(({ route, delivered }) => route === name && delivered > 0));
      },
      { timeoutMs: 60_000, everyMs: 250, what: 'that all four flows have delivered' },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(seen)}\n${hub.lastWords()}`, { cause: error });
    });
  });

  it('shows the journey of an order: the webhook, the mapping and both deliveries', async () => {
    const id = await deliveredOrder(hub, root);
    assert.ok(id !== undefined, 'no order is delivered to both systems');
    const trace = await crossdock({ root, url: hub.url }, 'messages', 'trace', id, '--json');
    assert.equal(trace.code, 0, trace.stderr);
    const { messages, events } = trace.json<Journey>();
    assert.equal(messages.length, 1);
    assert.equal(messages[0]?.source, 'shop/sales/orders');
    assert.equal(messages[0].type, 'sales/order@1');
    const delivered = events.filter(({ type }) => type === 'delivered').map(({ route }) => route);
    assert.deepEqual(delivered.sort(), ['sales/orders/crm', 'sales/orders/erp']);

    const { code, stdout } = await crossdock({ root, url: hub.url }, 'messages', 'trace', id);
    assert.equal(code, 0);
    for (const word of [id, 'shop', 'sales/orders', 'erp', 'crm', 'delivered']) {
      assert.ok(stdout.includes(word), `the journey on the terminal names ${word}:\n${stdout}`);
    }
  });

  it('refuses a second process on the same data folder with a clear word', async () => {
    const second = launchHub({ root, port: await freePort(), env });
    assert.equal(await second.ended(), 1);
    assert.match(second.lastWords(), /data folder|another hub/i);
    assert.equal(hub.hasEnded(), false);
  });

  it('is killed and started again, and every order that was acknowledged is still there and gets its end', async () => {
    const before = await acknowledgedOrders(root);
    await until(async () => (await acknowledgedOrders(root)).length > before.length, {
      timeoutMs: 20_000,
      what: 'another order',
    });
    await hub.kill();
    const acknowledged = await acknowledgedOrders(root);
    hub = await startHubProcess({ root, port, env });
    for (const id of acknowledged) {
      await until(
        async () => {
          const { deliveries } = await hub.api<Message>(`/messages/${id}`);
          return deliveries.length === 2 && deliveries.every(({ state }) => !UNFINISHED.has(state));
        },
        { timeoutMs: 45_000, everyMs: 100, what: `that both deliveries of ${id} have ended` },
      );
    }
    const { code, stdout } = await crossdock({ root, url: hub.url }, 'reconcile', '--json');
    assert.equal(code, 0, stdout);
    assert.equal((JSON.parse(stdout) as Reconciliation).balanced, true);
  });

  it('ends at SIGTERM with exit code 0', async () => {
    assert.equal(await hub.stop(), 0, hub.lastWords());
  });
});

describe('crossdock start --sandbox', function () {
  this.timeout(60_000);

  it('starts the sandbox beside the hub, where it is told to, and both end together', async () => {
    const root = await mkdtemp(join(tmpdir(), 'crossdock-sample-'));
    await copySample(root);
    const sandbox = `127.0.0.1:${await freePort()}`;
    const env = { CROSSDOCK_SANDBOX: sandbox };
    const hub = await startHubProcess({ root, port: await freePort(), args: ['--sandbox'], env });
    try {
      await until(async () => (await acknowledgedOrders(root)).length > 0, { what: 'the first order' });
      await until(async () => (await deliveredOrder(hub, root)) !== undefined, {
        timeoutMs: 20_000,
        what: 'an order that the sandbox systems have',
      });
      assert.equal(await hub.stop(), 0, hub.lastWords());
      assert.equal(await answers(`http://${sandbox}`), false);
    } finally {
      await hub.kill();
      await rm(root, { recursive: true, force: true });
    }
  });
});

/** The sample project of the repository. */
async function copySample(root: string): Promise<void> {
  for (const folder of ['config', 'mappings', 'schemas'])
    await cp(join(REPOSITORY, folder), join(root, folder), { recursive: true });
}

function ledgerFolder(root: string): string {
  return join(root, '.crossdock', 'sandbox');
}

/** The hub's ids of all orders that the shop has a 2xx for. */
async function acknowledgedOrders(root: string): Promise<readonly string[]> {
  const ledger = await readFile(join(ledgerFolder(root), 'shop.jsonl'), 'utf8').catch(() => '');
  return ledger
    .split('\n')
    .filter((line) => line.includes('"acknowledged"'))
    .map((line) => (JSON.parse((JSON.parse(line) as { answer: string }).answer) as { id: string }).id);
}

async function deliveredOrder(hub: HubProcess, root: string): Promise<string | undefined> {
  for (const id of await acknowledgedOrders(root)) {
    const { deliveries } = await hub.api<Message>(`/messages/${id}`);
    if (deliveries.every(({ state }) => state === 'delivered')) return id;
  }
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
