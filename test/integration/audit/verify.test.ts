import assert from 'node:assert/strict';
import {
  appendEvents,
  createEvent,
  createPartitions,
  dropExpired,
  verifyAudit,
} from '../../../core/audit/index.ts';
import type { Finding, Head, Verification, VerifyOptions } from '../../../core/audit/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { AuditEvent } from '../../../core/model/event.ts';
import { listPartitions, query } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { emptyStore } from './accepted.ts';

const DAY = 86_400_000;

onEachStore('the audit log', (store) => {
  const clock = new ManualClock();

  const event = (version: string): AuditEvent => createEvent('hub_stopped', { version }, {}, clock);
  /** Writes a block of events that say `name 1`, `name 2`, ... */
  const write = async (name: string, size = 3): Promise<readonly AuditEvent[]> => {
    const events = Array.from({ length: size }, (_, index) => event(`${name} ${index + 1}`));
    await appendEvents(store().db, events);
    return events;
  };
  const run = (text: string, bindings: readonly unknown[] = []) => query(store().db, text, bindings);
  /** Reads all pages. */
  const verify = async (options: Partial<VerifyOptions> = {}): Promise<Verification> => {
    const keptSince = clock.now() - 30 * DAY;
    let page = await verifyAudit(store(), { keptSince, ...options });
    let { blocks, events, expired } = page;
    const findings = [...page.findings];
    while (page.next !== undefined) {
      page = await verifyAudit(store(), { keptSince, limit: options.limit, after: page.next });
      blocks += page.blocks;
      events += page.events;
      expired += page.expired;
      findings.push(...page.findings);
    }
    return { blocks, events, expired, findings, heads: page.heads };
  };
  const heads = async (): Promise<readonly Head[]> => (await verify()).heads ?? [];
  /** What is found, without the texts for people. */
  const found = async (options?: Partial<VerifyOptions>): Promise<readonly Omit<Finding, 'text'>[]> =>
    (await verify(options)).findings.map(({ text: _text, ...finding }) => finding);

  beforeEach(async () => {
    await emptyStore(store());
    await run(`select setval('chains_id_seq', 1, false)`);
  });

  it('is intact when nobody touched it, whatever is in its events', async () => {
    await write('a');
    await appendEvents(store().db, [
      createEvent(
        'connection_paused',
        { connection: 'erp', code: 'TARGET_FAILED', error: 'a\u0000b \ud83d \\ "é"' },
        {},
        clock,
      ),
      createEvent(
        'token_created',
        {
          by: 'ada',
          token: 't',
          grants: { b: [1.5, -0, 1e21, { z: null, a: undefined }], a: {}, 10: 'x', 2: 1e-7 },
        },
        {},
        clock,
      ),
    ]);
    const { heads: ends, ...rest } = await verify();
    assert.deepEqual(rest, { blocks: 2, events: 5, expired: 0, findings: [] });
    assert.deepEqual(
      ends?.map(({ chain, seq }) => [chain, seq]),
      [[1, 2]],
    );
    assert.deepEqual(await found({ kept: ends }), []);
  });

  it('is the same in pages, and from a time on', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await write(name);
    assert.deepEqual(await verify({ limit: 2 }), await verify());
    assert.equal((await verifyAudit(store(), { keptSince: 0, limit: 2 })).next === undefined, false);
    await run(`update events set data = '{}' where data->>'version' = 'a 1'`);
    const [row] = (await run('select max(at) as at from blocks')) as { at: Date }[];
    const late = await verify({ since: row?.at.getTime() });
    assert.ok(late.blocks >= 1 && late.blocks < 5);
    assert.deepEqual(late.findings, []);
    assert.deepEqual(await found({ since: (row?.at.getTime() ?? 0) + 60_000 }), []);
    assert.deepEqual(
      (await found()).map(({ kind }) => kind),
      ['event_changed'],
    );
  });

  it('names an event that was changed', async () => {
    const [, victim] = await write('a');
    await run(`update events set data = '{"version": "forged"}' where id = ?`, [victim?.id]);
    assert.deepEqual(await found(), [{ kind: 'event_changed', block: '1/1', eventId: victim?.id }]);
  });

  for (const column of ['at', 'type', 'route', 'message_id'])
    it(`names an event whose ${column} was changed`, async () => {
      const [victim] = await write('a');
      const value = { at: `at + interval '1 ms'`, type: `'hub_started'`, route: `'a/b/c'`, message_id: 'id' }[
        column
      ];
      await run(`update events set ${column} = ${value} where id = ?`, [victim?.id]);
      assert.deepEqual(await found(), [{ kind: 'event_changed', block: '1/1', eventId: victim?.id }]);
    });

  it('names the block of an event whose hash was changed with it', async () => {
    const [victim] = await write('a');
    await run(`update events set leaf = sha256('forged') where id = ?`, [victim?.id]);
    assert.deepEqual(
      (await found()).map(({ kind, block }) => [kind, block]),
      [
        ['event_changed', '1/1'],
        ['events_differ', '1/1'],
      ],
    );
  });

  it('names the block of an event that was deleted, and says how many it had', async () => {
    await write('a');
    const [victim] = await write('b');
    await run('delete from events where id = ?', [victim?.id]);
    assert.deepEqual(await found(), [{ kind: 'events_differ', block: '1/2' }]);
    assert.match((await verify()).findings[0]?.text ?? '', /it had 3, it has 2$/);
  });

  it('names both events that were swapped', async () => {
    const [first, , third] = await write('a');
    await run(
      `update events set data = case id when ?::uuid then ?::jsonb else ?::jsonb end where id = any(?::uuid[])`,
      [first?.id, JSON.stringify(third?.data), JSON.stringify(first?.data), [first?.id, third?.id]],
    );
    assert.deepEqual(await found(), [
      { kind: 'event_changed', block: '1/1', eventId: first?.id },
      { kind: 'event_changed', block: '1/1', eventId: third?.id },
    ]);
  });

  it('names both blocks between which an event was moved', async () => {
    const [moved] = await write('a');
    const [to] = await write('b');
    await run('update events set block = (select block from events where id = ?) where id = ?', [
      to?.id,
      moved?.id,
    ]);
    assert.deepEqual(await found(), [
      { kind: 'events_differ', block: '1/1' },
      { kind: 'events_differ', block: '1/2' },
    ]);
  });

  it('names an event that was added', async () => {
    const [model] = await write('a');
    const insert = async (block: string): Promise<AuditEvent> => {
      const forged = event('forged');
      await run(
        `insert into events select e.journey_id, ?::uuid, e.at, null, null, e.type, e.data, e.leaf, ${block} from events e where id = ?`,
        [forged.id, model?.id],
      );
      return forged;
    };
    const inside = await insert('block');
    const beyond = await insert('block + 1000');
    assert.deepEqual(await found(), [
      { kind: 'event_unsealed', eventId: beyond.id },
      { kind: 'event_changed', block: '1/1', eventId: inside.id },
      { kind: 'events_differ', block: '1/1' },
    ]);
  });

  it('names a block that was deleted, with its events or without', async () => {
    await write('a');
    const events = await write('b');
    await write('c');
    await run('delete from blocks where seq = 2');
    const missing = { kind: 'block_missing', block: '1/2' };
    assert.deepEqual(await found(), [
      ...events.map(({ id }) => ({ kind: 'event_unsealed', eventId: id })),
      missing,
    ]);
    await run('delete from events where id = any(?::uuid[])', [events.map(({ id }) => id)]);
    assert.deepEqual(await found(), [missing]);
  });

  it('names a block that was changed, and the one after it', async () => {
    await write('a');
    await write('b');
    await run(`update blocks set day = day - 100 where seq = 1`);
    assert.ok((await found()).some(({ kind, block }) => kind === 'block_changed' && block === '1/1'));
    await run(`update blocks set day = day + 100, hash = sha256('forged') where seq = 1`);
    assert.deepEqual(await found(), [
      { kind: 'block_changed', block: '1/1' },
      { kind: 'link_broken', block: '1/2' },
    ]);
  });

  it('names an end that was cut off, and with kept heads even where its traces are gone', async () => {
    await write('a');
    const last = await write('b');
    const kept = await heads();
    await run('delete from events where id = any(?::uuid[])', [last.map(({ id }) => id)]);
    await run('delete from blocks where seq = 2');
    assert.deepEqual(await found(), [{ kind: 'head_differs', block: '1/1' }]);
    await run('update chains set (seq, hash) = (select seq, hash from blocks where seq = 1)');
    assert.deepEqual(await found(), []);
    assert.deepEqual(await found({ kept }), [{ kind: 'head_unknown', block: '1/2' }]);
    await run('delete from chains');
    assert.deepEqual(await found(), [{ kind: 'head_differs', block: '1/1' }]);
    await emptyStore(store());
    assert.deepEqual(await found(), []);
    assert.deepEqual(await found({ kept }), [{ kind: 'head_unknown', block: '1/2' }]);
  });

  it('shows by kept heads that all of it was written anew', async () => {
    const events = await write('a');
    await write('b');
    const kept = await heads();
    await emptyStore(store());
    await run(`select setval('chains_id_seq', 1, false)`);
    await appendEvents(
      store().db,
      events.map((one) => ({ ...one, data: { version: 'forged' } })),
    );
    await write('b');
    await write('c');
    assert.deepEqual(await found(), []);
    assert.deepEqual(await found({ kept }), [{ kind: 'head_unknown', block: '1/2' }]);
    assert.deepEqual(await found({ kept: await heads() }), []);
  });

  it('stays intact when many write at a time, and transactions fail', async () => {
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let batch = 0; batch < 5; batch += 1) {
        await write(`${writer} ${batch}`, 5);
        await store().transaction(async (db) => {
          await appendEvents(db, [event('first'), event('second')]);
          await appendEvents(db, [event('third')]);
        });
        await assert.rejects(
          store().transaction(async (db) => {
            await appendEvents(db, [event('never')]);
            throw new Error('rolled back');
          }),
          /rolled back/,
        );
      }
    });
    await Promise.all([...writers, verify().then(({ findings }) => assert.deepEqual(findings, []))]);
    const { heads: ends = [], ...rest } = await verify();
    assert.deepEqual(rest, { blocks: 120, events: 320, expired: 0, findings: [] });
    assert.equal(
      ends.reduce((sum, { seq }) => sum + seq, 0),
      120,
    );
    // Each of the eight holds one or two at a time.
    assert.ok(ends.length <= 24, `${ends.length} chains`);
  });

  it('has no block for a batch that was there already, and one for what is new of it', async () => {
    const events = await write('a');
    await appendEvents(store().db, events);
    assert.equal((await verify()).blocks, 1);
    await appendEvents(store().db, [...events, event('new')]);
    const { heads: _heads, ...rest } = await verify();
    assert.deepEqual(rest, { blocks: 2, events: 4, expired: 0, findings: [] });
  });

  it('has a block for each day of a batch; a day that retention dropped is expired and no finding', async () => {
    const start = clock.now();
    const early = new ManualClock(Date.parse('2024-03-01T12:00:00Z'));
    await createPartitions(store().db, early, 1);
    const old = createEvent('hub_stopped', { version: 'old' }, {}, early);
    await appendEvents(store().db, [old, event('now')]);
    await write('after');
    assert.deepEqual(
      (await heads()).map(({ seq }) => seq),
      [3],
    );
    const drop = async (): Promise<void> => {
      const retention = { messages: 30 * DAY, payloads: 30 * DAY, dedupe: 30 * DAY };
      await dropExpired(store(), { retention, now: start, log: silentLogger });
    };
    await drop();
    assert.ok((await listPartitions(store().db)).every(({ name }) => name !== 'events_20240301'));
    const { heads: _heads, ...rest } = await verify();
    assert.deepEqual(rest, { blocks: 3, events: 4, expired: 1, findings: [] });
    const beforeIt = early.now() - DAY;
    assert.deepEqual(await found({ keptSince: beforeIt }), [{ kind: 'day_missing' }]);
    await run(`update blocks set root = sha256('x') where day = '2024-03-01'`);
    assert.deepEqual(await found(), [{ kind: 'block_changed', block: '1/1' }]);
  });
});
