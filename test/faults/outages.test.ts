import assert from 'node:assert/strict';
import { freePort } from '../../scripts/services/processes.ts';
import { startBroker } from '../support/broker.ts';
import { startHubProcess } from '../support/hub-process.ts';
import type { HubProcess } from '../support/hub-process.ts';
import { startPostgres } from '../support/postgres.ts';
import { realServices } from '../support/real-services.ts';
import { until } from '../support/until.ts';
import { allDelivered, assertBalanced, assertNothingLost } from './support/ledgers.ts';
import { deleteQueue, makeProject, queueDepth, SHOP_SECRET, sql } from './support/project.ts';
import type { FaultProject } from './support/project.ts';
import { Sender } from './support/sender.ts';
import { Target } from './support/target.ts';

/** A hub under load with all that belongs to it. */
interface Scene {
  readonly hub: HubProcess;
  readonly project: FaultProject;
  readonly sender: Sender;
  readonly erp: Target;
  readonly crm: Target;
}

interface Services {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
}

const RATE = 100;

describe('A hub under load', function () {
  this.timeout(120_000);
  let services: Services;

  before(function () {
    const found = realServices();
    if (found === undefined) return this.skip();
    services = found;
  });

  it('goes on taking orders while RabbitMQ is away, and delivers them when it is back', async () => {
    const broker = await startBroker();
    try {
      await withScene({ ...services, amqpUrl: broker.url }, async ({ hub, project, sender, erp, crm }) => {
        await acknowledged(sender, 50);
        await broker.stop();
        sender.takeRefusals();
        await acknowledged(sender, 3 * RATE);
        assert.deepEqual([...sender.takeRefusals()], [], 'while the broker is away every order is accepted');
        const readiness = await fetch(`${hub.url}/readyz`);
        assert.equal(readiness.status, 200, 'a load balancer must leave it in its place');
        assert.equal(((await readiness.json()) as { degraded: boolean }).degraded, true);
        await broker.start();
        await acknowledged(sender, 50);
        await sender.stop();
        await allDelivered(hub, 60_000);
        for (const [name, target] of Object.entries({ erp, crm })) assertNothingLost(sender, target, name);
        await assertBalanced(hub, project.root, sender.acknowledged.size);
      });
    } finally {
      await broker.close();
    }
  });

  it('says 503 with Retry-After while Postgres is away, and goes on when it is back', async () => {
    const postgres = await startPostgres();
    try {
      await withScene(
        { ...services, databaseUrl: postgres.url },
        async ({ hub, project, sender, erp, crm }) => {
          await acknowledged(sender, 50);
          await postgres.stop();
          sender.takeRefusals();
          const before = sender.acknowledged.size;
          await until(() => (sender.refusals.get('503') ?? 0) >= 50, {
            timeoutMs: 30_000,
            what: '50 refusals',
          });
          assert.ok(sender.acknowledged.size <= before + 8, 'nothing is acknowledged that can not be stored');
          const refusals = sender.takeRefusals();
          assert.deepEqual([...refusals.keys()], ['503']);
          assert.ok(sender.retryAfter.every((seconds) => Number(seconds) > 0));
          assert.equal((await fetch(`${hub.url}/readyz`)).status, 503);
          assert.equal((await fetch(`${hub.url}/livez`)).status, 200);
          await postgres.start();
          await acknowledged(sender, 50);
          await sender.stop();
          await allDelivered(hub, 60_000);
          for (const [name, target] of Object.entries({ erp, crm })) assertNothingLost(sender, target, name);
          await assertBalanced(hub, project.root, sender.acknowledged.size);
          assert.deepEqual(
            await failedFirst(postgres.url, project),
            [],
            'no attempt was used for the outage',
          );
        },
      );
    } finally {
      await postgres.close();
    }
  });

  it('sends again what was in a queue that is deleted', async () => {
    await withScene(services, async ({ hub, project, sender, erp, crm }) => {
      const [queue = ''] = project.queues;
      erp.hold();
      await until(async () => (await queueDepth(services.amqpUrl, queue)) >= 100, {
        what: '100 queued orders',
      });
      const gone = await deleteQueue(services.amqpUrl, queue);
      assert.ok(gone >= 100, `${gone} messages went with the queue`);
      erp.release();
      await acknowledged(sender, 50);
      await sender.stop();
      await allDelivered(hub, 60_000);
      for (const [name, target] of Object.entries({ erp, crm })) assertNothingLost(sender, target, name);
      await assertBalanced(hub, project.root, sender.acknowledged.size);
    });
  });

  it('sends again what was in a queue that was deleted while no hub ran', async () => {
    await withScene(services, async ({ hub, project, sender, erp, crm, restart }) => {
      const [queue = ''] = project.queues;
      erp.hold();
      await until(async () => (await queueDepth(services.amqpUrl, queue)) >= 100, {
        what: '100 queued orders',
      });
      await sender.stop();
      await hub.kill();
      const gone = await deleteQueue(services.amqpUrl, queue);
      assert.ok(gone >= 100, `${gone} messages went with the queue`);
      erp.release();
      const second = await restart();
      await allDelivered(second, 60_000);
      for (const [name, target] of Object.entries({ erp, crm })) assertNothingLost(sender, target, name);
      await assertBalanced(second, project.root, sender.acknowledged.size);
    });
  });

  it('pauses a target that is down, uses no attempt for it, and delivers when it is back', async () => {
    await withScene(services, async ({ hub, project, sender, erp, crm }) => {
      await acknowledged(sender, 50);
      erp.fail();
      await until(async () => (await pauses(services.databaseUrl, project, 'erp')) > 0, { what: 'a pause' });
      const crmBefore = crm.effects.size;
      await acknowledged(sender, 2 * RATE);
      await until(() => crm.effects.size >= crmBefore + RATE, { what: 'that the other target goes on' });
      erp.recover();
      await acknowledged(sender, 50);
      await sender.stop();
      await allDelivered(hub, 60_000);
      for (const [name, target] of Object.entries({ erp, crm })) assertNothingLost(sender, target, name);
      await assertBalanced(hub, project.root, sender.acknowledged.size);
      assert.equal(erp.repeats + crm.repeats, 0);
      const attempts = await sql<{ attempt: string }>(
        services.databaseUrl,
        `select distinct data->>'attempt' as attempt from ${project.namespace}.events where type = 'delivered'`,
      );
      assert.deepEqual(attempts, [{ attempt: '1' }], 'no attempt was used for the outage');
    });
  });

  it('ends at SIGTERM with exit code 0, and nothing is lost or done twice', async () => {
    await withScene(services, async ({ hub, project, sender, erp, crm, restart }) => {
      await acknowledged(sender, 2 * RATE);
      assert.equal(await hub.stop(), 0, hub.lastWords());
      const second = await restart();
      await acknowledged(sender, RATE);
      await sender.stop();
      await allDelivered(second, 60_000);
      for (const [name, target] of Object.entries({ erp, crm })) {
        assertNothingLost(sender, target, name);
        assert.equal(target.repeats, 0, name);
      }
      await assertBalanced(second, project.root, sender.acknowledged.size);
    });
  });
});

/** Starts targets, a hub on a project of its own and a sender; ends and removes all of it. */
async function withScene(
  services: Services,
  play: (scene: Scene & { restart(): Promise<HubProcess> }) => Promise<void>,
): Promise<void> {
  const [erp, crm] = [await Target.start(), await Target.start()];
  const project = await makeProject(erp.url, crm.url);
  const port = await freePort();
  const hubs: HubProcess[] = [];
  const start = async (): Promise<HubProcess> => {
    const hub = await startHubProcess({ root: project.root, port, ...services });
    hubs.push(hub);
    return hub;
  };
  const sender = new Sender({
    url: () => `http://127.0.0.1:${port}`,
    secret: SHOP_SECRET,
    parallel: 8,
    rate: RATE,
  });
  try {
    const hub = await start();
    sender.start();
    await play({ hub, project, sender, erp, crm, restart: start });
  } catch (error) {
    throw new Error(`${String(error)}\nThe hub's last words:\n${hubs.at(-1)?.lastWords()}`, { cause: error });
  } finally {
    erp.release();
    crm.release();
    for (const hub of hubs) await hub.kill();
    await sender.abandon();
    await Promise.all([erp.close(), crm.close()]);
    await project.remove(services);
  }
}

/** Resolves when so many more orders are acknowledged. */
async function acknowledged(sender: Sender, more: number): Promise<void> {
  const goal = sender.acknowledged.size + more;
  await until(() => sender.acknowledged.size >= goal, {
    timeoutMs: 45_000,
    what: `that ${more} more orders are acknowledged (${JSON.stringify([...sender.refusals])})`,
  });
}

/** Deliveries that were tried and failed: none of them, where only the hub's own services were away. */
function failedFirst(databaseUrl: string, { namespace }: FaultProject): Promise<readonly { type: string }[]> {
  return sql(
    databaseUrl,
    `select distinct type from ${namespace}.events where type in ('retry_scheduled', 'in_doubt', 'dead')`,
  );
}

async function pauses(databaseUrl: string, { namespace }: FaultProject, connection: string): Promise<number> {
  const rows = await sql<{ count: number }>(
    databaseUrl,
    `select count(*)::int as count from ${namespace}.events
      where type = 'connection_paused' and data->>'connection' = '${connection}'`,
  );
  return rows[0]?.count ?? 0;
}
