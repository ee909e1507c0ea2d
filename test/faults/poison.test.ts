import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { freePort } from '../../scripts/services/processes.ts';
import { writeProject } from '../support/hub.ts';
import { realServices } from '../support/real-services.ts';
import { until } from '../support/until.ts';
import { deleteQueue, sql } from './support/project.ts';

const PROGRAM = fileURLToPath(new URL('support/crashing-hub.ts', import.meta.url));
const DELIVERY_LIMIT = 2;

describe('A message that ends every worker that touches it', function () {
  this.timeout(90_000);

  it('is given up by the broker after some crashes and becomes a dead failure; the others are delivered', async function () {
    const services = realServices();
    if (services === undefined) return this.skip();
    const { databaseUrl, amqpUrl } = services;
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
to: [{ target: fragile, connection: fragile, action: take }]
`,
    });
    const port = await freePort();
    let crashes = 0;
    let over = false;
    let hub: ChildProcess | undefined;
    // As a supervisor does: whenever it has ended it is started again.
    const start = (): void => {
      hub = spawn(process.execPath, [PROGRAM, project.root, String(port), databaseUrl, amqpUrl], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      hub.once('exit', () => {
        if (over) return;
        crashes += 1;
        start();
      });
    };
    const states = async (): Promise<Record<string, string>> => {
      const rows = await sql<{ key: string; state: string }>(
        databaseUrl,
        `select key, coalesce(f.code || ' ' || f.state, e.type, 'open') as state
           from ${namespace}.messages m
           left join ${namespace}.failures f on f.message_id = m.id
           left join ${namespace}.events e on e.message_id = m.id and e.type = 'delivered'`,
      ).catch(() => []);
      return Object.fromEntries(rows.map(({ key, state }) => [key, state]));
    };
    const wanted = {
      first: 'delivered',
      poison: 'DELIVERY_LIMIT dead',
      second: 'delivered',
      third: 'delivered',
    };
    try {
      start();
      for (const id of Object.keys(wanted))
        await until(() => accepts(port, id), { timeoutMs: 20_000, what: `that ${id} is accepted` });
      await until(async () => isDeepStrictEqual(await states(), wanted), {
        timeoutMs: 45_000,
        everyMs: 200,
        what: `that all is settled (${crashes} crashes)`,
      });
      assert.ok(crashes > DELIVERY_LIMIT && crashes <= DELIVERY_LIMIT + 2, `${crashes} crashes`);
    } finally {
      over = true;
      hub?.kill('SIGKILL');
      await project.remove();
      await sql(databaseUrl, `drop schema if exists ${namespace} cascade`);
      for (const queue of ['demo/orders/fragile', 'dead-letters'])
        await deleteQueue(amqpUrl, `${namespace}.${queue}`);
    }
  });
});

async function accepts(port: number, id: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/in/demo/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    });
    return ok;
  } catch {
    return false;
  }
}
