import assert from 'node:assert/strict';
import { HoldingsReport } from '../../../core/recovery/index.ts';
import { readHoldings } from '../../../core/recovery/holdings.ts';
import { query } from '../../../core/store/index.ts';
import type { Held } from '../../../core/transport/index.ts';
import { emptyStore } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';

const ERP = 'sales/orders/erp';
const SECOND = 1_000;

onEachStore('What workers hold', (store) => {
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const report = (owner: string, held: Map<string, Held>): HoldingsReport =>
    new HoldingsReport({ database: store(), clock, owner, held: () => held });
  const rows = () => query(store().db, 'select from holdings');

  it('is known with how long the oldest has been held', async () => {
    const held = new Map([[ERP, { count: 3, oldest: 7 }]]);
    const process = report('one', held);
    await process.runOnce();
    await clock.advance(70 * SECOND);
    await process.runOnce();
    const long = (await readHoldings(store().db)).get(ERP);
    assert.equal(long?.count, 3);
    assert.equal(Math.floor((long?.forMs ?? 0) / SECOND / 10), 7);
    held.set(ERP, { count: 2, oldest: 8 });
    await process.runOnce();
    const short = (await readHoldings(store().db)).get(ERP);
    assert.ok(short?.count === 2 && short.forMs < 30 * SECOND);
  });

  it('is the sum of what all processes say, and ends with what they held', async () => {
    const held = new Map([[ERP, { count: 3, oldest: 1 }]]);
    const one = report('one', held);
    const other = report('other', new Map([[ERP, { count: 4, oldest: 1 }]]));
    await Promise.all([one.runOnce(), other.runOnce()]);
    assert.equal((await readHoldings(store().db)).get(ERP)?.count, 7);
    held.clear();
    await one.runOnce();
    assert.equal((await readHoldings(store().db)).get(ERP)?.count, 4);
    await other.end();
    assert.equal((await rows()).length, 0);
  });

  it('is nothing any more when its process does not say it again', async () => {
    await report('one', new Map([[ERP, { count: 3, oldest: 1 }]])).runOnce();
    await query(store().db, `update holdings set seen_at = now() - interval '1 minute'`);
    assert.equal((await readHoldings(store().db)).size, 0);
  });
});
