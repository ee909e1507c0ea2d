import assert from 'node:assert/strict';
import { Relay } from '../../../core/intake/index.ts';
import { silentLogger } from '../../../core/log.ts';
import {
  beginAnew,
  createReconciler,
  createSuspectRelease,
  endRun,
  listFailures,
} from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import {
  createMemoryTransport,
  decodeDelivery,
  queueName,
  topologyOf,
} from '../../../core/transport/index.ts';
import { accept, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { eventTypes, fail, waiting } from './failing.ts';

const ROUTE = 'sales/orders/erp';
const QUEUE = queueName('t', ROUTE);
const LIMIT = 5;

onEachStore('A hub that begins anew after a crash', (store) => {
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const begin = (deliveryLimit = LIMIT) => {
    const database = store();
    const reconciler = createReconciler({
      database,
      clock,
      log: silentLogger,
      routes: [ROUTE],
      depths: () => Promise.resolve(new Map()),
      removeQueue: () => Promise.resolve(),
      wake: () => {},
    });
    return beginAnew({ database, clock, log: silentLogger, reconciler, deliveryLimit });
  };

  const acceptMany = async (count: number): Promise<readonly Lane[]> => {
    const lanes: Lane[] = [];
    for (let n = 0; n < count; n += 1) lanes.push(...(await accept(store(), clock)));
    return lanes;
  };

  /**
   * One life of a hub that handles deliveries by `handle` until one of them crashes it (`crash`) or all is done. Resolves
   * with whether it crashed.
   */
  const live = async (culprits: ReadonlySet<string>): Promise<boolean> => {
    const database = store();
    const suspects = await begin();
    const transport = createMemoryTransport();
    await transport.declare(topologyOf([ROUTE], { namespace: 't', maxLength: 1_000, deliveryLimit: 20 }));
    const relay = new Relay({
      database,
      transport,
      clock,
      log: silentLogger,
      queues: new Map([[ROUTE, QUEUE]]),
    });
    const release = createSuspectRelease({
      database,
      clock,
      suspects,
      deliveryLimit: LIMIT,
      wake: () => relay.wake(),
      paused: () => false,
    });
    let crashed = false;
    await transport.consume(QUEUE, 4, async (parcel) => {
      const { message, route } = decodeDelivery(parcel);
      if (culprits.has(message.id)) crashed = true;
      // What is in hand at the crash is not settled.
      if (!crashed)
        await settle({ database, clock }, 'delivered', DELIVERED, {
          messageId: message.id,
          journeyId: message.journeyId,
          route,
        });
      return 'settled';
    });
    relay.start();
    const rest = async (): Promise<number> =>
      (await query(database.db, 'select from outbox')).length +
      ((await transport.depths([QUEUE])).get(QUEUE)?.atLeast ?? 0);
    let more = true;
    await until(async () => {
      more = await release.runOnce();
      return crashed || (!more && (await rest()) === 0);
    });
    await relay.stop();
    await transport.close();
    return crashed;
  };

  it('sends what was under way again, and says in each journey that it was a crash', async () => {
    const [lane] = (await acceptMany(1)) as [Lane];
    await begin();
    await query(store().db, 'delete from outbox');
    await begin();
    assert.deepEqual(await eventTypes(store(), lane), ['redriven']);
    const [row] = await query<{ repeat: boolean }>(store().db, 'select repeat from outbox');
    assert.equal(row?.repeat, true);
    const [event] = await query<{ data: unknown }>(store().db, 'select data from events');
    assert.deepEqual(event?.data, { reason: 'crash', by: 'crossdock' });
  });

  it('does not take for a crash what was stopped', async () => {
    await acceptMany(1);
    await begin();
    await query(store().db, 'delete from outbox');
    await endRun(store().db);
    await begin();
    const [event] = await query<{ data: { reason: string } }>(store().db, 'select data from events');
    assert.equal(event?.data.reason, 'start');
  });

  it('counts a row that was claimed as under way, and leaves alone what nobody had in hand', async () => {
    const [claimed, free] = (await acceptMany(2)) as [Lane, Lane];
    await begin();
    await query(store().db, `update outbox set claimed_until = now() where message_id = ?`, [
      claimed.messageId,
    ]);
    await begin();
    assert.deepEqual(await eventTypes(store(), claimed), ['redriven']);
    assert.deepEqual(await eventTypes(store(), free), []);
    assert.equal((await query(store().db, `select from outbox where claimed_until = '-infinity'`)).length, 2);
  });

  it('finds the one message that crashes it among many, and delivers the others', async () => {
    const lanes = await acceptMany(150);
    const culprit = lanes[1] as Lane;
    let crashes = 0;
    await begin();
    while (await live(new Set([culprit.messageId]))) crashes += 1;
    assert.equal(crashes, LIMIT + 1);
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map(({ messageId, state, code }) => [messageId, state, code]),
      [[culprit.messageId, 'dead', 'DELIVERY_LIMIT']],
    );
    const [delivered] = await query<{ n: number }>(
      store().db,
      `select count(*)::int as n from events where type = 'delivered'`,
    );
    assert.equal(delivered?.n, lanes.length - 1);
  });

  it('finds several that crash it', async () => {
    const lanes = await acceptMany(20);
    const culprits = new Set([0, 7, 8, 19].map((index) => (lanes[index] as Lane).messageId));
    await begin();
    for (let life = 0; life < 40 && (await live(culprits)); life += 1);
    const { items } = await listFailures(store().db);
    assert.deepEqual(new Set(items.map(({ messageId }) => messageId)), culprits);
  });

  it('counts anew after an attempt that was settled', async () => {
    const [lane] = (await acceptMany(1)) as [Lane];
    await begin();
    const crash = async () => {
      await query(store().db, 'delete from outbox');
      return begin();
    };
    for (let crashes = 0; crashes < LIMIT; crashes += 1) await crash();
    await fail({ database: store(), clock }, lane, waiting(0));
    await query(store().db, `update failures set state = 'sent'`);
    assert.deepEqual(await crash(), [], 'one crash is no suspicion');
    assert.equal((await query(store().db, 'select from outbox')).length, 1);
  });

  it('holds nothing any longer that is not suspicious by a limit that was raised', async () => {
    await acceptMany(1);
    await begin();
    await query(store().db, 'delete from outbox');
    assert.equal((await begin(1)).length, 1);
    assert.equal((await query(store().db, `select from outbox where claimed_until = 'infinity'`)).length, 1);
    assert.equal((await begin(20)).length, 0);
    assert.equal((await query(store().db, `select from outbox where claimed_until = '-infinity'`)).length, 1);
  });

  it('does not wait for suspects of a paused connection, or for ever', async () => {
    const lanes = await acceptMany(2);
    await begin();
    await query(store().db, 'delete from outbox');
    const suspects = (await begin(1)).map((suspect, index) => ({
      ...suspect,
      route: index === 0 ? 'a' : 'b',
    }));
    assert.equal(suspects.length, lanes.length);
    const pausedRoutes = new Set(['a']);
    let woken = 0;
    const release = createSuspectRelease({
      database: store(),
      clock,
      suspects,
      deliveryLimit: 1,
      wake: () => (woken += 1),
      paused: (route) => pausedRoutes.has(route),
    });
    const free = async (): Promise<readonly string[]> =>
      (
        await query<{ message_id: string }>(
          store().db,
          `select message_id from outbox where claimed_until = '-infinity'`,
        )
      ).map(({ message_id }) => message_id);
    assert.equal(await release.runOnce(), true);
    assert.deepEqual(await free(), [suspects[1]?.messageId]);
    pausedRoutes.clear();
    assert.equal(await release.runOnce(), true, 'the one before is not settled');
    await clock.advance(60_000);
    assert.equal(await release.runOnce(), false);
    assert.equal((await free()).length, 2);
    assert.equal(woken, 2);
  });
});
