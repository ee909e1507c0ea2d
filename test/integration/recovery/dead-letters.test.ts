import assert from 'node:assert/strict';
import { silentLogger } from '../../../core/log.ts';
import { createDeadLetterIngester, getFailure, listFailures } from '../../../core/recovery/index.ts';
import type { DeadLetterOptions } from '../../../core/recovery/index.ts';
import { connectPostgres, newId, query } from '../../../core/store/index.ts';
import type { Database } from '../../../core/store/index.ts';
import { decodeDelivery, DELIVERY_HEADER, encodeDelivery } from '../../../core/transport/envelope.ts';
import type { Received } from '../../../core/transport/index.ts';
import { acceptPublished, attributesOf, DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { onEachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { acceptFailed, DEAD, eventTypes, outbox } from './failing.ts';

onEachStore('dead letters', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const ingest = (parcel: Received, more: Partial<DeadLetterOptions> = {}) =>
    createDeadLetterIngester({
      database: store(),
      clock,
      log: silentLogger,
      decode: decodeDelivery,
      signal: new AbortController().signal,
      ...more,
    })(parcel);

  /** The store, away until it is told to be back: meanwhile its transactions go to where nothing listens. */
  const absentStore = (): { readonly database: Database; back(): void; close(): Promise<void> } => {
    const nowhere = connectPostgres({ url: 'postgres://user@127.0.0.1:1/x', schema: 'x' });
    let reached = nowhere;
    return {
      database: { ...store(), transaction: (work) => reached.transaction(work) },
      back: () => (reached = store()),
      close: () => nowhere.close(),
    };
  };

  const parcel = (lane: Lane): Received => {
    const message = attributesOf(lane, clock);
    const payload = Buffer.from('{"id":"4711"}');
    const delivery = { message, payload, route: lane.route, attempts: 1, step: 2, repeat: false };
    return { ...encodeDelivery(delivery, 'crossdock.dead'), redelivered: true, returns: 21 };
  };

  const acceptOne = (): Promise<Lane> => acceptPublished(store(), clock);

  it('become dead failures that an operator can see and retry', async () => {
    const lane = await acceptOne();
    assert.equal(await ingest(parcel(lane)), 'settled');
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map((failure) => [failure.messageId, failure.state, failure.code, failure.reason, failure.step]),
      [[lane.messageId, 'dead', 'DELIVERY_LIMIT', 'attempts_exhausted', 2]],
    );
    assert.deepEqual(await eventTypes(store(), lane), ['dead']);
  });

  it('stay in hand while the store is away, and are tried again a second later', async () => {
    const lane = await acceptOne();
    const absent = absentStore();
    const ingested = ingest(parcel(lane), { database: absent.database });
    await until(() => clock.sleeping === 1);
    absent.back();
    await clock.advance(1_000);
    assert.equal(await ingested, 'settled');
    assert.deepEqual(await eventTypes(store(), lane), ['dead']);
    await absent.close();
  });

  it('stay in hand while the store refuses to take them, and say so', async () => {
    const lane = await acceptOne();
    const log = new RecordingLog();
    await query(store().db, 'alter table events rename to events_away');
    const ingested = ingest(parcel(lane), { log });
    try {
      await until(() => clock.sleeping === 1);
    } finally {
      await query(store().db, 'alter table events_away rename to events');
    }
    assert.match(log.text, /stays in hand/);
    await clock.advance(1_000);
    assert.equal(await ingested, 'settled');
    assert.deepEqual(await eventTypes(store(), lane), ['dead']);
  });

  it('go back when the hub ends while the store is away', async () => {
    const lane = await acceptOne();
    const absent = absentStore();
    const ending = new AbortController();
    const ingested = ingest(parcel(lane), { database: absent.database, signal: ending.signal });
    await until(() => clock.sleeping === 1);
    ending.abort(new Error('the hub is stopping'));
    await assert.rejects(ingested, /stopping/);
    assert.equal(clock.sleeping, 0);
    await absent.close();
  });

  it('that come twice are one failure', async () => {
    const lane = await acceptOne();
    await ingest(parcel(lane));
    assert.equal(await ingest(parcel(lane)), 'settled');
    assert.deepEqual(await eventTypes(store(), lane), ['dead']);
  });

  it('of a retry that was under way end it', async () => {
    const lane = await acceptFailed(store(), clock, DEAD);
    await query(store().db, `update failures set state = 'sent', edited = 'x'`);
    await ingest(parcel(lane));
    const failure = await getFailure(store().db, lane.failureId);
    assert.deepEqual([failure?.state, failure?.code, failure?.edited], ['dead', 'DELIVERY_LIMIT', true]);
  });

  it('change nothing of a delivery that is final, failed otherwise, or not known', async () => {
    const done = await acceptOne();
    await settle(stage(), 'delivered', DELIVERED, done);
    const failed = await acceptFailed(store(), clock, DEAD);
    const id = newId(clock);
    for (const lane of [done, failed, { messageId: id, journeyId: id, route: 'sales/orders/erp' }])
      assert.equal(await ingest(parcel(lane)), 'settled');
    const { items } = await listFailures(store().db);
    assert.deepEqual(
      items.map((failure) => [failure.messageId, failure.code]),
      [[failed.messageId, 'TARGET_REJECTED']],
    );
    assert.deepEqual(await outbox(store()), []);
  });

  it('that are not ours are dropped, for the store has all of ours', async () => {
    const lane = await acceptOne();
    const said = JSON.parse(parcel(lane).headers[DELIVERY_HEADER] ?? '') as Record<string, unknown>;
    const without = (name: string): string => JSON.stringify({ ...said, [name]: undefined });
    assert.equal(await ingest({ ...parcel(lane), headers: {} }), 'settled');
    for (const text of [
      '{',
      'null',
      '[]',
      ...Object.keys(said)
        .filter((name) => name !== 'step')
        .map(without),
    ])
      assert.equal(await ingest({ ...parcel(lane), headers: { [DELIVERY_HEADER]: text } }), 'settled');
    assert.equal(await ingest({ ...parcel(lane), id: 'no-uuid' }), 'settled');
    assert.equal((await listFailures(store().db)).items.length, 0);
  });
});
