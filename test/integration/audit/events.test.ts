import assert from 'node:assert/strict';
import { appendEvents, createEvent, listEvents } from '../../../core/audit/index.ts';
import { query } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { accept, DELIVERED, emptyStore, settle } from './accepted.ts';
import type { Stage } from './accepted.ts';

onEachStore('events', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  it('are written once, however often the batch is repeated', async () => {
    const events = [createEvent('hub_stopped', { version: '1' }, {}, clock)];
    await appendEvents(store().db, events);
    await appendEvents(store().db, [...events, createEvent('hub_stopped', { version: '2' }, {}, clock)]);
    const { items } = await listEvents(store().db);
    assert.deepEqual(
      items.map((event) => event.data),
      [{ version: '2' }, { version: '1' }],
    );
    await appendEvents(store().db, []);
  });

  it('take any text that a target or a sender may have made up', async () => {
    const event = createEvent(
      'connection_paused',
      { connection: 'erp', code: 'TARGET_FAILED', error: 'a\u0000b \ud83d " \\ {},' },
      {},
      clock,
    );
    await appendEvents(store().db, [event]);
    const [row] = await query<{ data: { error: string } }>(store().db, 'select data from events');
    assert.equal(row?.data.error, 'ab \ufffd " \\ {},');
  });

  it('that are acts are listed newest first, page by page, and those of every day are not', async () => {
    const lanes = await accept(store(), clock);
    await settle(stage(), 'delivered', DELIVERED, ...lanes);
    for (let n = 0; n < 5; n += 1) {
      await clock.advance(1_000);
      await appendEvents(store().db, [
        createEvent('retried', { by: n % 2 === 0 ? 'ada' : 'bob', why: String(n) }, lanes[0] ?? {}, clock),
      ]);
    }
    const seen: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await listEvents(store().db, { limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map((event) => (event.data as { why: string }).why));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(seen, ['4', '3', '2', '1', '0']);
  });

  it('are narrowed by type, person, route, domain and time', async () => {
    const [lane] = await accept(store(), clock);
    const start = clock.now();
    await appendEvents(store().db, [
      createEvent('retried', { by: 'ada' }, lane ?? {}, clock),
      createEvent('denied', { by: 'eve', action: 'tokens.create' }, {}, clock),
    ]);
    await clock.advance(60_000);
    await appendEvents(store().db, [createEvent('discarded', { by: 'ada', why: 'test' }, lane ?? {}, clock)]);
    const types = async (filter: Parameters<typeof listEvents>[1]): Promise<readonly string[]> =>
      (await listEvents(store().db, filter)).items.map((event) => event.type);
    assert.deepEqual(await types({ types: ['denied', 'discarded'] }), ['discarded', 'denied']);
    assert.deepEqual(await types({ by: 'ada' }), ['discarded', 'retried']);
    assert.deepEqual(await types({ route: 'sales/orders/erp' }), ['discarded', 'retried']);
    assert.deepEqual(await types({ domains: ['sales'] }), ['discarded', 'retried']);
    assert.deepEqual(await types({ domains: ['finance'] }), []);
    assert.deepEqual(await types({ since: start + 1_000 }), ['discarded']);
    assert.deepEqual(await types({ until: start + 1_000 }), ['denied', 'retried']);
  });

  it('that are acts are found by an index', async () => {
    const plan = await query<{ 'QUERY PLAN': string }>(
      store().db,
      `explain select * from events where type in ('discarded', 'denied') order by id desc limit 10`,
    );
    assert.match(plan.map((row) => row['QUERY PLAN']).join('\n'), /Index Scan.* on events_\d+/);
  });
});
