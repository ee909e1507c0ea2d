import assert from 'node:assert/strict';
import { silentLogger } from '../../../core/log.ts';
import { createDeadLetterIngester, getFailure, listFailures } from '../../../core/recovery/index.ts';
import { newId, query } from '../../../core/store/index.ts';
import { decodeDelivery } from '../../../core/transport/envelope.ts';
import type { Received } from '../../../core/transport/index.ts';
import { accept, DELIVERED, emptyStore, publish, settle } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, DEAD, eventTypes, outbox } from './failing.ts';

onEachStore('dead letters', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const ingest = (parcel: Received) =>
    createDeadLetterIngester({
      database: store(),
      clock,
      log: silentLogger,
      decode: decodeDelivery,
    })(parcel);

  const parcel = (lane: Lane, headers: Record<string, string> = {}): Received => ({
    queue: 'crossdock.dead',
    id: lane.messageId,
    contentType: 'application/json',
    headers: {
      'crossdock-route': lane.route,
      'crossdock-journey': lane.journeyId,
      'crossdock-source': 'shop/sales/orders',
      'crossdock-type': 'sales/order@1',
      'crossdock-time': new Date(clock.now()).toISOString(),
      'crossdock-attempts': '1',
      'crossdock-step': '2',
      'crossdock-keys': '{}',
      'crossdock-headers': '{}',
      ...headers,
    },
    body: Buffer.from('{"id":"4711"}'),
    redelivered: true,
  });

  const acceptOne = async (): Promise<Lane> => {
    const [lane] = (await accept(store(), clock)) as [Lane];
    await publish(store(), lane);
    return lane;
  };

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
    const { 'crossdock-route': _route, ...headers } = parcel(lane).headers;
    assert.equal(await ingest({ ...parcel(lane), headers }), 'settled');
    assert.equal(await ingest({ ...parcel(lane, { 'crossdock-keys': '{' }) }), 'settled');
    assert.equal((await listFailures(store().db)).items.length, 0);
  });
});
