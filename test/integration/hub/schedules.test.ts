import assert from 'node:assert/strict';
import { Unwinding } from '../../../cli/compose-parts.ts';
import { startSchedules } from '../../../cli/compose-schedule.ts';
import { silentLogger } from '../../../core/log.ts';
import { createMetrics } from '../../../core/metrics/index.ts';
import { createReconciler, listFailures } from '../../../core/recovery/index.ts';
import { createMemoryTransport, topologyOf } from '../../../core/transport/index.ts';
import { DELIVERED, emptyStore, settle } from '../audit/accepted.ts';
import { acceptFailed, DEAD, manyWaiting, outbox } from '../recovery/failing.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';

const DAY = 86_400_000;

onEachStore('what is done at certain times', (store) => {
  const log = silentLogger;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    await emptyStore(store());
  });

  const start = async (wake: () => void): Promise<Unwinding> => {
    const transport = createMemoryTransport();
    const topology = topologyOf([], { namespace: 't', maxLength: 10, deliveryLimit: 20 });
    await transport.declare(topology);
    const database = store();
    const unwinding = new Unwinding();
    await startSchedules(
      {
        database,
        transport,
        clock,
        log,
        metrics: createMetrics({ clock, log, gauges: () => Promise.reject(new Error('nobody asks')) }),
        retention: { messages: DAY, payloads: DAY, dedupe: DAY },
        sources: new Map(),
        reconciler: createReconciler({
          database,
          clock,
          log,
          routes: [],
          depths: () => Promise.resolve(new Map()),
          removeQueue: () => Promise.resolve(),
          wake,
        }),
        deadLetters: topology.deadLetters,
        flow: () => 'all',
        wake,
      },
      unwinding,
    );
    return unwinding;
  };

  it('sends no more of what is due once it is stopped', async () => {
    const many = 5_000;
    await manyWaiting(store(), clock, many);
    let stopping: Promise<void> | undefined;
    const unwinding: Unwinding = await start(() => {
      stopping ??= unwinding.run(log);
    });
    await clock.advance(1_000);
    await until(() => stopping !== undefined);
    await stopping;
    const sent = (await outbox(store())).length;
    assert.ok(sent > 0 && sent < many, `${sent} of ${many} are sent`);
  });

  it('takes away each hour what deliveries that are final have left behind as failures', async () => {
    const lane = await acceptFailed(store(), clock, DEAD);
    await settle({ database: store(), clock }, 'delivered', DELIVERED, lane);
    const unwinding = await start(() => {});
    await clock.advance(3_600_000);
    await until(async () => (await listFailures(store().db)).items.length === 0);
    await unwinding.run(log);
  });
});
