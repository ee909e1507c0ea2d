import assert from 'node:assert/strict';
import { schedule } from '../../../connectors/schedule/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { pullForFire, pullRuns } from '../../../core/intake/index.ts';
import { JobRuns } from '../../../core/intake/job-runs.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { Page, Puller } from '../../../core/model/connector.ts';
import { newId, openPostgres, query, takeLease } from '../../../core/store/index.ts';
import type { Database } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { openConnection } from '../../support/connection.ts';
import { startPostgres } from '../../support/postgres.ts';
import { realServices } from '../../support/real-services.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { onEachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { withCode } from '../../support/with-code.ts';
import { arriveAsIs } from './arrive-as-is.ts';

type Run = Awaited<ReturnType<typeof pullForFire>>;

const FIRE = Date.parse('2026-03-01T06:00:00Z');
const NEXT_FIRE = FIRE + 60_000;
const TICK = '2026-03-01T06:00:00.000Z';

const pullFor = (
  { database, mapping, owner = 'me' }: { database: Database; mapping: string; owner?: string },
  pull: Puller,
  fire: number,
  signal = new AbortController().signal,
): Promise<Run> =>
  pullForFire(
    {
      database,
      clock: systemClock,
      owner,
      mapping,
      source: 's',
      pull,
      fire,
      arrive: arriveAsIs(`clock/${mapping}`, `${mapping}/erp`),
      onAccepted: () => {},
    },
    signal,
  );

const keysOf = async (database: Database, mapping: string): Promise<string[]> =>
  (
    await query<{ key: string }>(database.db, 'select key from messages where source = ? order by key', [
      `clock/${mapping}`,
    ])
  ).map(({ key }) => key);

const tickOf = async (): Promise<Puller> => {
  const pull = (await openConnection(schedule, {}, { clock: systemClock })).pull?.('tick', {});
  assert.ok(pull);
  return pull;
};

onEachStore('a fire of a schedule', (store) => {
  let mapping = '';
  let tick: Puller;
  /** How often the source was asked. */
  let asked: number;
  beforeEach(async () => {
    mapping = `hr/${newId(systemClock)}`;
    asked = 0;
    tick = await tickOf();
  });
  const counted =
    (pull: Puller): Puller =>
    (cursor, signal, fire) => {
      asked += 1;
      return pull(cursor, signal, fire);
    };
  const run = (pull: Puller, { owner = 'me', fire = FIRE } = {}): Promise<Run> =>
    pullFor({ database: store(), mapping, owner }, counted(pull), fire);
  const keys = (): Promise<string[]> => keysOf(store(), mapping);

  it('is pulled for by one of the processes that are at it', async () => {
    const untilDone = async (owner: string): Promise<void> => {
      while ((await run(tick, { owner })).kind !== 'done');
    };
    await Promise.all(['one', 'two', 'three'].map(untilDone));
    assert.equal(asked, 1);
    assert.deepEqual(await keys(), [TICK]);
    assert.deepEqual(await run(tick, { fire: NEXT_FIRE }), { kind: 'done' });
    assert.equal(asked, 2);
  });

  it('is not lost by a process that was killed at it: another one does it when the lease is over', async () => {
    await takeLease(store().db, `pull:${mapping}`, 'the killed one', 120_000);
    assert.deepEqual(await run(tick), { kind: 'busy' });
    await query(store().db, `update leases set expires_at = '-infinity' where name = ?`, [`pull:${mapping}`]);
    assert.deepEqual(await run(tick), { kind: 'done' });
    assert.deepEqual(await keys(), [TICK]);
  });

  it('is one message when a process dies between its commit and the mark that it is done', async () => {
    await run(tick);
    await query(store().db, 'delete from fires where mapping = ?', [mapping]);
    assert.deepEqual(await run(tick, { owner: 'another process' }), { kind: 'done' });
    assert.equal(asked, 2);
    assert.deepEqual(await keys(), [TICK]);
  });

  it('is not done when its page could not be committed', async () => {
    const overtaken: Puller = async function* (...args) {
      await query(store().db, 'update leases set epoch = epoch + 1 where name = ?', [`pull:${mapping}`]);
      yield* tick(...args);
    };
    await assert.rejects(run(overtaken), withCode('CONFLICT'));
    await query(store().db, `update leases set expires_at = '-infinity' where name = ?`, [`pull:${mapping}`]);
    assert.deepEqual(await run(tick), { kind: 'done' });
    assert.deepEqual(await keys(), [TICK]);
  });

  it('asks a source that fails once, and keeps why', async () => {
    const failure = new CrossdockError('TARGET_FAILED', 'the CRM failed');
    const failing: Puller = async function* () {
      await Promise.resolve();
      yield { records: [{ body: {}, key: 'the first' }], cursor: 1 };
      throw failure;
    };
    assert.deepEqual(await run(failing), { kind: 'failed', error: failure });
    assert.deepEqual(await run(failing, { owner: 'another process' }), { kind: 'done' });
    assert.equal(asked, 1);
    assert.match((await pullRuns(store().db)).get(mapping)?.error ?? '', /the CRM failed/);
    assert.deepEqual(await keys(), ['the first']);
  });

  it('does not ask again and again for what the store refuses', async () => {
    const page: Page = { records: [{ body: {}, key: 'a NUL: \u0000' }], cursor: 1 };
    const end = await run(async function* () {
      await Promise.resolve();
      yield page;
    });
    assert.equal(end.kind, 'failed');
  });
});

describe('a tick that comes while Postgres is away', function () {
  this.timeout(120_000);

  it('is stored when it is back, once', async function () {
    if (realServices() === undefined) return this.skip();
    const postgres = await startPostgres();
    try {
      const database = await openPostgres({ url: postgres.url, schema: 'hub' });
      const clock = new ManualClock();
      const log = new RecordingLog();
      const tick = await tickOf();
      const mapping = 'hr/report';
      const stopping = new AbortController();
      const runs = new JobRuns(
        {
          name: mapping,
          run: async (fire, signal) =>
            (await pullFor({ database, mapping }, tick, fire, signal)).kind !== 'busy',
        },
        { clock, log },
        stopping.signal,
      );
      await postgres.stop();
      runs.add(FIRE);
      await until(() => clock.sleeping === 1, { what: 'the first try' });
      assert.match(log.text, /the database is not available/);
      await postgres.start();
      let done = false;
      void runs.ended.then(() => (done = true));
      await until(
        async () => {
          await clock.advance(60_000);
          return done;
        },
        { what: () => `the run (${log.text})` },
      );
      assert.deepEqual(await keysOf(database, mapping), [TICK]);
      await database.close();
    } finally {
      await postgres.close();
    }
  });
});
