import { randomUUID } from 'node:crypto';
import { createPartitions, dropExpired } from '../core/audit/index.ts';
import type { Retention } from '../core/audit/index.ts';
import { Scheduler } from '../core/intake/index.ts';
import type { Metrics } from '../core/metrics/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Logger } from '../core/model/logger.ts';
import { createDeadLetterIngester, createDispatcher, resolveLeftBehind } from '../core/recovery/index.ts';
import type { Flow, Reconciler } from '../core/recovery/index.ts';
import { forgetLeases } from '../core/store/index.ts';
import type { Database } from '../core/store/index.ts';
import { decodeDelivery } from '../core/transport/index.ts';
import type { Transport } from '../core/transport/index.ts';
import { pullJobs } from './compose-intake.ts';
import type { CompiledSource } from './compose-intake.ts';
import type { Unwinding } from './compose-parts.ts';

export interface ScheduleOptions {
  readonly database: Database;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly retention: Retention;
  readonly sources: ReadonlyMap<string, CompiledSource>;
  readonly reconciler: Reconciler;
  /** The queue of dead letters. */
  readonly deadLetters: string;
  /** What a route takes, by the breakers of its connections. */
  readonly flow: (route: string) => Flow;
  /** There is something in the outbox. */
  readonly wake: () => void;
}

const DISPATCH_MS = 1_000;
const RECONCILE_MS = 30_000;
const MAINTAIN_MS = 3_600_000;

/** Starts what is done at certain times: due retries, reconciliation, partitions and retention, dead letters, pulls. */
export async function startSchedules(options: ScheduleOptions, unwinding: Unwinding): Promise<void> {
  const { database, transport, clock, log, metrics, retention, sources, reconciler, flow, wake } = options;
  // The process before this one may have been killed: nobody else is there to wait for.
  if (database.kind === 'embedded') await forgetLeases(database.db);
  const dispatcher = createDispatcher({ database, clock, log, wake, flow });
  unwinding.add(
    'the dispatcher',
    clock.every(DISPATCH_MS, async (signal) => void (await dispatcher.runOnce(signal)), log),
  );
  unwinding.add(
    'the reconciler',
    clock.every(RECONCILE_MS, async (signal) => void (await reconciler.runOnce(signal)), log),
  );
  const maintain = async (): Promise<void> => {
    await createPartitions(database.db, clock);
    await resolveLeftBehind(database.db, log);
    await dropExpired(database, { retention, now: clock.now(), log });
  };
  unwinding.add('maintenance', clock.every(MAINTAIN_MS, maintain, log));
  const ending = new AbortController();
  const { signal } = ending;
  const ingester = createDeadLetterIngester({ database, clock, log, decode: decodeDelivery, signal });
  const deadLetters = await transport.consume(options.deadLetters, 8, ingester);
  unwinding.add('the dead-letter ingester', async () => {
    const stopped = deadLetters.stop();
    ending.abort(new Error('the hub is stopping')); // only now, so that what is given up is not handed out again
    await stopped;
  });
  const scheduler = new Scheduler({ clock, log });
  scheduler.start(pullJobs({ sources, database, clock, log, metrics, owner: randomUUID(), wake }));
  unwinding.add('the scheduler', () => scheduler.stop());
}
