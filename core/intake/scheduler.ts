import { schedule, setLogger } from 'node-cron';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import type { Schedule } from '../model/mapping.ts';
import type { Database } from '../store/index.ts';
import { query } from '../store/index.ts';

export interface Job {
  /** The mapping; unique. */
  readonly name: string;
  readonly schedule: Schedule;
  /** Must not throw. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface SchedulerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Runs jobs at their times. Of several processes one runs each fire: the one that moves the job's `last_fire` row on.
 * A fire whose predecessor still runs here is left out. Fires missed while no hub ran are not made up for: a pull
 * source goes on from its cursor anyway.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #stopping = new AbortController();
  readonly #tasks: { stop(): void | Promise<void>; destroy(): void | Promise<void> }[] = [];
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(jobs: readonly Job[]): void {
    setLogger(quietly(this.#options.log));
    for (const job of jobs) {
      this.#tasks.push(
        schedule(job.schedule.cron, (context) => this.#fire(job, context.date), {
          name: job.name,
          timezone: job.schedule.timezone,
          noOverlap: false,
        }),
      );
    }
  }

  /** No more fires; aborts the running ones and waits for them. */
  async stop(): Promise<void> {
    for (const task of this.#tasks.splice(0)) await task.destroy();
    this.#stopping.abort(new Error('the hub is stopping'));
    await Promise.all(this.#running.values());
  }

  #fire(job: Job, at: Date): void {
    if (this.#running.has(job.name) || this.#stopping.signal.aborted) return;
    const run = this.#runIfFirst(job, at).finally(() => this.#running.delete(job.name));
    this.#running.set(job.name, run);
  }

  async #runIfFirst(job: Job, at: Date): Promise<void> {
    try {
      if (await this.#claim(job.name, at)) await job.run(this.#stopping.signal);
    } catch (error) {
      this.#options.log.warn('a scheduled run failed', { mapping: job.name, error: String(error) });
    }
  }

  async #claim(name: string, at: Date): Promise<boolean> {
    const rows = await query(
      this.#options.database.db,
      `insert into fires (mapping, last_fire) values (?, ?) on conflict (mapping) do update set last_fire = excluded.last_fire
        where fires.last_fire < excluded.last_fire returning 1`,
      [name, new Date(Math.floor(at.getTime() / 1000) * 1000)],
    );
    return rows.length === 1;
  }
}

// node-cron writes to the console by itself; what it has to say (a missed fire on a busy machine) mends itself.
function quietly(log: Logger): Parameters<typeof setLogger>[0] {
  const debug = (message: unknown): void => log.debug('the scheduler says', { text: String(message) });
  return { info: debug, warn: debug, error: debug, debug };
}
