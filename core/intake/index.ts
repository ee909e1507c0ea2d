export { acceptArrivals, insertArrivals } from './accept.ts';
export type { Accepted } from './accept.ts';
export { Acceptor } from './acceptor.ts';
export { compileArrive } from './arrival.ts';
export type { Arrival, Arrive } from './arrival.ts';
export {
  forgetClaims,
  holdOutbox,
  insertOutbox,
  outboxDepths,
  releaseAllOutbox,
  releaseOutbox,
  takeBackOutbox,
} from './outbox.ts';
export type { OutboxEntry } from './outbox.ts';
export { pullForFire } from './pull-for-fire.ts';
export { pullOnce } from './pull.ts';
export type { PullOptions } from './pull.ts';
export { pullRuns } from './pull-runs.ts';
export type { PullRun } from './pull-runs.ts';
export { Relay } from './relay.ts';
export { Scheduler } from './scheduler.ts';
export type { ScheduledJob } from './scheduler.ts';
