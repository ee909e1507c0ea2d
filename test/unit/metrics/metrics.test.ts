import assert from 'node:assert/strict';
import { silentLogger } from '../../../core/log.ts';
import { createMetrics } from '../../../core/metrics/index.ts';
import type { Gauges } from '../../../core/metrics/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { ManualClock } from '../../support/clock.ts';

describe('Metrics', () => {
  let clock: ManualClock;
  beforeEach(() => {
    clock = new ManualClock();
  });
  const lines = async (metrics: ReturnType<typeof createMetrics>) =>
    (await metrics.scrape()).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('count what is accepted, refused, tried and delivered', async () => {
    const metrics = createMetrics({ clock, log: silentLogger, process: false });
    metrics.accepted('shop/sales/orders');
    metrics.accepted('shop/sales/orders');
    metrics.duplicate('shop/sales/orders');
    metrics.refused('SIGNATURE_INVALID');
    metrics.settled('sales/orders/erp', { kind: 'delivered' }, 12);
    const error = new CrossdockError('TARGET_FAILED', 'no');
    metrics.settled('sales/orders/erp', { kind: 'retry', afterMs: 1, usesAttempt: true, error }, 12);
    metrics.breaker('erp', 'open');
    const text = await lines(metrics);
    for (const line of [
      'crossdock_messages_accepted_total{source="shop/sales/orders"} 2',
      'crossdock_messages_duplicate_total{source="shop/sales/orders"} 1',
      'crossdock_requests_refused_total{code="SIGNATURE_INVALID"} 1',
      'crossdock_attempts_total{route="sales/orders/erp",outcome="delivered"} 1',
      'crossdock_attempts_total{route="sales/orders/erp",outcome="retry"} 1',
      'crossdock_deliveries_delivered_total{route="sales/orders/erp"} 1',
      'crossdock_attempts_failed_total{route="sales/orders/erp",class="transient",code="TARGET_FAILED"} 1',
      'crossdock_breaker_state{connection="erp"} 2',
      'crossdock_delivery_duration_seconds_count{route="sales/orders/erp"} 2',
      'crossdock_delivery_duration_seconds_bucket{le="0.025",route="sales/orders/erp"} 2',
    ])
      assert.ok(text.includes(line), line);
  });

  it('look gauges up at most every five seconds, and drop what has gone', async () => {
    let asked = 0;
    const answers: Gauges[] = [
      {
        outbox: new Map([['a/b/c', 3]]),
        outboxOldestMs: 1_500,
        failures: [{ route: 'a/b/c', state: 'dead', count: 2 }],
      },
      { outbox: new Map() },
    ];
    const metrics = createMetrics({
      clock,
      log: silentLogger,
      process: false,
      gauges: () => Promise.resolve(answers[asked++] ?? {}),
    });
    const first = await lines(metrics);
    assert.ok(first.includes('crossdock_outbox_depth{route="a/b/c"} 3'));
    assert.ok(first.includes('crossdock_outbox_oldest_age_seconds 1.5'));
    assert.ok(first.includes('crossdock_failures{route="a/b/c",state="dead"} 2'));
    assert.ok(!first.some((line) => line.startsWith('crossdock_failure_oldest')));
    await lines(metrics);
    assert.equal(asked, 1);
    await clock.advance(5_000);
    const second = await lines(metrics);
    assert.equal(asked, 2);
    assert.ok(!second.some((line) => line.startsWith('crossdock_outbox_')), second.join('\n'));
  });

  it('can be scraped while the store is away', async () => {
    const metrics = createMetrics({
      clock,
      log: silentLogger,
      process: false,
      gauges: () => Promise.reject(new CrossdockError('STORE_UNAVAILABLE', 'away')),
    });
    metrics.accepted('x');
    const text = await lines(metrics);
    assert.ok(text.includes('crossdock_gauges_up_to_date 0'));
    assert.ok(text.includes('crossdock_messages_accepted_total{source="x"} 1'));
  });

  it('say whether all of them could be looked up', async () => {
    const of = async (queued?: ReadonlyMap<string, number>): Promise<readonly string[]> =>
      lines(
        createMetrics({
          clock,
          log: silentLogger,
          process: false,
          gauges: () => Promise.resolve({ outbox: new Map([['a/b/c', 3]]), ...(queued && { queued }) }),
        }),
      );
    assert.ok((await of(new Map([['a/b/c', 1]]))).includes('crossdock_gauges_up_to_date 1'));
    const without = await of();
    assert.ok(without.includes('crossdock_gauges_up_to_date 0'));
    assert.ok(without.includes('crossdock_outbox_depth{route="a/b/c"} 3'));
  });

  it('tell of the process as well', async () => {
    const { contentType, text } = await createMetrics({ clock, log: silentLogger }).scrape();
    assert.match(contentType, /^text\/plain/);
    assert.match(text, /process_resident_memory_bytes/);
  });
});
