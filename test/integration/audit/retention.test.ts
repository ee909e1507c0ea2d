import assert from 'node:assert/strict';
import { createPartitions, dropExpired } from '../../../core/audit/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { Logger } from '../../../core/model/logger.ts';
import { listPartitions, query, timeOfId } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { accept, DELIVERED, emptyStore, publish, settle } from './accepted.ts';
import type { Lane, Stage } from './accepted.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST = Date.parse('2024-03-01T00:00:00Z');
const RETENTION = { messages: 30 * DAY, payloads: 7 * DAY, dedupe: 14 * DAY };

onEachStore('retention', (store) => {
  const stage = (clock: ManualClock): Stage => ({ database: store(), clock });
  const warnings: unknown[] = [];
  const log: Logger = { ...silentLogger, warn: (_text, fields) => void warnings.push(fields) };

  const days = async (table: string): Promise<readonly string[]> =>
    (await listPartitions(store().db))
      .filter((partition) => partition.table === table && partition.name.includes('202403'))
      .map((partition) => partition.name.slice(-2));

  beforeEach(async () => {
    await emptyStore(store());
    for (const { name } of await listPartitions(store().db))
      if (name.includes('2024')) await store().db.raw('drop table ??', [name]);
    warnings.length = 0;
  });

  it('makes the days of yesterday to a week from now, once', async () => {
    const clock = new ManualClock(FIRST + DAY + 3_600_000);
    await createPartitions(store().db, clock);
    await createPartitions(store().db, clock);
    for (const table of ['messages', 'payloads', 'events'])
      assert.deepEqual(await days(table), ['01', '02', '03', '04', '05', '06', '07', '08', '09']);
  });

  it('drops payloads first, messages and events later, when their whole day has passed', async () => {
    const clock = new ManualClock(FIRST + DAY);
    await createPartitions(store().db, clock, 1);
    const lanes = await accept(store(), clock, { key: 'k1' });
    await settle(stage(clock), 'delivered', DELIVERED, ...lanes);
    const run = (now: number): ReturnType<typeof dropExpired> =>
      dropExpired(store(), { retention: RETENTION, now, log });
    assert.deepEqual((await run(FIRST + 8 * DAY - 1)).partitions, []);
    assert.deepEqual((await run(FIRST + 9 * DAY)).partitions, ['payloads_20240301', 'payloads_20240302']);
    assert.deepEqual(await days('messages'), ['01', '02', '03']);
    assert.deepEqual(await days('payloads'), ['03']);
    assert.deepEqual((await run(FIRST + 32 * DAY)).partitions, [
      'messages_20240301',
      'events_20240301',
      'messages_20240302',
      'events_20240302',
      'payloads_20240303',
    ]);
    assert.deepEqual(warnings, []);
  });

  it('keeps a day that holds an unfinished delivery, whatever stands for it, and says so', async () => {
    const clock = new ManualClock(FIRST);
    await createPartitions(store().db, clock, 3);
    const lanes: Lane[] = [];
    for (let n = 0; n < 4; n += 1) {
      lanes.push(...(await accept(store(), clock)));
      await clock.advance(DAY);
    }
    const [inOutbox, open, failed, done] = lanes as [Lane, Lane, Lane, Lane];
    await publish(store(), open, failed);
    await settle(stage(clock), 'delivered', DELIVERED, done);
    await query(
      store().db,
      `insert into failures (id, message_id, journey_id, route, state, code, error, attempts, step, fingerprint,
                             first_failed_at, last_failed_at)
       values (?, ?, ?, ?, 'dead', 'TARGET_REJECTED', 'no', 1, 0, 'f', now(), now())`,
      [failed.messageId, failed.messageId, failed.journeyId, failed.route],
    );
    const now = FIRST + 60 * DAY;
    const first = await dropExpired(store(), { retention: RETENTION, now, log });
    assert.deepEqual(
      first.kept.filter((name) => name.startsWith('messages')),
      ['messages_20240301', 'messages_20240302', 'messages_20240303'],
    );
    assert.equal(first.kept.length, 9);
    assert.deepEqual(await days('events'), ['01', '02', '03']);
    assert.deepEqual(warnings, [{ partitions: first.kept }]);
    await settle(stage(clock), 'delivered', DELIVERED, inOutbox, open);
    await settle(stage(clock), 'discarded', { by: 'ada' }, failed);
    await query(store().db, 'delete from failures');
    const second = await dropExpired(store(), { retention: RETENTION, now, log });
    assert.deepEqual([second.partitions.length, second.kept], [9, []]);
  });

  it('asks hour by hour whether a day is finished, so that no statement has a busy day to read', async () => {
    const clock = new ManualClock(FIRST);
    await createPartitions(store().db, clock, 0);
    for (const hours of [1, 6]) {
      await clock.advance(hours * HOUR);
      await settle(stage(clock), 'delivered', DELIVERED, ...(await accept(store(), clock)));
    }
    const spans: number[] = [];
    const note = ({
      sql,
      bindings: [from, to] = [],
    }: {
      sql: string;
      bindings?: readonly string[];
    }): void => {
      if (sql.includes('as finished') && from !== undefined && to !== undefined)
        spans.push(timeOfId(to) - timeOfId(from));
    };
    store().db.on('query', note);
    const { partitions } = await dropExpired(store(), { retention: RETENTION, now: FIRST + 60 * DAY, log });
    store().db.off('query', note);
    assert.ok(partitions.includes('messages_20240301'));
    assert.deepEqual(spans, Array<number>(7).fill(HOUR));
  });

  it('goes on with other days and with keys when one day can not be dropped, and tries that one again', async () => {
    const clock = new ManualClock(FIRST);
    await createPartitions(store().db, clock, 1);
    const lanes = await accept(store(), clock, { key: 'k1' });
    await settle(stage(clock), 'delivered', DELIVERED, ...lanes);
    const run = (): ReturnType<typeof dropExpired> =>
      dropExpired(store(), { retention: RETENTION, now: FIRST + 60 * DAY, log });
    await query(store().db, 'create view reader as select id from messages_20240301');
    const first = await run();
    assert.deepEqual(first.failed, ['messages_20240301', 'payloads_20240301', 'events_20240301']);
    assert.ok(first.partitions.includes('messages_20240302'));
    assert.deepEqual([first.kept, first.dedupe], [[], 1]);
    assert.deepEqual(
      (warnings as { partitions: unknown }[]).map(({ partitions }) => partitions),
      [first.failed],
    );
    await query(store().db, 'drop view reader');
    const second = await run();
    assert.deepEqual([second.partitions, second.failed], [first.failed, []]);
  });

  it('forgets old de-duplication keys, in batches', async () => {
    await query(
      store().db,
      `insert into dedupe (source, key, message_id, accepted_at)
       select 's', n::text, gen_random_uuid(), to_timestamp(?::float8) + n * interval '1 second' from generate_series(1, 12000) n`,
      [FIRST / 1000],
    );
    const now = FIRST + RETENTION.dedupe + 11_001 * 1_000;
    const { dedupe } = await dropExpired(store(), { retention: RETENTION, now, log });
    assert.equal(dedupe, 11_000);
    const [row] = await query<{ n: string }>(store().db, 'select count(*) as n from dedupe');
    assert.equal(row?.n, '1000');
  });
});
