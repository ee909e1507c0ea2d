import assert from 'node:assert/strict';
import { Settler } from '../../../core/delivery/index.ts';
import type { Settlement } from '../../../core/delivery/index.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { Outcome } from '../../../core/model/outcome.ts';
import { listFailures } from '../../../core/recovery/index.ts';
import { descendantId, query } from '../../../core/store/index.ts';
import { acceptPublished, attributesOf, emptyStore } from '../audit/accepted.ts';
import type { Lane } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { onEachStore } from '../../support/store.ts';
import { eventTypes } from '../recovery/failing.ts';

const ROUTE = 'sales/orders/erp';
const DELIVERED: Outcome = { kind: 'delivered', ref: 'SO-1' };

onEachStore('The settler', (store) => {
  const clock = new ManualClock();
  let log: RecordingLog;
  let settler: Settler;
  beforeEach(async () => {
    await emptyStore(store());
    log = new RecordingLog();
    settler = new Settler({ database: store(), clock, log, revision: 'r1', onChildren: () => {} });
  });

  const acceptOne = (): Promise<Lane> => acceptPublished(store(), clock);

  const settlement = (lane: Lane, outcome: Outcome, more: Partial<Settlement> = {}): Settlement => ({
    delivery: {
      message: attributesOf(lane, clock),
      payload: Buffer.from('{}'),
      route: lane.route,
      attempts: 0,
      step: 0,
      repeat: false,
    },
    outcome,
    attempt: 1,
    durationMs: 5,
    children: [],
    ...more,
  });

  const settle = (one: Settlement): Promise<void> => settler.settle(settler.record(one));

  const part = (lane: Lane, index: number, more: Partial<Arrival> = {}): Arrival => ({
    source: 'shop/sales/orders',
    type: 'sales/order@1',
    contentType: 'application/json',
    payload: Buffer.from('{}'),
    headers: {},
    keys: {},
    routes: [ROUTE],
    revision: 'r1',
    descent: {
      id: descendantId(lane.messageId, ROUTE, 0, index),
      journeyId: lane.journeyId,
      causationId: lane.messageId,
      step: 1,
    },
    ...more,
  });

  const failureOf = async (lane: Lane) =>
    (await listFailures(store().db)).items.find(({ messageId }) => messageId === lane.messageId);

  it('settles what the store refuses without its details, and what is settled beside it with them', async () => {
    const lanes = [await acceptOne(), await acceptOne(), await acceptOne()] as const;
    const error = new CrossdockError('TARGET_FAILED', 'it failed', { response: 'no' });
    // No calendar of the store reaches that far.
    const retry: Outcome = { kind: 'retry', usesAttempt: true, afterMs: 1e15, error };
    await Promise.all([
      settle(settlement(lanes[0], DELIVERED)),
      settle(settlement(lanes[1], retry, { output: { a: 1 } })),
      settle(settlement(lanes[2], { kind: 'dead', reason: 'permanent', error })),
    ]);
    assert.deepEqual(await eventTypes(store(), lanes[0]), ['delivered']);
    assert.deepEqual(await eventTypes(store(), lanes[1]), ['retry_scheduled']);
    const refused = await failureOf(lanes[1]);
    assert.deepEqual([refused?.state, refused?.code, refused?.attempts], ['waiting', 'TARGET_FAILED', 1]);
    assert.match(refused?.error ?? '', /could not be stored/);
    assert.deepEqual([refused?.output, refused?.response], [undefined, undefined]);
    assert.equal((await failureOf(lanes[2]))?.error, 'it failed');
    assert.ok(log.lines.some(({ level, fields }) => level === 'warn' && fields['route'] === ROUTE));
  });

  it('writes the same record twice without a trace', async () => {
    const [lane, failed] = [await acceptOne(), await acceptOne()];
    const error = new CrossdockError('TARGET_FAILED', 'it failed');
    const records = [
      settler.record(settlement(lane, DELIVERED)),
      settler.record(settlement(failed, { kind: 'dead', reason: 'permanent', error })),
    ];
    for (let times = 0; times < 2; times += 1)
      await Promise.all(records.map((record) => settler.settle(record)));
    assert.deepEqual(await eventTypes(store(), lane), ['delivered']);
    assert.deepEqual(await eventTypes(store(), failed), ['dead']);
  });

  it('makes a dead failure of a delivery whose parts the store refuses', async () => {
    const lane = await acceptOne();
    const children = [part(lane, 0), part(lane, 1, { headers: { 'x-odd': 'NUL \u0000' } })];
    await settle(settlement(lane, { kind: 'split', count: 2, step: 'lines' }, { children }));
    const failure = await failureOf(lane);
    assert.deepEqual([failure?.state, failure?.code], ['dead', 'OUTPUT_INVALID']);
    assert.deepEqual(await eventTypes(store(), lane), ['dead']);
    const rows = await query(store().db, 'select from messages where causation_id is not null');
    assert.equal(rows.length, 0);
  });

  it('settles once whatever a connector says of a call', async () => {
    const circular: Record<string, unknown> = {};
    circular['itself'] = circular;
    let deep: unknown = 'end';
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    const hostile: readonly [Outcome, unknown][] = [
      [{ kind: 'delivered', ref: 12n as unknown as string }, {}],
      [{ kind: 'delivered', ref: circular as unknown as string }, {}],
      [{ kind: 'delivered', ref: 'NUL \u0000 and half a pair \ud83d' }, {}],
      [{ kind: 'delivered', ref: 'x'.repeat(10_000_000) }, {}],
      ...[circular, deep, 12n, { toJSON: () => assert.fail('no') }].map(
        (output) =>
          [
            { kind: 'dead', reason: 'permanent', error: new CrossdockError('TARGET_REJECTED', 'no') },
            output,
          ] as [Outcome, unknown],
      ),
      [
        {
          kind: 'in_doubt',
          error: new CrossdockError('TARGET_LOST', '\u0000'.repeat(5_000), {
            response: '\ud83d\u0000',
            path: { toString: 'nothing' } as unknown as string,
          }),
        },
        {},
      ],
      [{ kind: 'throttled', afterMs: NaN, error: new CrossdockError('TARGET_THROTTLED', 'slow') }, {}],
      [
        {
          kind: 'retry',
          usesAttempt: true,
          afterMs: Infinity,
          error: new CrossdockError('NO_CODE' as 'UNEXPECTED', 'odd'),
        },
        {},
      ],
    ];
    const lanes = await Promise.all(hostile.map(acceptOne));
    await Promise.all(
      hostile.map(([outcome, output], index) =>
        settle(settlement(lanes[index] as Lane, outcome, { output })),
      ),
    );
    for (const [index, [{ kind }]] of hostile.entries()) {
      const types = await eventTypes(store(), lanes[index] as Lane);
      assert.deepEqual(types, [kind === 'retry' ? 'retry_scheduled' : kind], `${index}`);
    }
    const [longest] = await query<{ size: number }>(
      store().db,
      'select max(octet_length(data::text))::int as size from events',
    );
    assert.ok((longest?.size ?? Infinity) < 4_096, 'the audit log does not grow by what targets say');
  });

  it('writes the parts of a large split in statements of bounded size', async () => {
    const lane = await acceptOne();
    const payload = Buffer.from(JSON.stringify('x'.repeat(4 * 1024 * 1024)));
    const children = Array.from({ length: 12 }, (_, index) => part(lane, index, { payload }));
    await settle(settlement(lane, { kind: 'split', count: 12, step: 'lines' }, { children }));
    const rows = await query(store().db, 'select from messages where causation_id is not null');
    assert.equal(rows.length, 12);
    assert.deepEqual(await eventTypes(store(), lane), ['split']);
  });
});
