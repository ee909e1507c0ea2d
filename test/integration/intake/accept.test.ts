import assert from 'node:assert/strict';
import { systemClock } from '../../../core/clock.ts';
import { Acceptor, insertOutbox, Relay, releaseAllOutbox } from '../../../core/intake/index.ts';
import { claimOutbox } from '../../../core/intake/outbox.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { Delivery } from '../../../core/model/delivery.ts';
import { descendantId, newId, query } from '../../../core/store/index.ts';
import type { Database } from '../../../core/store/index.ts';
import { decodeDelivery } from '../../../core/transport/envelope.ts';
import { createMemoryTransport, queueName, topologyOf } from '../../../core/transport/index.ts';
import type { Transport } from '../../../core/transport/index.ts';
import { onEachStore } from '../../support/store.ts';
import { ManualClock } from '../../support/clock.ts';
import { until } from '../../support/until.ts';

const ROUTES = ['sales/orders/erp', 'sales/orders/crm'];

function arrival(key: string | undefined, body: unknown = { id: key }, more: Partial<Arrival> = {}): Arrival {
  return {
    source: 'shop/sales/orders',
    type: 'sales/order@1',
    contentType: 'application/json',
    payload: Buffer.from(JSON.stringify(body)),
    headers: { 'x-from': 'a "quoted" \\ one' },
    key,
    keys: { order: key ?? 'none', odd: '{"a,b"}\\' },
    routes: ROUTES,
    revision: 'r1',
    ...more,
  };
}

async function transportOf(
  routes: readonly string[],
  maxLength = 1_000,
): Promise<{ transport: Transport; queues: Map<string, string> }> {
  const transport = createMemoryTransport();
  await transport.declare(topologyOf(routes, { namespace: 't', maxLength, deliveryLimit: 20 }));
  return { transport, queues: new Map(routes.map((route) => [route, queueName('t', route)])) };
}

async function collect(
  transport: Transport,
  queue: string,
): Promise<{ seen: Delivery[]; stop: () => Promise<void> }> {
  const seen: Delivery[] = [];
  const consumer = await transport.consume(queue, 10, (parcel) => {
    seen.push(decodeDelivery(parcel));
    return Promise.resolve('settled');
  });
  return { seen, stop: () => consumer.stop() };
}

const outboxCount = async (database: Database): Promise<number> =>
  Number((await query<{ n: string }>(database.db, 'select count(*) as n from outbox'))[0]?.n);

onEachStore('acceptance', (store) => {
  beforeEach(async () => {
    for (const table of ['outbox', 'dedupe', 'messages', 'payloads'])
      await query(store().db, `delete from ${table}`);
  });

  it('stores the message, its bytes and one delivery per route, and says so after the commit', async () => {
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    const payload = Buffer.concat([Buffer.from('{"id":"ä\\u0000"}'), Buffer.alloc(3_000, 0x20)]);
    const accepted = await acceptor.accept(arrival('o1', {}, { payload }));
    assert.equal(accepted.duplicate, false);
    const claimed = await claimOutbox(store().db, ROUTES, 10, 1_000_000);
    assert.deepEqual(
      claimed.map(({ delivery }) => delivery.route),
      ROUTES,
    );
    const [first] = claimed;
    assert.ok(first);
    assert.ok(first.delivery.payload?.equals(payload), 'the payload comes back byte for byte');
    assert.deepEqual(first.delivery.message.keys, { order: 'o1', odd: '{"a,b"}\\' });
    assert.deepEqual(first.delivery.message.headers, { 'x-from': 'a "quoted" \\ one' });
    assert.equal(first.delivery.message.journeyId, accepted.id);
  });

  it('answers a duplicate with the first id, alone and among many in one commit', async () => {
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    const first = await acceptor.accept(arrival('o1'));
    const again = await Promise.all(
      ['o1', 'o2', 'o2', 'o1', 'o3'].map((key) => acceptor.accept(arrival(key))),
    );
    assert.deepEqual(
      again.map(({ duplicate }) => duplicate),
      [true, false, true, true, false],
    );
    assert.equal(again[0]?.id, first.id);
    assert.equal(again[2]?.id, again[1]?.id);
    assert.equal(await outboxCount(store()), 3 * ROUTES.length);
  });

  it('keeps the same key of another source apart, and never de-duplicates what has no key', async () => {
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    const results = await Promise.all([
      acceptor.accept(arrival('o1')),
      acceptor.accept(arrival('o1', {}, { source: 'other/sales/orders' })),
      acceptor.accept(arrival(undefined)),
      acceptor.accept(arrival(undefined)),
    ]);
    assert.ok(results.every(({ duplicate }) => !duplicate));
  });

  it('makes a descendant once, however often it is handed in', async () => {
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    const parent = newId(systemClock);
    const child = arrival(
      undefined,
      {},
      { descent: { id: descendantId(parent, 'r', 0), journeyId: parent, causationId: parent, step: 2 } },
    );
    const results = [await acceptor.accept(child), await acceptor.accept(child)];
    assert.deepEqual(
      results.map(({ duplicate }) => duplicate),
      [false, true],
    );
    assert.equal(await outboxCount(store()), ROUTES.length);
  });

  it('refuses only the culprit of a batch', async () => {
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    const bad = arrival('bad', {}, { contentType: 'text/\u0000plain' });
    const results = await Promise.allSettled(
      [arrival('g1'), bad, arrival('g2'), arrival('g3')].map((one) => acceptor.accept(one)),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
  });
});

onEachStore('the relay', (store) => {
  beforeEach(async () => {
    await query(store().db, 'delete from outbox');
  });

  it('publishes what was just accepted from memory and empties the outbox', async () => {
    const { transport, queues } = await transportOf(ROUTES);
    const relay = new Relay({ database: store(), transport, clock: systemClock, log: silentLogger, queues });
    relay.start();
    const acceptor = new Acceptor({ database: store(), clock: systemClock, relay });
    const erp = await collect(transport, queues.get('sales/orders/erp') as string);
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, n) => acceptor.accept(arrival(`m${n}-${newId(systemClock)}`))),
    );
    await until(() => erp.seen.length === 20);
    assert.deepEqual(
      new Set(erp.seen.map(({ message }) => message.id)),
      new Set(accepted.map(({ id }) => id)),
    );
    assert.ok(erp.seen.every(({ repeat }) => !repeat));
    await relay.stop();
    assert.equal(await outboxCount(store()), 0);
    await erp.stop();
    await transport.close();
  });

  it('publishes at once what comes alone, and together what comes close after it', async () => {
    const clock = new ManualClock();
    const { transport, queues } = await transportOf(ROUTES);
    const relay = new Relay({ database: store(), transport, clock, log: silentLogger, queues });
    relay.start();
    const acceptor = new Acceptor({ database: store(), clock, relay });
    const erp = await collect(transport, queues.get('sales/orders/erp') as string);
    await acceptor.accept(arrival(newId(systemClock)));
    await until(() => erp.seen.length === 1);
    for (let more = 0; more < 3; more += 1) await acceptor.accept(arrival(newId(systemClock)));
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(erp.seen.length, 1);
    await clock.advance(20);
    await until(() => erp.seen.length === 4);
    await relay.stop();
    assert.equal(await outboxCount(store()), 0);
    await erp.stop();
    await transport.close();
  });

  /** Parcels wait before the transport until `release` is called. */
  const hold = (transport: Transport): { readonly waiting: () => number; readonly release: () => void } => {
    const publish = transport.publish.bind(transport);
    const { promise, resolve } = Promise.withResolvers<void>();
    let waiting = 0;
    transport.publish = async (parcels) => {
      waiting += parcels.length;
      await promise;
      return publish(parcels);
    };
    return { waiting: () => waiting, release: resolve };
  };
  const endClaims = (): Promise<unknown> =>
    query(
      store().db,
      `update outbox set claimed_until = now() - interval '1 second' where claimed_until > now()`,
    );

  it('leaves to the outbox what it has held for so long that another relay may take it', async () => {
    const clock = new ManualClock();
    const { transport, queues } = await transportOf(ROUTES);
    const { waiting, release } = hold(transport);
    const relay = new Relay({ database: store(), transport, clock, log: silentLogger, queues });
    relay.start();
    const acceptor = new Acceptor({ database: store(), clock, relay });
    const crm = await collect(transport, queues.get('sales/orders/crm') as string);
    await acceptor.accept(arrival(newId(systemClock)));
    await until(() => waiting() === ROUTES.length);
    await acceptor.accept(arrival(newId(systemClock)));
    await clock.advance(15_000);
    await acceptor.accept(arrival(newId(systemClock)));
    await clock.advance(10_000);
    release();
    await until(() => crm.seen.length === 2);
    await clock.advance(1_000);
    assert.deepEqual(
      crm.seen.map(({ repeat }) => repeat),
      [false, false],
    );
    await endClaims();
    await clock.advance(500);
    await until(() => crm.seen.length === 3);
    assert.equal(crm.seen[2]?.repeat, true);
    await relay.stop();
    assert.equal(await outboxCount(store()), 0);
    await crm.stop();
    await transport.close();
  });

  it('leaves there as well what it took from it, when the transport takes that long for the rest', async () => {
    const clock = new ManualClock();
    const { transport, queues } = await transportOf(ROUTES);
    const { waiting, release } = hold(transport);
    const acceptor = new Acceptor({ database: store(), clock: systemClock });
    await Promise.all(Array.from({ length: 150 }, () => acceptor.accept(arrival(newId(systemClock)))));
    const relay = new Relay({ database: store(), transport, clock, log: silentLogger, queues });
    relay.start();
    const crm = await collect(transport, queues.get('sales/orders/crm') as string);
    await until(() => waiting() > 0);
    assert.equal(waiting(), 256);
    await clock.advance(25_000);
    release();
    await relay.stop();
    assert.equal(waiting(), 256);
    assert.equal(await outboxCount(store()), 300 - 256);
    await crm.stop();
    await transport.close();
  });

  it('publishes what it has in hand before it stops', async () => {
    const { transport, queues } = await transportOf(ROUTES);
    const relay = new Relay({
      database: store(),
      transport,
      clock: new ManualClock(),
      log: silentLogger,
      queues,
    });
    relay.start();
    const acceptor = new Acceptor({ database: store(), clock: systemClock, relay });
    const erp = await collect(transport, queues.get('sales/orders/erp') as string);
    for (let count = 0; count < 5; count += 1) await acceptor.accept(arrival(newId(systemClock)));
    await relay.stop();
    assert.equal(await outboxCount(store()), 0);
    await until(() => erp.seen.length === 5);
    await erp.stop();
    await transport.close();
  });

  it('leaves what is in the outbox alone until it is started, whoever wakes it', async () => {
    const { transport, queues } = await transportOf(ROUTES);
    const relay = new Relay({ database: store(), transport, clock: systemClock, log: silentLogger, queues });
    await new Acceptor({ database: store(), clock: systemClock, relay }).accept(arrival(newId(systemClock)));
    relay.wake();
    assert.equal((await claimOutbox(store().db, ROUTES, 10, 1_000)).length, ROUTES.length);
    await relay.stop();
    await transport.close();
  });

  it('finds what others left in the outbox, and marks what somebody had in hand as a repeat', async () => {
    const { transport, queues } = await transportOf(ROUTES);
    const accepted = await new Acceptor({ database: store(), clock: systemClock }).accept(
      arrival(newId(systemClock)),
    );
    await claimOutbox(store().db, ROUTES, 10, 1_000);
    await releaseAllOutbox(store().db);
    await insertOutbox(store().db, [
      {
        route: 'sales/orders/crm',
        messageId: accepted.id,
        attempts: 3,
        step: 1,
        repeat: false,
        retriedAt: 1_700_000_000_000,
      },
    ]);
    const crm = await collect(transport, queues.get('sales/orders/crm') as string);
    const relay = new Relay({ database: store(), transport, clock: systemClock, log: silentLogger, queues });
    relay.start();
    await until(() => crm.seen.length === 2);
    assert.deepEqual(
      crm.seen.map(({ repeat, attempts, step, retriedAt }) => ({ repeat, attempts, step, retriedAt })),
      [
        { repeat: true, attempts: 0, step: 0, retriedAt: undefined },
        { repeat: false, attempts: 3, step: 1, retriedAt: 1_700_000_000_000 },
      ],
    );
    await relay.stop();
    await crm.stop();
    await transport.close();
  });

  it('keeps in the outbox what a full queue refuses, without holding up other routes', async () => {
    const { transport, queues } = await transportOf(ROUTES, 5);
    const relay = new Relay({ database: store(), transport, clock: systemClock, log: silentLogger, queues });
    relay.start();
    const acceptor = new Acceptor({ database: store(), clock: systemClock, relay });
    const crm = await collect(transport, queues.get('sales/orders/crm') as string);
    await Promise.all(Array.from({ length: 30 }, () => acceptor.accept(arrival(newId(systemClock)))));
    await until(() => crm.seen.length === 30);
    const queue = queues.get('sales/orders/erp') as string;
    assert.equal((await transport.depths([queue])).get(queue)?.atMost, 5);
    const erp = await collect(transport, queue);
    await until(() => erp.seen.length === 30);
    await relay.stop();
    assert.equal(await outboxCount(store()), 0);
    await Promise.all([crm.stop(), erp.stop()]);
    await transport.close();
  });
});
