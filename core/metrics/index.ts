export { createMetrics } from './metrics.ts';
export type { Gauges, Metrics, MetricsOptions } from './metrics.ts';
