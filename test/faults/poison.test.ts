import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/services/processes.ts';
import { writeProject } from '../support/hub.ts';
import { realServices } from '../support/real-services.ts';
import { until } from '../support/until.ts';
import { deleteQueue, sql } from './support/project.ts';

const PROGRAM = fileURLToPath(new URL('support/crashing-hub.ts', import.meta.url));
const DELIVERY_LIMIT = 2;
const ORDERS = ['first', 'poison', 'second', 'third', 'fourth', 'fifth', 'sixth'];
/** Enough for the relay to send them as bundles. */
const LINES = Array.from({ length: 300 }, (_, index) => (index === 137 ? 'poison at once' : `line ${index}`));

interface Services {
  readonly databaseUrl?: string;
  readonly amqpUrl?: string;
}

/** A hub with a connector that ends the process at some messages; as a supervisor does, it starts it again whenever it has ended. */
class Supervised {
  crashes = 0;
  readonly #start: () => ChildProcess;
  readonly #url: string;
  readonly #root: string;
  #hub: ChildProcess | undefined;
  #over = false;

  constructor(root: string, port: number, { databaseUrl = '', amqpUrl = '' }: Services) {
    this.#root = root;
    this.#url = `http://127.0.0.1:${port}`;
    this.#start = () =>
      spawn(process.execPath, [PROGRAM, root, String(port), databaseUrl, amqpUrl], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
  }

  start(): void {
    const hub = (this.#hub = this.#start());
    hub.once('exit', () => {
      if (this.#over) return;
      this.crashes += 1;
      this.start();
    });
  }

  async end(): Promise<void> {
    this.#over = true;
    const hub = this.#hub;
    if (hub === undefined || hub.exitCode !== null || hub.signalCode !== null) return;
    const ended = once(hub, 'exit');
    hub.kill('SIGKILL');
    await ended;
  }

  /** The message's id, once it is accepted. */
  async accept(id: string, lines?: readonly string[]): Promise<string> {
    let accepted = '';
    const send = async (): Promise<boolean> => {
      try {
        const response = await fetch(`${this.#url}/in/demo/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, lines }),
        });
        accepted = ((await response.json()) as { id: string }).id;
        return response.ok;
      } catch {
        return false;
      }
    };
    await until(send, { timeoutMs: 30_000, what: `that ${id} is accepted` });
    return accepted;
  }

  /** Undefined while it is not there. */
  async api<T>(path: string): Promise<T | undefined> {
    try {
      const token = await readFile(join(this.#root, 'admin-token'), 'utf8');
      const response = await fetch(`${this.#url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return response.ok ? ((await response.json()) as T) : undefined;
    } catch {
      return undefined;
    }
  }
}

describe('A message that ends every worker that touches it', function () {
  this.timeout(120_000);

  it('is given up after some crashes and becomes a dead failure; the others are delivered', async function () {
    const services = realServices();
    if (services === undefined) return this.skip();
    await play(services);
  });

  it('is found in a bundle, too, though it leaves those beside it no time', async function () {
    const services = realServices();
    if (services === undefined) return this.skip();
    await playSplit(services);
  });

  it('is found among those that were under way with it, on the embedded default too', async () => {
    await play({});
  });
});

async function play(services: Services): Promise<void> {
  await onHub(services, '', async (hub) => {
    const ids = new Map<string, string>();
    for (const order of ORDERS) ids.set(order, await hub.accept(order));
    const failures = await allSettled(hub, ORDERS.length - 1);
    assert.deepEqual(
      failures.map(({ messageId, state, code }) => [messageId, state, code]),
      [[ids.get('poison'), 'dead', 'DELIVERY_LIMIT']],
    );
    assert.ok(hub.crashes > DELIVERY_LIMIT && hub.crashes <= DELIVERY_LIMIT + 2, `${hub.crashes} crashes`);
  });
}

async function playSplit(services: Services): Promise<void> {
  await onHub(services, 'steps: [{ split: lines }]', async (hub) => {
    await hub.accept('order', LINES);
    const failures = await allSettled(hub, LINES.length - 1);
    assert.deepEqual(
      failures.map(({ state, code }) => [state, code]),
      [['dead', 'DELIVERY_LIMIT']],
    );
    assert.ok(hub.crashes > DELIVERY_LIMIT && hub.crashes <= DELIVERY_LIMIT + 2, `${hub.crashes} crashes`);
  });
}

interface Failed {
  readonly messageId: string;
  readonly state: string;
  readonly code: string;
}

/** Resolves with the failures once so many deliveries are done and one is dead. */
async function allSettled(hub: Supervised, delivered: number): Promise<readonly Failed[]> {
  let last: unknown;
  let failures: readonly Failed[] = [];
  await until(
    async () => {
      const books = await hub.api<{
        routes: readonly { delivered: number; failures: { dead: number } }[];
      }>('/reconcile');
      failures = (await hub.api<{ items: readonly Failed[] }>('/failures'))?.items ?? [];
      last = { books, failures };
      const [route] = books?.routes ?? [];
      return route?.delivered === delivered && route.failures.dead === 1;
    },
    {
      timeoutMs: 60_000,
      everyMs: 200,
      what: () => `that all is settled (${hub.crashes} crashes, ${JSON.stringify(last)})`,
    },
  );
  return failures;
}

async function onHub(
  services: Services,
  steps: string,
  story: (hub: Supervised) => Promise<void>,
): Promise<void> {
  const namespace = `poison_${randomBytes(5).toString('hex')}`;
  const project = await writeProject({
    'config/hub.yaml': `namespace: ${namespace}\nqueues: { max_length: 100, delivery_limit: ${DELIVERY_LIMIT} }\n`,
    'config/connections.yaml': `
sender: { connector: webhook, with: { verify: { type: none } } }
fragile: { connector: fragile, with: {} }
`,
    'mappings/demo/orders.yaml': `
from: { connection: sender, source: webhook }
message: { id: id }
${steps}
to: [{ target: fragile, connection: fragile, action: take }]
`,
  });
  const hub = new Supervised(project.root, await freePort(), services);
  try {
    hub.start();
    await story(hub);
  } finally {
    await hub.end();
    await project.remove();
    const { databaseUrl, amqpUrl } = services;
    if (databaseUrl !== undefined) await sql(databaseUrl, `drop schema if exists ${namespace} cascade`);
    if (amqpUrl !== undefined)
      for (const queue of ['demo/orders/fragile', 'dead-letters'])
        await deleteQueue(amqpUrl, `${namespace}.${queue}`);
  }
}
