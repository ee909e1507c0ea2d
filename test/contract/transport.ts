import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { topologyOf } from '../../core/transport/index.ts';
import type { Verdict } from '../../core/transport/index.ts';
import { until } from '../support/until.ts';
import { Bench, bodies } from './transport-bench.ts';
import type { Inbox, TransportSubject } from './transport-bench.ts';

export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

type Behaviour = (bench: Bench) => Promise<void>;

/** What every transport promises. `make` gives a fresh one; it is closed after each test. */
export function transportContract(
  name: string,
  make: () => Promise<TransportSubject>,
  { skip = [] }: { readonly skip?: readonly Skip[] } = {},
): void {
  for (const { tests } of skip)
    for (const title of tests) if (!(title in BEHAVIOURS)) throw new Error(`no such behaviour: ${title}`);

  describe(`transport contract: ${name}`, () => {
    for (const [title, behaviour] of Object.entries(BEHAVIOURS)) {
      const skipped = skip.find(({ tests }) => tests.includes(title));
      if (skipped !== undefined) {
        it.skip(`${title} (${skipped.reason})`);
        continue;
      }
      it(title, async () => {
        const subject = await make();
        try {
          await behaviour(await Bench.on(subject));
        } finally {
          await subject.transport.close();
        }
      });
    }
  });
}

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'says which queues it had to make': async (bench) => {
    const topology = topologyOf(['a/b/c'], { namespace: bench.namespace, maxLength: 10, deliveryLimit: 3 });
    assert.deepEqual(await bench.transport.declare(topology), [`${bench.namespace}.a/b/c`]);
    assert.deepEqual(await bench.transport.declare(topology), []);
  },

  'refuses a queue that exists with other properties': async (bench) => {
    const other = topologyOf(['sales/orders/erp'], {
      namespace: bench.namespace,
      maxLength: 9,
      deliveryLimit: 3,
    });
    await assert.rejects(bench.transport.declare(other), { code: 'BROKER_REFUSED' });
  },

  'removes a queue with what is in it, also one that is not there': async (bench) => {
    const queue = `${bench.namespace}.gone/old/target`;
    const topology = topologyOf(['gone/old/target'], {
      namespace: bench.namespace,
      maxLength: 10,
      deliveryLimit: 3,
    });
    await bench.transport.declare(topology);
    await bench.transport.publish([{ ...bench.parcel('one'), queue }]);
    await bench.transport.remove(queue);
    assert.deepEqual((await bench.transport.depths([queue])).get(queue), { atLeast: 0, atMost: 0 });
    await bench.transport.remove(queue);
  },

  'is ready once its queues are declared': async (bench) => {
    assert.deepEqual(bench.transport.state(), { ready: true });
  },

  'has a parcel safe when it says confirmed': async (bench) => {
    assert.deepEqual(await bench.publish(3), ['confirmed', 'confirmed', 'confirmed']);
    await bench.depthBecomes(3);
  },

  'hands out exactly what was published': async (bench) => {
    const body = randomBytes(200_000);
    const headers = { 'crossdock-one': 'sales/orders/erp', 'crossdock-two': '{"name":"Zoë 😀"}' };
    const parcel = { ...bench.parcel('one'), contentType: 'application/xml', headers, body };
    await bench.transport.publish([parcel, { ...parcel, id: 'empty', body: Buffer.alloc(0) }]);
    const inbox = await bench.consume(1, async () => 'settled');
    const [first, empty] = await inbox.parcels(2);
    assert.deepEqual(first, { ...parcel, redelivered: false, returns: 0 });
    assert.equal(empty?.body.length, 0);
  },

  'hands out exactly what was published, also of very many at once': async (bench) => {
    const parcels = Array.from({ length: 300 }, (_, index) => ({
      ...bench.parcel(`${index} ${'x'.repeat(index)}`),
      contentType: index % 2 === 0 ? 'text/plain' : 'application/json',
      headers: { 'crossdock-number': String(index) },
    }));
    assert.deepEqual(new Set(await bench.transport.publish(parcels)), new Set(['confirmed']));
    const inbox = await bench.consume(1, async () => 'settled');
    const seen = await inbox.parcels(300);
    assert.deepEqual(
      seen.map(({ redelivered: _, returns: __, ...parcel }) => parcel),
      parcels,
    );
    await bench.depthBecomes(0);
  },

  'knows how many wait at least and at most': async (bench) => {
    await bench.publish(150);
    const { atLeast = 0, atMost = 0 } = (await bench.transport.depths([bench.queue])).get(bench.queue) ?? {};
    assert.ok(atLeast > 0 && atLeast <= 150 && atMost >= 150, `${atLeast} to ${atMost}`);
  },

  'knows that nothing waits in queues that do not exist, also when it is asked for many at once': async (
    bench,
  ) => {
    const names = [1, 2, 3].map((nth) => `${bench.namespace}.nowhere-${nth}`);
    const asked = names.map((name) => bench.transport.depths([name, bench.queue]));
    const found = await Promise.all(asked);
    for (const [nth, name] of names.entries()) {
      assert.deepEqual(found[nth]?.get(name), { atLeast: 0, atMost: 0 });
      assert.equal(found[nth]?.has(bench.queue), true);
    }
  },

  'keeps the order of a queue at concurrency 1': async (bench) => {
    await Promise.all([bench.publish(50, 0), bench.publish(50, 50)]);
    const inbox = await bench.consume(1, async () => 'settled');
    const expected = Array.from({ length: 100 }, (_, index) => String(index));
    assert.deepEqual(bodies(await inbox.parcels(100)), expected);
  },

  'never has more in hand than the concurrency': async (bench) => {
    let inHand = 0;
    let most = 0;
    await bench.publish(60);
    const inbox = await bench.consume(4, async () => {
      most = Math.max(most, ++inHand);
      await new Promise((resolve) => setImmediate(resolve));
      inHand -= 1;
      return 'settled';
    });
    await inbox.parcels(60);
    assert.equal(most, 4);
  },

  'does not know a queue that was not declared, and confirms nothing for it': async (bench) => {
    const stray = { ...bench.parcel('x'), queue: `${bench.namespace}.nowhere` };
    const known = bench.parcel('y');
    assert.deepEqual(await bench.transport.publish([known, stray, known]), [
      'confirmed',
      'unknown',
      'confirmed',
    ]);
  },

  'hands a returned parcel out again, marked as redelivered': async (bench) => {
    await bench.publish(1);
    const inbox = await bench.consume(1, async (parcel) => (parcel.redelivered ? 'settled' : 'return'));
    const seen = await inbox.parcels(2);
    assert.deepEqual(
      seen.map(({ redelivered, returns }) => [redelivered, returns]),
      [
        [false, 0],
        [true, 1],
      ],
    );
    await bench.depthBecomes(0);
  },

  'hands out again, of very many, all that was returned or shared its fate': async (bench) => {
    await bench.publish(200);
    const odd = (body: Buffer): boolean => Number(body) % 50 === 7;
    const settled = new Set<string>();
    const inbox = await bench.consume(20, async ({ body, redelivered }) => {
      if (odd(body) && !redelivered) return 'return';
      settled.add(body.toString());
      return 'settled';
    });
    await until(() => settled.size === 200);
    await bench.depthBecomes(0);
    const again = inbox.all.filter(({ redelivered }) => redelivered);
    assert.deepEqual(
      again.filter(({ body }) => odd(body)).map(({ returns }) => returns),
      [1, 1, 1, 1],
    );
  },

  'counts a handler that throws as a return, and goes on': async (bench) => {
    await bench.publish(2);
    const inbox = await bench.consume(1, (parcel) => {
      if (!parcel.redelivered) throw new Error('a handler with a defect');
      return Promise.resolve('settled');
    });
    const seen = await inbox.parcels(4);
    assert.deepEqual(new Set(bodies(seen)), new Set(['0', '1']));
  },

  'refuses what is too much for a queue, and takes it when there is room again': async (bench) => {
    // A limit may be overshot by what is on its way when it is reached.
    await until(async () => (await bench.publish(5)).includes('full'));
    const inbox = await bench.consume(5, async () => 'settled');
    await until(async () => (await bench.publish(1))[0] === 'confirmed');
    await inbox.parcels(10);
  },

  'refuses of very many at once what is too much, and has the rest safe': async (bench) => {
    const results: string[] = [];
    await until(async () => {
      results.push(...(await bench.publish(256, results.length)));
      return results.includes('full');
    });
    const inbox = await bench.consume(20, async () => 'settled');
    const safe = results.flatMap((result, index) => (result === 'confirmed' ? [String(index)] : []));
    await until(() => inbox.count >= safe.length);
    await bench.depthBecomes(0);
    assert.deepEqual(new Set(bodies(inbox.all)), new Set(safe));
  },

  'refuses only for the queue that is full': async (bench) => {
    await until(async () => (await bench.publish(5)).includes('full'));
    const other = { ...bench.parcel('x'), queue: bench.other };
    assert.deepEqual(await bench.transport.publish([other]), ['confirmed']);
  },

  'goes on past a slow parcel': async (bench) => {
    const release = Promise.withResolvers<Verdict>();
    await bench.publish(10);
    const inbox = await bench.consume(2, async (parcel) =>
      parcel.body.toString() === '0' ? await release.promise : 'settled',
    );
    for (let from = 10; from < 100; from += 10) {
      await bench.publish(10, from);
      await inbox.parcels(from + 10);
    }
    release.resolve('settled');
    await inbox.stop();
    await bench.depthBecomes(0);
  },

  'hands out to other queues while one has all in hand that it may': async (bench) => {
    const release = Promise.withResolvers<Verdict>();
    await bench.publish(10);
    const stuck = await bench.consume(2, async () => await release.promise);
    await stuck.parcels(2);
    await bench.transport.publish([{ ...bench.parcel('x'), queue: bench.other }]);
    const inbox = await bench.consume(1, async () => 'settled', bench.other);
    await inbox.parcels(1);
    release.resolve('settled');
    await stuck.parcels(10);
  },

  'finishes what is in hand and gives back the rest when it is stopped': async (bench) => {
    await stoppedWithTwoInHand(bench, 10);
    await bench.depthBecomes(8);
    const next = await bench.consume(1, async () => 'settled');
    assert.deepEqual(
      new Set(bodies(await next.parcels(8))),
      new Set(['2', '3', '4', '5', '6', '7', '8', '9']),
    );
  },

  'gives back the rest of very many when it is stopped': async (bench) => {
    const inbox = await stoppedWithTwoInHand(bench, 200);
    const next = await bench.consume(10, async () => 'settled');
    const seen = (): Set<string> => new Set([...bodies(inbox.all), ...bodies(next.all)]);
    await until(() => seen().size === 200);
    await bench.depthBecomes(0);
  },

  'tells what it holds, and which is the oldest of it': async (bench) => {
    const releases = [Promise.withResolvers<Verdict>(), Promise.withResolvers<Verdict>()];
    await bench.publish(2);
    const inbox = await bench.consume(
      2,
      async ({ body }) => (await releases[Number(body)]?.promise) ?? 'return',
    );
    await inbox.parcels(2);
    const both = inbox.held();
    assert.ok(both !== undefined && both.count >= 2, JSON.stringify(both));
    releases[1]?.resolve('settled');
    await until(() => inbox.held()?.count === 1);
    assert.equal(inbox.held()?.oldest, both.oldest);
    releases[0]?.resolve('settled');
    await until(() => inbox.held() === undefined);
  },

  'pauses at a limit of 0 and goes on at a higher one': async (bench) => {
    await bench.publish(1);
    const inbox = await bench.consume(2, async () => 'settled');
    await inbox.parcels(1);
    inbox.limit(0);
    await bench.publish(4, 1);
    await bench.transport.publish([{ ...bench.parcel('x'), queue: bench.other }]);
    await (await bench.consume(1, async () => 'settled', bench.other)).parcels(1);
    assert.equal(inbox.count, 1);
    inbox.limit(1);
    assert.deepEqual(bodies(await inbox.parcels(5)), ['0', '1', '2', '3', '4']);
  },

  'shares a queue among its consumers': async (bench) => {
    const release = Promise.withResolvers<Verdict>();
    await bench.publish(8);
    const one = await bench.consume(1, async () => await release.promise);
    const two = await bench.consume(1, async () => await release.promise);
    await Promise.all([one.parcels(1), two.parcels(1)]);
    release.resolve('settled');
    await until(() => one.count + two.count === 8);
    assert.equal(new Set(bodies([...one.all, ...two.all])).size, 8);
  },

  'gives a parcel up that comes back too often, with its headers and where it was': async (bench) => {
    const headers = { 'crossdock-one': 'sales/orders/erp' };
    await bench.transport.publish([{ ...bench.parcel('poison'), headers }]);
    const inbox = await bench.consume(1, async () => 'return');
    const dead = await bench.consume(1, async () => 'settled', bench.topology.deadLetters);
    const [parcel] = await dead.parcels(1);
    assert.equal(inbox.count, 4); // the first time, and three returns
    assert.equal(parcel?.body.toString(), 'poison');
    assert.deepEqual(parcel?.headers, {
      ...headers,
      'crossdock-dead-queue': bench.queue,
      'crossdock-dead-reason': 'delivery_limit',
    });
  },

  'makes a deleted queue anew, says so, and its consumer goes on': async (bench) => {
    const inbox = await bench.consume(2, async () => 'settled');
    const lost = new Promise<string>((resolve) => {
      bench.transport.onQueueLost(resolve);
    });
    await bench.subject.deleteQueue?.(bench.queue);
    assert.equal(await lost, bench.queue);
    await until(async () => (await bench.publish(1))[0] === 'confirmed');
    await inbox.parcels(1);
  },

  'makes a deleted queue anew that nobody consumes, when something is published to it': async (bench) => {
    const lost = new Promise<string>((resolve) => {
      bench.transport.onQueueLost(resolve);
    });
    await bench.subject.deleteQueue?.(bench.queue);
    assert.deepEqual(await bench.publish(1), ['unknown']);
    assert.equal(await lost, bench.queue);
    assert.deepEqual(await bench.publish(1), ['confirmed']);
  },

  'loses nothing that it confirmed while the broker restarts': async (bench) => {
    const confirmed = new Set<string>();
    const inbox = await bench.consume(4, async () => 'settled');
    let on = true;
    const publishing = (async () => {
      for (let index = 0; on; index += 1) {
        const [result] = await bench.publish(1, index);
        if (result === 'confirmed') confirmed.add(String(index));
        await new Promise((resolve) => setTimeout(resolve, 1)); // a pace, so that the log of a slow restart stays small
      }
    })();
    await inbox.parcels(20);
    const ready = new Promise<void>((resolve) => {
      bench.transport.onReady(resolve);
    });
    await bench.subject.restart?.();
    await ready;
    const count = inbox.count;
    await inbox.parcels(count + 20);
    on = false;
    await publishing;
    const missing = (): string[] => {
      const seen = new Set(bodies(inbox.all));
      return [...confirmed].filter((body) => !seen.has(body));
    };
    await until(() => missing().length === 0, {
      what: () => `that nothing confirmed is lost (${missing().join()})`,
    });
  },

  'refuses to publish once it is closed': async (bench) => {
    await bench.transport.close();
    assert.deepEqual(await bench.publish(2), ['full', 'full']);
    assert.equal(bench.transport.state().ready, false);
  },

  'finishes what is in hand when it is closed': async (bench) => {
    const release = Promise.withResolvers<Verdict>();
    await bench.publish(1);
    const inbox = await bench.consume(1, async () => await release.promise);
    await inbox.parcels(1);
    const closed = bench.transport.close();
    release.resolve('settled');
    await closed;
  },
};

/** A consumer that was stopped while it had two parcels in hand, of so many, and settled those. */
async function stoppedWithTwoInHand(bench: Bench, published: number): Promise<Inbox> {
  const release = Promise.withResolvers<Verdict>();
  await bench.publish(published);
  const inbox = await bench.consume(2, async () => await release.promise);
  await inbox.parcels(2);
  const stopped = inbox.stop();
  release.resolve('settled');
  await stopped;
  assert.equal(inbox.count, 2);
  return inbox;
}
