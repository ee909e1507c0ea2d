import assert from 'node:assert/strict';
import { appendEvents, journey } from '../../../core/audit/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { failureFromOutcome, recordFailures } from '../../../core/recovery/index.ts';
import { descendantId, newId } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { accept, acceptPart, DELIVERED, emptyStore, publish, settle } from './accepted.ts';
import type { Lane, Stage } from './accepted.ts';

onEachStore('a journey', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  it('shows a message that went to two targets: where each delivery stands and what happened', async () => {
    const [erp, crm] = (await accept(store(), clock, {
      routes: ['sales/orders/erp', 'sales/orders/crm'],
      keys: { order: '4711', odd: 'a=b' },
      key: 'evt_1',
      headers: { 'x-shop': 'main' },
    })) as [Lane, Lane];
    await clock.advance(100);
    await settle(stage(), 'delivered', { ...DELIVERED, ref: 'SO-1' }, erp);
    const found = await journey(store().db, erp.messageId);
    assert.equal(found?.id, erp.messageId);
    assert.deepEqual(
      found.deliveries.map(({ route, state }) => [route, state]),
      [
        ['sales/orders/erp', 'delivered'],
        ['sales/orders/crm', 'outbox'],
      ],
    );
    assert.deepEqual(
      found.events.map(({ type, route, data }) => [type, route, data]),
      [['delivered', 'sales/orders/erp', { ...DELIVERED, ref: 'SO-1' }]],
    );
    const [message] = found.messages;
    assert.deepEqual(
      [message?.keys, message?.key, message?.headers, message?.size, message?.routes.length],
      [{ order: '4711', odd: 'a=b' }, 'evt_1', { 'x-shop': 'main' }, 13, 2],
    );
    await publish(store(), crm);
    const later = await journey(store().db, erp.messageId);
    assert.equal(later?.deliveries[1]?.state, 'underway');
  });

  it('holds what a split made, and is found by the id of any of its messages', async () => {
    const [parent] = (await accept(store(), clock, { routes: ['stock/file/shop'] })) as [Lane];
    // Hours later, as after a retry: the parts still belong to the day of the first message.
    await clock.advance(23 * 3_600_000);
    const parts = [await acceptPart(stage(), parent, 0, 1), await acceptPart(stage(), parent, 1, 1)];
    await settle(stage(), 'split', { count: 2, step: 'split' }, parent);
    await clock.advance(5);
    await settle(stage(), 'filtered', { step: 'filter' }, parts[0] as Lane);
    // A message made of a part, of another mapping.
    await accept(store(), clock, {
      source: 'topic/stock/level@1',
      routes: [],
      descent: {
        id: descendantId((parts[0] as Lane).messageId, 'topic'),
        journeyId: parent.journeyId,
        causationId: (parts[0] as Lane).messageId,
        step: 0,
      },
    });
    await accept(store(), clock);
    for (const id of [parent.messageId, parts[1]?.messageId as string]) {
      const found = await journey(store().db, id);
      assert.equal(found?.id, parent.messageId);
      assert.equal(found.messages.length, 4);
      assert.equal(found.messages[0]?.id, parent.messageId);
      assert.deepEqual(found.deliveries.map((delivery) => delivery.state).sort(), [
        'filtered',
        'outbox',
        'split',
      ]);
      assert.deepEqual(
        found.events.map((event) => event.type),
        ['split', 'filtered'],
      );
    }
  });

  it('tells of a failure that waits, and of one that is under way again', async () => {
    const [lane] = (await accept(store(), clock)) as [Lane];
    await publish(store(), lane);
    const error = new CrossdockError('TARGET_FAILED', 'no');
    const { row, event } = failureFromOutcome(
      {
        delivery: { ...lane, message: { id: lane.messageId, journeyId: lane.journeyId }, step: 0 },
        attempt: 1,
      },
      { kind: 'retry', afterMs: 1_000, usesAttempt: true, error },
      clock,
    );
    await recordFailures(store().db, [row]);
    await appendEvents(store().db, [event]);
    const waiting = await journey(store().db, lane.messageId);
    assert.deepEqual(waiting?.deliveries, [
      {
        messageId: lane.messageId,
        route: lane.route,
        state: 'waiting',
        failureId: row.id,
        attempts: 1,
        dueAt: row.dueAt,
      },
    ]);
    await store().db.raw(`update failures set state = 'sent' where id = ?`, [row.id]);
    const sent = await journey(store().db, lane.messageId);
    assert.deepEqual(sent?.deliveries, [
      { messageId: lane.messageId, route: lane.route, state: 'underway', failureId: row.id, attempts: 1 },
    ]);
  });

  it('is undefined for an id of nothing and for a text that is no id', async () => {
    assert.equal(await journey(store().db, newId(clock)), undefined);
    assert.equal(await journey(store().db, "x' or true --"), undefined);
  });
});
