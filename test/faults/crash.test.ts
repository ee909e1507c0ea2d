import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/services/processes.ts';
import { launchHub } from '../support/hub-process.ts';
import type { HubProcess } from '../support/hub-process.ts';
import { chosenSeed, realServices } from '../support/real-services.ts';
import { until } from '../support/until.ts';
import { allDelivered, assertBalanced, assertNothingLost } from './support/ledgers.ts';
import { IN_HAND, makeProject, SHOP_SECRET } from './support/project.ts';
import { seededRandom } from './support/random.ts';
import { Sender } from './support/sender.ts';
import { Target } from './support/target.ts';

const KILLS = 10;
/** A relay that was killed leaves its claims behind, which end after half a minute. */
const SETTLE_MS = 90_000;

interface Kind {
  readonly title: string;
  readonly services: () => { readonly databaseUrl?: string; readonly amqpUrl?: string } | undefined;
  /** Orders a second. */
  readonly rate: number;
}

const KINDS: readonly Kind[] = [
  { title: 'on RabbitMQ and Postgres', rate: 200, services: realServices },
  { title: 'on the embedded default', rate: 60, services: () => ({}) },
];

for (const { title, services, rate } of KINDS) {
  describe(`A hub that is killed under load ${title}`, () => {
    it(`loses nothing that it acknowledged, ${KILLS} times over`, async function () {
      this.timeout(240_000);
      const places = services();
      if (places === undefined) return this.skip();
      const seed = chosenSeed();
      process.stdout.write(`      seed ${seed} (FAULT_SEED=${seed} repeats its moments)\n`);
      const random = seededRandom(seed);
      const [erp, crm] = [await Target.start(), await Target.start()];
      const project = await makeProject(erp.url, crm.url);
      const port = await freePort();
      const start = (): HubProcess => launchHub({ root: project.root, port, ...places });
      const sender = new Sender({
        url: () => `http://127.0.0.1:${port}`,
        secret: SHOP_SECRET,
        parallel: 8,
        rate,
      });
      let hub = start();
      try {
        await hub.ready();
        sender.start();
        for (let kill = 0; kill < KILLS; kill += 1) {
          // Most while it works, some while it still starts and finds what the last one left.
          if (random() < 0.25) await delay(random() * 1_500);
          else await killAfter(sender, Math.ceil(random() * rate * 1.5), hub);
          await hub.kill();
          hub = start();
        }
        await hub.ready();
        await sender.stop();
        await allDelivered(hub, SETTLE_MS);

        assert.ok(sender.acknowledged.size > KILLS, 'there was a load');
        for (const [name, target] of Object.entries({ erp, crm })) {
          assertNothingLost(sender, target, name);
          assert.ok(
            target.repeats <= KILLS * IN_HAND,
            `${name} got ${target.repeats} repeats: more than can have been in hand`,
          );
        }
        await assertBalanced(hub, project.root, sender.acknowledged.size);
        assert.equal(await hub.stop(), 0);
      } finally {
        await hub.kill();
        await sender.abandon();
        await Promise.all([erp.close(), crm.close()]);
        await project.remove(places);
      }
    });
  });
}

async function killAfter(sender: Sender, acknowledgements: number, hub: HubProcess): Promise<void> {
  const goal = sender.acknowledged.size + acknowledgements;
  await until(() => sender.acknowledged.size >= goal || hub.hasEnded(), {
    timeoutMs: 30_000,
    what: `that ${acknowledgements} more orders are acknowledged`,
  });
  assert.ok(!hub.hasEnded(), `the hub ended by itself:\n${hub.lastWords()}`);
}
