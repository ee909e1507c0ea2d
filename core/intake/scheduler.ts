import { schedule, setLogger } from 'node-cron';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import type { Schedule } from '../model/mapping.ts';
import { JobRuns } from './job-runs.ts';
import type { Job } from './job-runs.ts';

export interface ScheduledJob extends Job {
  readonly schedule: Schedule;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

/** How late a process may be for a fire. node-cron bounds it by the gap to the next one. */
const LATE_MS = 60_000;

/**
 * Runs jobs at their times, as `JobRuns` says. Every process does so for every fire; that one of them does the work is
 * up to the job. A fire for which this process is late, by up to a minute, still runs, unless the next one is due, too.
 * Fires missed while no hub ran are not made up for: a pull source goes on from its cursor anyway.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #stopping = new AbortController();
  readonly #tasks: { stop(): void | Promise<void>; destroy(): void | Promise<void> }[] = [];
  readonly #runs: JobRuns[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(jobs: readonly ScheduledJob[]): void {
    const { log } = this.#options;
    setLogger(quietly(log));
    for (const job of jobs) {
      const runs = new JobRuns(job, this.#options, this.#stopping.signal);
      const task = schedule(job.schedule.cron, ({ date }) => runs.add(date.getTime()), {
        name: job.name,
        timezone: job.schedule.timezone,
        noOverlap: false,
        missedExecutionTolerance: LATE_MS,
      });
      const missed = missedFires(log, job.name);
      task.on('execution:missed', ({ date }) => missed(date));
      this.#runs.push(runs);
      this.#tasks.push(task);
    }
  }

  /** No more fires; aborts the running ones and waits for them. */
  async stop(): Promise<void> {
    for (const task of this.#tasks.splice(0)) await task.destroy();
    this.#stopping.abort(new Error('the hub is stopping'));
    await Promise.all(this.#runs.map((runs) => runs.ended));
  }
}

// A machine that slept has missed thousands; node-cron tells of them one by one, in one go.
function missedFires(log: Logger, mapping: string): (fire: Date) => void {
  let fires = 0;
  return (fire) => {
    if (fires === 0)
      queueMicrotask(() => {
        log.warn('this process was held up and missed fires', { mapping, fires, first: fire.toISOString() });
        fires = 0;
      });
    fires += 1;
  };
}

// node-cron writes to the console by itself.
function quietly(log: Logger): Parameters<typeof setLogger>[0] {
  const debug = (message: unknown): void => log.debug('the scheduler says', { text: String(message) });
  return { info: debug, warn: debug, error: debug, debug };
}
