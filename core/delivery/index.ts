export { Breaker } from './breaker.ts';
export type { BreakerState } from './breaker.ts';
export { Gate } from './gate.ts';
export { Limiter } from './limiter.ts';
export { Settler } from './settler.ts';
export type { Settlement } from './settlement.ts';
export { Worker } from './worker.ts';
