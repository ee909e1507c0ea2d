import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';
import pg from 'pg';
import { writeProject } from '../../support/hub.ts';

export const SHOP_SECRET = 'a-secret-for-fault-tests-only';

export interface FaultProject {
  readonly root: string;
  /** Prefix of the queues and name of the database schema: no other test has it. */
  readonly namespace: string;
  readonly queues: readonly string[];
  /** The folder, and what it left behind on these services. */
  remove(services?: {
    readonly databaseUrl?: string | undefined;
    readonly amqpUrl?: string | undefined;
  }): Promise<void>;
}

/** Deliveries that a process has in hand at most, per target: the most that a crash may repeat. */
export const IN_HAND = 16;

/** Orders of a shop to an ERP and a CRM, with short waits. */
export async function makeProject(erpUrl: string, crmUrl: string): Promise<FaultProject> {
  const namespace = `fault_${randomBytes(5).toString('hex')}`;
  const target = (url: string): string => `
  connector: rest
  with:
    base_url: ${url}
    actions:
      create-order: { path: /orders, idempotency_header: Idempotency-Key, ref: id }
  limits: { concurrency: ${IN_HAND} }
  breaker: { failures: 3, pause: 200ms, max_pause: 1s }
`;
  const { root, remove } = await writeProject({
    'config/hub.yaml': `
namespace: ${namespace}
outbound: { allow: [127.0.0.1/32] }
queues: { max_length: 1000, delivery_limit: 10 }
`,
    'config/shop-secret': SHOP_SECRET,
    'config/connections.yaml': `
shop:
  connector: webhook
  with:
    verify: { type: hmac, header: x-shop-signature, secrets: ['\${file:config/shop-secret}'] }
erp:${target(erpUrl)}
crm:${target(crmUrl)}
`,
    'mappings/sales/orders.yaml': `
from: { connection: shop, source: webhook }
message: { id: id, keys: { order: id } }
to:
  - { target: erp, connection: erp, action: create-order, map: { ref: id, amount: total } }
  - { target: crm, connection: crm, action: create-order, map: { ref: id, customer: customer } }
`,
  });
  const queues = [`${namespace}.sales/orders/erp`, `${namespace}.sales/orders/crm`];
  return {
    root,
    namespace,
    queues,
    remove: async ({ databaseUrl, amqpUrl } = {}) => {
      await remove();
      if (databaseUrl !== undefined) await sql(databaseUrl, `drop schema if exists ${namespace} cascade`);
      if (amqpUrl !== undefined) {
        for (const queue of [...queues, `${namespace}.dead-letters`]) await deleteQueue(amqpUrl, queue);
      }
    },
  };
}

export async function sql<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Resolves with how many messages went with it. */
export async function deleteQueue(amqpUrl: string, queue: string): Promise<number> {
  const broker = await connect(amqpUrl);
  try {
    const { messageCount } = await (await broker.createChannel()).deleteQueue(queue);
    return messageCount;
  } finally {
    await broker.close();
  }
}

/** Messages that wait in it. */
export async function queueDepth(amqpUrl: string, queue: string): Promise<number> {
  const broker = await connect(amqpUrl);
  try {
    const { messageCount } = await (await broker.createChannel()).checkQueue(queue);
    return messageCount;
  } finally {
    await broker.close();
  }
}
