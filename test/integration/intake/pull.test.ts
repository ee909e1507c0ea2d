import assert from 'node:assert/strict';
import { dropExpired } from '../../../core/audit/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { pullOnce, pullRuns } from '../../../core/intake/index.ts';
import type { PullOptions } from '../../../core/intake/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { Clock } from '../../../core/model/clock.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { Page } from '../../../core/model/connector.ts';
import { newId, query, takeLease } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { arriveAsIs } from './arrive-as-is.ts';

const page = (keys: readonly string[], cursor: unknown): Page => ({
  records: keys.map((key) => ({ key, body: { key } })),
  cursor,
});

onEachStore('pulling a source', (store) => {
  let mapping = '';
  beforeEach(() => {
    mapping = `customers/${newId(systemClock)}`;
  });
  const pull = (
    puller: PullOptions['pull'],
    { owner = 'me', clock = systemClock }: { owner?: string; clock?: Clock } = {},
  ): Promise<number | undefined> =>
    pullOnce(
      {
        database: store(),
        clock,
        owner,
        mapping,
        source: 's',
        pull: puller,
        arrive: arriveAsIs('crm/customers/pull', 'customers/pull/erp'),
        onAccepted: () => {},
      },
      new AbortController().signal,
    );
  const cursor = async (): Promise<unknown> =>
    (
      await query<{ cursor: unknown }>(store().db, 'select cursor from cursors where mapping = ?', [mapping])
    )[0]?.cursor;
  const count = async (key: string): Promise<number> =>
    (await query(store().db, 'select 1 from messages where key = ?', [key])).length;

  it('commits each page with the cursor behind it, and asks for the next only then', async () => {
    const key = newId(systemClock);
    const seen: unknown[] = [];
    const accepted = await pull(async function* (from) {
      seen.push(from);
      yield page([`${key}-1`, `${key}-2`], { at: 2 });
      seen.push(await cursor());
      seen.push(await count(`${key}-2`));
      yield page([`${key}-3`], { at: 3 });
    });
    assert.equal(accepted, 3);
    assert.deepEqual(seen, [undefined, { at: 2 }, 1]);
    let goneOnFrom: unknown;
    await pull(async function* (from) {
      await Promise.resolve();
      goneOnFrom = from;
    });
    assert.deepEqual(goneOnFrom, { at: 3 });
  });

  it('keeps what was committed when the source fails later, and counts a record that comes again as a duplicate', async () => {
    const key = newId(systemClock);
    await assert.rejects(
      pull(async function* () {
        await Promise.resolve();
        yield page([key], { at: 1 });
        throw new CrossdockError('TARGET_FAILED', 'the CRM failed');
      }),
      /the CRM failed/,
    );
    assert.deepEqual(await cursor(), { at: 1 });
    assert.match((await pullRuns(store().db)).get(mapping)?.error ?? '', /the CRM failed/);
    const accepted = await pull(async function* () {
      await Promise.resolve();
      yield page([key], { at: 1 });
    });
    assert.equal(accepted, 0);
    assert.equal(await count(key), 1);
  });

  it('lets one process at a time pull', async () => {
    let inner: unknown = 'not asked';
    await pull(async function* () {
      inner = await pull(async function* () {}, { owner: 'another process' });
      yield page([], {});
    });
    assert.equal(inner, undefined);
  });

  it('writes nothing for a process whose lease was taken over in the meantime', async () => {
    const key = newId(systemClock);
    await assert.rejects(
      pull(async function* () {
        await query(store().db, `update leases set expires_at = '-infinity' where name = ?`, [
          `pull:${mapping}`,
        ]);
        await takeLease(store().db, `pull:${mapping}`, 'another process', 60_000);
        yield page([key], { at: 9 });
      }),
      (error) => error instanceof CrossdockError && error.code === 'CONFLICT',
    );
    assert.equal(await count(key), 0);
    assert.notDeepEqual(await cursor(), { at: 9 });
  });

  it('remembers a record for as long as the source goes on to show it', async () => {
    const key = newId(systemClock);
    const DAY = 86_400_000;
    const clock = new ManualClock(systemClock.now());
    for (let days = 0; days < 6; days += 1) {
      await pull(
        async function* () {
          await Promise.resolve();
          yield page([key], { at: 1 });
        },
        { clock },
      );
      const retention = { messages: 90 * DAY, payloads: 90 * DAY, dedupe: 2 * DAY };
      await dropExpired(store(), { retention, now: clock.now(), log: silentLogger });
      await clock.advance(DAY);
    }
    assert.equal(await count(key), 1);
  });
});
