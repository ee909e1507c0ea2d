import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { queuedByRoute } from '../../../cli/compose-observe.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/log.ts';
import { createRabbitTransport, type RabbitOptions, topologyOf } from '../../../core/transport/index.ts';
import type { Parcel, Received, Transport, Verdict } from '../../../core/transport/index.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type Proxy, startProxy } from '../../support/proxy.ts';
import { until } from '../../support/until.ts';

/** Classes and methods of AMQP frames that ask for a connection, a channel, confirms on it, its end, the connection's end. */
const CONNECTION_OPEN = Buffer.from([0, 10, 0, 40]);
const CHANNEL_OPEN = Buffer.from([0, 20, 0, 10]);
const CONFIRM_SELECT = Buffer.from([0, 85, 0, 10]);
const CHANNEL_CLOSE = Buffer.from([0, 20, 0, 40]);
const CONNECTION_CLOSE = Buffer.from([0, 10, 0, 50]);

describe('the RabbitMQ transport in trouble', () => {
  let broker: Broker;
  let proxy: Proxy;
  const open: Transport[] = [];

  before(async () => {
    broker = await startBroker();
    proxy = await startProxy(broker.port);
  });
  after(async () => {
    await proxy.close();
    await broker.close();
  });
  afterEach(async () => {
    proxy.pass();
    await Promise.all(open.splice(0).map((transport) => transport.close()));
  });

  function connectTo(url: string, options: Partial<RabbitOptions> = {}): Transport {
    const transport = createRabbitTransport({ url, clock: systemClock, log: silentLogger, ...options });
    open.push(transport);
    return transport;
  }

  function throughProxy(): string {
    const address = new URL(broker.url);
    address.port = String(proxy.port);
    return address.href;
  }

  const topologyHere = () =>
    topologyOf(['a/b/c'], { namespace: `faults-${randomUUID()}`, maxLength: 10_000, deliveryLimit: 20 });
  const becomesReady = async (transport: Transport, ready = true): Promise<void> => {
    await until(() => transport.state().ready === ready, {
      timeoutMs: 30_000,
      what: () => `that ready (${JSON.stringify(transport.state())}) becomes ${ready}`,
    });
  };
  /** The connection is cut off just when a client asks for the end of a channel: the broker never answers. */
  const cutAtChannelClose = (): void => {
    proxy.beforeSending(CHANNEL_CLOSE, proxy.reset);
  };
  const parcelFor = (queue: string): Parcel => ({
    queue,
    id: randomUUID(),
    contentType: 'text/plain',
    headers: {},
    body: Buffer.from('body'),
  });
  /** Its queue goes while it is consumed: that is said, and what is published then is handed out. */
  const consumesAgainAfter = async (
    transport: Transport,
    queue: string,
    lose: () => Promise<void>,
  ): Promise<void> => {
    let count = 0;
    await transport.consume(queue, 2, async () => {
      count += 1;
      return 'settled';
    });
    const lost = new Promise((resolve) => {
      transport.onQueueLost(resolve);
    });
    await lose();
    assert.equal(await lost, queue);
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
    await until(() => count === 1);
  };

  it('waits for a broker that is not there yet, and then says which queues are new', async () => {
    await broker.stop();
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(broker.url);
    const lost = new Promise((resolve) => {
      transport.onQueueLost(resolve);
    });
    assert.deepEqual(await transport.declare(topology), []);
    assert.match(JSON.stringify(transport.state()), /ECONNREFUSED/);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['full']);
    const received = new Promise<Received>((resolve) => {
      void transport.consume(queue, 1, async (parcel) => {
        resolve(parcel);
        return 'settled';
      });
    });
    await broker.start();
    assert.equal(await lost, queue);
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
    await received;
  });

  it('refuses wrong credentials and an unknown virtual host, and says so', async () => {
    const wrong = new URL(broker.url);
    wrong.password = 'wrong';
    await assert.rejects(connectTo(wrong.href).declare(topologyHere()), {
      code: 'BROKER_REFUSED',
      message: /ACCESS_REFUSED/,
    });
    const unknown = connectTo(`${broker.url}/nowhere`);
    await assert.rejects(unknown.declare(topologyHere()), { message: /virtual host/ });
    assert.equal(unknown.state().ready, false);
  });

  it('makes everything anew on a broker that lost its disk, says so, and consumes again', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(broker.url);
    assert.deepEqual(await transport.declare(topology), [queue]);
    await becomesReady(transport);
    await consumesAgainAfter(transport, queue, () => broker.wipe());
  });

  it('notices a broker that has fallen silent, and comes back when it speaks again', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy(), { heartbeatSeconds: 1, publishTimeLimitMs: 300 });
    await transport.declare(topology);
    await becomesReady(transport);
    proxy.pause();
    const begun = performance.now();
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['unknown']);
    assert.ok(performance.now() - begun < 3_000);
    await becomesReady(transport, false);
    proxy.reset();
    proxy.pass();
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
  });

  it('does not say confirmed when the answer of the broker was lost', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy(), { publishTimeLimitMs: 500 });
    await transport.declare(topology);
    await becomesReady(transport);
    proxy.holdAnswers();
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['unknown']);
    const witness = connectTo(broker.url);
    const arrived = async () => (await witness.depths([queue])).get(queue)?.atLeast === 1;
    await until(arrived);
  });

  it('sends over another channel when too many answers stay away', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy(), { publishTimeLimitMs: 200, publishWindow: 4 });
    await transport.declare(topology);
    await becomesReady(transport);
    proxy.holdAnswers();
    const parcels = Array.from({ length: 6 }, () => parcelFor(queue));
    const results = await transport.publish(parcels);
    assert.deepEqual(results, ['unknown', 'unknown', 'unknown', 'unknown', 'full', 'full']);
    assert.equal(transport.state().ready, false);
    proxy.pass();
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
  });

  it('sends over another channel when the answers to a few large parcels stay away', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy(), { publishTimeLimitMs: 1_000 });
    await transport.declare(topology);
    await becomesReady(transport);
    proxy.holdAnswers();
    const body = Buffer.alloc(1024 * 1024);
    const results = await transport.publish(
      Array.from({ length: 20 }, () => ({ ...parcelFor(queue), body })),
    );
    assert.deepEqual(new Set(results), new Set(['unknown', 'full']));
    assert.equal(transport.state().ready, false);
    proxy.pass();
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
  });

  for (const [what, opening] of [
    ['a connection', CONNECTION_OPEN],
    ['its publishing channel', CONFIRM_SELECT],
  ] as const) {
    it(`publishes also when the broker says goodbye in the moment in which ${what} is open`, async () => {
      const topology = topologyHere();
      const queue = topology.queues[0]?.name ?? '';
      const held = new Promise<void>((resolve) => {
        proxy.beforeSending(opening, () => {
          proxy.holdAnswers();
          resolve();
        });
      });
      const transport = connectTo(throughProxy());
      const declared = transport.declare(topology);
      await held;
      await broker.ctl('close_all_connections', 'maintenance');
      proxy.pass(); // the answer comes in one piece with the goodbye
      await declared;
      await becomesReady(transport);
      assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
    });
  }

  it('loses nothing that it confirmed while its connections are reset again and again', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy(), { publishTimeLimitMs: 1_000 });
    await transport.declare(topology);
    await becomesReady(transport);
    const seen = new Set<string>();
    await transport.consume(queue, 8, async ({ id }) => {
      seen.add(id);
      return 'settled';
    });
    const confirmed = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      await becomesReady(transport);
      const parcels = Array.from({ length: 50 }, () => parcelFor(queue));
      const publishing = transport.publish(parcels);
      if (round % 2 === 0) proxy.reset();
      const results = await publishing;
      results.forEach((result, index) => {
        if (result === 'confirmed') confirmed.add(parcels[index]?.id ?? '');
      });
      if (round % 2 === 1) proxy.reset();
    }
    assert.ok(confirmed.size >= 200);
    await until(() => [...confirmed].every((id) => seen.has(id)), { timeoutMs: 20_000 });
  });

  it('hands out again what was in hand when the connection went, and takes no late answer for it', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy());
    await transport.declare(topology);
    await becomesReady(transport);
    const first = Promise.withResolvers<Verdict>();
    const seen: Received[] = [];
    await transport.consume(queue, 2, async (parcel) => {
      seen.push(parcel);
      return seen.length === 1 ? await first.promise : 'settled';
    });
    await transport.publish([parcelFor(queue)]);
    await until(() => seen.length === 1);
    proxy.reset();
    await until(() => seen.length === 2);
    assert.deepEqual(
      seen.map(({ redelivered }) => redelivered),
      [false, true],
    );
    first.resolve('settled');
    // Publishing has a connection of its own, which may come back later.
    await becomesReady(transport);
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
    await until(() => seen.length === 3);
  });

  it('consumes again when the connection goes while it gives up the channel of a queue that was deleted', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy());
    await transport.declare(topology);
    await becomesReady(transport);
    const other = connectTo(broker.url);
    await other.declare(topology);
    await consumesAgainAfter(transport, queue, () => {
      cutAtChannelClose();
      return other.remove(queue);
    });
  });

  it('stops a consumer also when the connection goes while it closes its channel', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(throughProxy());
    await transport.declare(topology);
    const consumer = await transport.consume(queue, 2, async () => 'settled');
    cutAtChannelClose();
    await consumer.stop();
  });

  it('stops a consumer that has not subscribed yet, also when the connection goes meanwhile', async () => {
    const topology = topologyHere();
    const transport = connectTo(throughProxy());
    await transport.declare(topology);
    const opened = new Promise<void>((resolve) => {
      proxy.beforeSending(CHANNEL_OPEN, () => {
        proxy.holdAnswers();
        resolve();
      });
    });
    const consuming = transport.consume(topology.queues[0]?.name ?? '', 2, async () => 'settled');
    await opened;
    const closed = transport.close();
    cutAtChannelClose();
    proxy.pass();
    await Promise.all([consuming, closed]);
  });

  it('closes without waiting for the broker when the connection goes meanwhile', async () => {
    const transport = connectTo(throughProxy());
    await transport.declare(topologyHere());
    await becomesReady(transport);
    proxy.beforeSending(CONNECTION_CLOSE, proxy.reset);
    const begun = performance.now();
    await transport.close();
    assert.ok(performance.now() - begun < 3_000);
  });

  it('goes on to consume and acknowledge while the broker is short of memory and takes nothing', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(broker.url, { publishTimeLimitMs: 1_000 });
    await transport.declare(topology);
    await becomesReady(transport);
    await transport.publish(Array.from({ length: 200 }, () => parcelFor(queue)));
    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '1');
    // A broker tells a connection that it is blocked when that publishes for the first time.
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['unknown']);
    const state = transport.state();
    assert.ok(!state.ready && /memory/.test(state.reason), JSON.stringify(state));
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['full']);
    let count = 0;
    const consumer = await transport.consume(queue, 10, async () => {
      count += 1;
      return 'settled';
    });
    await until(() => count >= 200, { timeoutMs: 20_000, what: () => `that 200 (${count}) come` });
    await consumer.stop();
    assert.equal((await transport.depths([queue])).get(queue)?.atMost, 0);
    const ready = new Promise<void>((resolve) => {
      transport.onReady(resolve);
    });
    await broker.ctl('set_vm_memory_high_watermark', '0.4');
    await ready;
    assert.deepEqual(await transport.publish([parcelFor(queue)]), ['confirmed']);
  });

  it('takes no queue for empty that it can not ask about, and knows the others', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(broker.url);
    await transport.declare(topology);
    await becomesReady(transport);
    const stranger = await connect(broker.url);
    const locked = `${topology.namespace}.locked`;
    await (await stranger.createChannel()).assertQueue(locked, { exclusive: true });
    assert.deepEqual([...(await transport.depths([locked, queue])).keys()], [queue]);
    const queues = new Map([
      ['d/e/f', locked],
      ['a/b/c', queue],
    ]);
    assert.deepEqual(await queuedByRoute(transport, queues), new Map([['a/b/c', { atLeast: 0, atMost: 0 }]]));
    await stranger.close();
  });

  it('closes while the broker is short of memory', async () => {
    const topology = topologyHere();
    const queue = topology.queues[0]?.name ?? '';
    const transport = connectTo(broker.url, { publishTimeLimitMs: 500 });
    await transport.declare(topology);
    await becomesReady(transport);
    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '1');
    try {
      await transport.publish([parcelFor(queue)]);
      await transport.close();
    } finally {
      await broker.ctl('set_vm_memory_high_watermark', '0.4');
    }
  });
});
