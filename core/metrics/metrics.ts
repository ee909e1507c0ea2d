import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Clock } from '../model/clock.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { FailureState } from '../model/failure.ts';
import type { Logger } from '../model/logger.ts';
import type { Outcome } from '../model/outcome.ts';
import { labelled } from './labelled.ts';

/** What the hub counts and measures. All methods are cheap enough for every message; times are milliseconds. */
export interface Metrics {
  /** A message was accepted from this source. */
  accepted(source: string): void;
  /** A message had been accepted before. */
  duplicate(source: string): void;
  /** A request to /in was answered with an error. */
  refused(code: ErrorCode): void;
  /** A request to /in took this long, to the commit. */
  intake(mapping: string, ms: number): void;
  /** An attempt ended so. */
  settled(route: string, outcome: Outcome, ms: number): void;
  /** The breaker of a connection changed. */
  breaker(connection: string, state: 'closed' | 'probing' | 'open'): void;
  /** All of it in Prometheus' text format. Gauges are at most 5 s old. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What is looked up when somebody asks, and not counted along the way. Missing parts are left out of the answer. */
export interface Gauges {
  /** Queue depth by route: what waits in the transport. */
  readonly queued?: ReadonlyMap<string, number>;
  /** Outbox rows by route. */
  readonly outbox?: ReadonlyMap<string, number>;
  /** Age of the oldest outbox row, in milliseconds; 0 when there is none. */
  readonly outboxOldestMs?: number;
  readonly failures?: readonly {
    readonly route: string;
    readonly state: FailureState;
    readonly count: number;
  }[];
  /** Age of the oldest failure, in milliseconds; 0 when there is none. */
  readonly failureOldestMs?: number;
}

export interface MetricsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Asked when metrics are scraped, at most every 5 s. */
  readonly gauges?: () => Promise<Gauges>;
  /** Metrics of the process too (CPU, memory, event loop). Default true. */
  readonly process?: boolean;
}

const GAUGES_MS = 5_000;
const BREAKER_VALUES = { closed: 0, probing: 1, open: 2 } as const;
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of one hub process, in a registry of their own. */
export function createMetrics({ clock, log, gauges, process = true }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (process) collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labelNames: readonly string[]) =>
    labelled(new Counter({ name: `crossdock_${name}`, help, labelNames: [...labelNames], registers }));
  const histogram = (name: string, help: string, labelNames: readonly string[]) =>
    labelled(
      new Histogram({
        name: `crossdock_${name}`,
        help,
        labelNames: [...labelNames],
        buckets: SECONDS,
        registers,
      }),
    );
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `crossdock_${name}`, help, labelNames: [...labelNames], registers });

  const accepted = counter('messages_accepted_total', 'Messages accepted, by source.', ['source']);
  const duplicates = counter(
    'messages_duplicate_total',
    'Messages that had been accepted before, by source.',
    ['source'],
  );
  const refused = counter('requests_refused_total', 'Requests to /in that were refused, by error code.', [
    'code',
  ]);
  const attempts = counter('attempts_total', 'Attempts of deliveries, by route and outcome.', [
    'route',
    'outcome',
  ]);
  const delivered = counter('deliveries_delivered_total', 'Deliveries that reached their target, by route.', [
    'route',
  ]);
  const failed = counter(
    'attempts_failed_total',
    "Attempts that failed, by route, the error's fate and code.",
    ['route', 'class', 'code'],
  );
  const intake = histogram('intake_duration_seconds', 'From a request to its commit, by mapping.', [
    'mapping',
  ]);
  const duration = histogram('delivery_duration_seconds', 'Attempts of deliveries, by route.', ['route']);
  const breaker = labelled(
    gauge('breaker_state', 'Breakers by connection: 0 closed, 1 probing, 2 open.', ['connection']),
  );
  const looked = {
    queued: gauge(
      'queue_depth',
      'Messages that wait in the queue of a route; in RabbitMQ one may carry a bundle of deliveries.',
      ['route'],
    ),
    outbox: gauge('outbox_depth', 'Deliveries that wait to be published, by route.', ['route']),
    outboxOldest: gauge(
      'outbox_oldest_age_seconds',
      'Age of the oldest delivery that waits to be published.',
    ),
    failures: gauge('failures', 'Failures by route and state.', ['route', 'state']),
    failureOldest: gauge('failure_oldest_age_seconds', 'Age of the oldest failure.'),
    upToDate: gauge(
      'gauges_up_to_date',
      '1 when all depths and ages above could be looked up, else 0 and what could not is missing.',
    ),
  };

  const show = (found: Gauges): void => {
    for (const one of Object.values(looked)) one.reset();
    for (const [route, depth] of found.queued ?? []) looked.queued.set({ route }, depth);
    for (const [route, depth] of found.outbox ?? []) looked.outbox.set({ route }, depth);
    for (const { route, state, count } of found.failures ?? []) looked.failures.set({ route, state }, count);
    set(looked.outboxOldest, found.outboxOldestMs);
    set(looked.failureOldest, found.failureOldestMs);
  };
  let asked: { readonly at: number; readonly done: Promise<void> } | undefined;
  const refresh = async (look: () => Promise<Gauges>): Promise<void> => {
    try {
      const found = await look();
      show(found);
      // The transport can be away by itself; the rest comes out of the store, all or nothing.
      looked.upToDate.set(found.queued === undefined ? 0 : 1);
    } catch (error) {
      // A scrape must work just when something is wrong.
      show({});
      looked.upToDate.set(0);
      log.debug('gauges can not be looked up', { error: String(error) });
    }
  };

  return {
    accepted: (source) => accepted(source).inc(),
    duplicate: (source) => duplicates(source).inc(),
    refused: (code) => refused(code).inc(),
    intake: (mapping, ms) => intake(mapping).observe(ms / 1_000),
    settled: (route, outcome, ms) => {
      attempts(route, outcome.kind).inc();
      if (outcome.kind === 'delivered') delivered(route).inc();
      if ('error' in outcome) failed(route, outcome.error.fate, outcome.error.code).inc();
      duration(route).observe(ms / 1_000);
    },
    breaker: (connection, state) => breaker(connection).set(BREAKER_VALUES[state]),
    scrape: async () => {
      const now = clock.monotonic();
      if (gauges !== undefined && (asked === undefined || now - asked.at >= GAUGES_MS))
        asked = { at: now, done: refresh(gauges) };
      await asked?.done;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function set(gauge: Gauge, ms: number | undefined): void {
  if (ms === undefined) gauge.remove();
  else gauge.set(ms / 1_000);
}
