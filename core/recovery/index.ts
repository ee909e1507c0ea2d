export { discardFailures, rescheduleFailures, retryFailures } from './act-on-failures.ts';
export { createDeadLetterIngester } from './dead-letters.ts';
export type { DeadLetterOptions } from './dead-letters.ts';
export { beginAnew, endRun } from './begin-anew.ts';
export { SuspectTrials } from './suspect-trials.ts';
export { createSuspectRelease } from './suspect-release.ts';
export { createDispatcher } from './dispatcher.ts';
export type { Dispatcher, DispatcherOptions, Flow } from './dispatcher.ts';
export { editFailure } from './edit-failure.ts';
export { failureFromOutcome, fingerprint } from './failure-from-outcome.ts';
export type { FailedAttempt, FailedOutcome } from './failure-from-outcome.ts';
export { failureTotals, getFailure, groupFailures, listFailures } from './read-failures.ts';
export type { FailureFilter, FailureGroup, FailureTotal } from './read-failures.ts';
export { HoldingsReport, SAY_HELD_MS } from './holdings.ts';
export { hurryAfterOutage } from './hurry-after-outage.ts';
export { resolveLeftBehind } from './left-behind.ts';
export { createReconciler } from './reconciler.ts';
export type {
  Reconciler,
  ReconcileReport,
  ReconcilerOptions,
  RedriveOptions,
  RouteReport,
} from './reconciler.ts';
export { removedRoutes } from './removed-routes.ts';
export { recordFailures, resolveFailures } from './record-failures.ts';
export type { FailureRow } from './record-failures.ts';
export type { Act, ActDeps, ActOptions, Progress, Selection } from './select-failures.ts';
