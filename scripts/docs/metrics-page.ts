import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics/index.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import { code, prose, sections, table } from './markdown.ts';

/** What /metrics shows: read from a scrape in which everything has happened once. */
export async function metricsPage(): Promise<string> {
  const metrics = createMetrics({
    clock: systemClock,
    log: silentLogger,
    process: false,
    gauges: () =>
      Promise.resolve({
        queued: new Map([['route', 1]]),
        outbox: new Map([['route', 1]]),
        outboxOldestMs: 1,
        failures: [{ route: 'route', state: 'dead', count: 1 }],
        failureOldestMs: 1,
      }),
  });
  metrics.accepted('source');
  metrics.duplicate('source');
  metrics.refused('SIGNATURE_INVALID');
  metrics.intake('mapping', 1);
  const error = new CrossdockError('TARGET_REJECTED', 'refused');
  metrics.settled('route', { kind: 'dead', reason: 'permanent', error }, 1);
  metrics.settled('route', { kind: 'delivered' }, 1);
  metrics.breaker('connection', 'closed');
  const { text } = await metrics.scrape();
  return sections(
    '# Metrics',
    '`GET /metrics` answers in the text format of Prometheus, to tokens with `metrics.read`. The default metrics of a Node.js process (`process_*`, `nodejs_*`) are there as well. Depths and ages are looked up at most every 5 s. [Operations](../operations.md#metrics-and-alerts) says what to alert on.',
    table(['Metric', 'Type', 'Labels', 'What it says'], rowsOf(text)),
  );
}

function rowsOf(scrape: string): readonly (readonly string[])[] {
  const types = new Map([...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  return [...scrape.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => {
    const sample = new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, 'm').exec(scrape)?.[1] ?? '';
    const labels = [...sample.matchAll(/([a-z_]+)="/g)].flatMap(([, label = '']) =>
      label === 'le' ? [] : [code(label)],
    );
    return [code(name), types.get(name) ?? '', labels.join(', '), prose(help)];
  });
}
