import assert from 'node:assert/strict';
import { CrossdockError } from '../../../core/model/errors.ts';
import {
  ensurePartitions,
  listPartitions,
  migrate,
  migrateDown,
  newId,
  openPostgres,
} from '../../../core/store/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { onEachStore } from '../../support/store.ts';

onEachStore('the store', (store) => {
  it('answers a ping', async () => {
    await store().ping();
  });

  it('rolls a transaction back when its work fails', async () => {
    const name = newId(systemClock);
    const insert = 'insert into leases (name, owner, epoch, expires_at) values (?, ?, 1, now())';
    await assert.rejects(
      store().transaction(async (db) => {
        await db.raw(insert, [name, 'me']);
        throw new Error('no');
      }),
      /no/,
    );
    const { rows } = await store().db.raw<{ rows: unknown[] }>('select 1 from leases where name = ?', [name]);
    assert.equal(rows.length, 0);
  });

  it('makes the partitions of the days asked for, once', async () => {
    const day = Date.parse('2026-03-01T15:00:00Z');
    await ensurePartitions(store().db, day, 2);
    await ensurePartitions(store().db, day, 2);
    const names = (await listPartitions(store().db))
      .map((partition) => partition.name)
      .filter((name) => name.includes('202603'));
    assert.deepEqual(names, [
      'events_20260301',
      'messages_20260301',
      'payloads_20260301',
      'events_20260302',
      'messages_20260302',
      'payloads_20260302',
    ]);
  });

  it('makes partitions for many that ask at the same time', async () => {
    const day = Date.parse('2026-04-01T00:00:00Z');
    await Promise.all([1, 2, 3, 4].map(() => ensurePartitions(store().db, day, 2)));
    const made = (await listPartitions(store().db)).filter(({ name }) => name.includes('202604'));
    assert.equal(made.length, 6);
  });

  it('stores bytes, arrays and timestamps unchanged through unnest', async () => {
    const ids = [newId(systemClock), newId(systemClock)];
    const bytes = [Buffer.from([0, 255, 92, 34]), Buffer.from('x'.repeat(5_000))];
    await store().db.raw('insert into payloads select * from unnest(?::uuid[], ?::text[], ?::bytea[])', [
      ids,
      ['identity', 'identity'],
      bytes,
    ]);
    const { rows } = await store().db.raw<{ rows: { bytes: Buffer }[] }>(
      'select bytes from payloads where message_id = any(?) order by message_id',
      [ids],
    );
    assert.deepEqual(
      rows.map((row) => Buffer.from(row.bytes)),
      bytes,
    );
  });

  it('goes down and up again', async () => {
    assert.deepEqual(await migrateDown(store().db), ['0002', '0001']);
    assert.deepEqual(await migrate(store().db), ['0001', '0002']);
    assert.deepEqual(await migrate(store().db), []);
  });

  it('refuses a database that a newer version has used', async () => {
    await store().db.raw(`insert into migrations (name, batch, migration_time) values ('9999', 9, now())`);
    await assert.rejects(
      migrate(store().db),
      (error) => error instanceof CrossdockError && error.code === 'STORE_OUTDATED',
    );
    await store().db.raw(`delete from migrations where name = '9999'`);
  });
});

describe('a Postgres that is not there', () => {
  it('is refused with a code and without the password', async () => {
    await assert.rejects(
      openPostgres({ url: 'postgres://me:geheim@127.0.0.1:1/none', schema: 'x' }),
      (error) => {
        assert.ok(error instanceof CrossdockError);
        assert.equal(error.code, 'STORE_REFUSED');
        assert.ok(!error.message.includes('geheim'));
        return true;
      },
    );
  });
});
