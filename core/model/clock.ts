import type { Logger } from './logger.ts';

/** Time as the hub sees it, so that tests can own it. `core/clock.ts` has the system's. */
export interface Clock {
  /** Milliseconds since the epoch: for data (accepted at, due at). */
  now(): number;
  /** Milliseconds that never jump: for measuring and time limits. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `task` once, after `ms`, unless the returned function is called before. Does not keep the process alive. */
  after(ms: number, task: () => void): () => void;
  /**
   * Runs `task` again and again, `ms` after the last run ended, until the returned function is called. That function
   * resolves when a run under way has ended. A task that throws is logged and goes on at its next turn.
   */
  every(ms: number, task: (signal: AbortSignal) => Promise<void>, log: Logger): () => Promise<void>;
}
