import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { getMessage, listMessages, readPayload, searchMessages } from '../../../core/audit/index.ts';
import { newId, query } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { accept, emptyStore } from './accepted.ts';

onEachStore('messages', (store) => {
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const acceptOne = async (more: Parameters<typeof accept>[2] = {}): Promise<string> => {
    await clock.advance(10);
    const lanes = await accept(store(), clock, { routes: ['sales/orders/erp'], ...more });
    return lanes[0]?.messageId as string;
  };

  it('are listed newest first, page by page, without one twice or none', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.unshift(await acceptOne());
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listMessages(store().db, { limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map((message) => message.id));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(seen, ids);
  });

  it('are narrowed by source, type, mapping, domain and time', async () => {
    const start = clock.now();
    const order = await acceptOne();
    const payment = await acceptOne({
      source: 'stripe/finance/payments',
      type: 'finance/payments',
      routes: ['finance/payments/erp'],
    });
    const topic = await acceptOne({ source: 'topic/sales/order@1', routes: ['finance/invoices/erp'] });
    const ids = async (filter: Parameters<typeof listMessages>[1]): Promise<readonly string[]> =>
      (await listMessages(store().db, filter)).items.map((message) => message.id);
    assert.deepEqual(await ids({ source: 'stripe/finance/payments' }), [payment]);
    assert.deepEqual(await ids({ type: 'finance/payments' }), [payment]);
    assert.deepEqual(await ids({ mapping: 'sales/orders' }), [order]);
    assert.deepEqual(await ids({ mapping: 'finance/invoices' }), [topic]);
    assert.deepEqual(await ids({ domain: 'finance' }), [topic, payment]);
    assert.deepEqual(await ids({ domain: 'finance', domains: ['sales'] }), []);
    assert.deepEqual(await ids({ domains: ['sales'] }), [order]);
    assert.deepEqual(await ids({ domains: [] }), []);
    assert.deepEqual(await ids({ since: start + 15, until: start + 25 }), [payment]);
  });

  it('are found by business key, exactly', async () => {
    const found = await acceptOne({ keys: { order: '4711', customer: "O'Neil = {a,b}" } });
    await acceptOne({ keys: { order: '47110' } });
    await acceptOne({ keys: { invoice: '4711' } });
    const search = async (name: string, value: string): Promise<readonly string[]> =>
      (await searchMessages(store().db, { key: { name, value } })).items.map((message) => message.id);
    assert.deepEqual(await search('order', '4711'), [found]);
    assert.deepEqual(await search('customer', "O'Neil = {a,b}"), [found]);
    assert.deepEqual(await search('order', '471'), []);
    const scoped = await searchMessages(store().db, {
      key: { name: 'order', value: '4711' },
      domains: ['finance'],
    });
    assert.deepEqual(scoped.items, []);
  });

  it('are read by id', async () => {
    const id = await acceptOne({ payload: Buffer.from('{}') });
    const message = await getMessage(store().db, id);
    assert.equal(message?.sha256, createHash('sha256').update('{}').digest('hex'));
    assert.equal(message.journeyId, id);
    assert.equal(message.time, new Date(clock.now()).toISOString());
    assert.equal(await getMessage(store().db, newId(clock)), undefined);
    assert.equal(await getMessage(store().db, 'nothing'), undefined);
  });

  it('give back their payload byte for byte, small or large', async () => {
    for (const payload of [
      Buffer.from([0x00, 0xff, 0x7b]),
      Buffer.from(`{ "a" : "${'x'.repeat(5_000)}" }`),
      Buffer.alloc(200_000, 'large '),
    ]) {
      const id = await acceptOne({ payload, contentType: 'text/xml' });
      const read = await readPayload(store().db, id);
      assert.ok(read.bytes.equals(payload));
      assert.equal(read.contentType, 'text/xml');
      assert.equal(read.sha256, createHash('sha256').update(payload).digest('hex'));
    }
  });

  it('say so when their payload is gone, or when there is no such message', async () => {
    const id = await acceptOne();
    await query(store().db, 'delete from payloads where message_id = ?', [id]);
    await assert.rejects(readPayload(store().db, id), { code: 'PAYLOAD_GONE' });
    await assert.rejects(readPayload(store().db, newId(clock)), { code: 'NOT_FOUND' });
    await assert.rejects(readPayload(store().db, 'nothing'), { code: 'NOT_FOUND' });
  });
});
