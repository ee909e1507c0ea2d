import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';

export interface Job {
  /** The mapping; unique. */
  readonly name: string;
  /**
   * Does what is to be done at a fire: its planned time in milliseconds since the epoch, the same in all processes.
   * Resolves with true when nothing is left to do, and with false when another process is at it. May be called again for
   * the same fire.
   */
  readonly run: (fire: number, signal: AbortSignal) => Promise<boolean>;
}

export interface JobRunsOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

/**
 * The runs of one job, one at a time. A run that threw, or that did not happen because another process is at it, is
 * tried again, at first after a second and then ever more seldom, until it is done or the next fire takes its place. A
 * fire that comes while a run is under way follows it; of several, the last one.
 */
export class JobRuns {
  readonly #job: Job;
  readonly #options: JobRunsOptions;
  readonly #stopping: AbortSignal;
  /** The fire that follows the present run. */
  #next: number | undefined;
  #nextCame = new AbortController();
  #working = false;
  #ended: Promise<void> = Promise.resolve();
  /** Fires that nobody here has finished, since the last line that told of them. */
  #leftOut = 0;
  /** Why the last try was none. */
  #trouble: string | undefined;

  constructor(job: Job, options: JobRunsOptions, stopping: AbortSignal) {
    this.#job = job;
    this.#options = options;
    this.#stopping = stopping;
  }

  /** Resolves when no run is under way. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  add(fire: number): void {
    if (this.#next !== undefined) this.#leftOut += 1;
    this.#next = fire;
    this.#nextCame.abort();
    if (!this.#working) this.#ended = this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let fire = this.#next; fire !== undefined && !this.#stopping.aborted; fire = this.#next) {
      this.#next = undefined;
      this.#nextCame = new AbortController();
      const over = AbortSignal.any([this.#stopping, this.#nextCame.signal]);
      if (!(await this.#runUntilDone(fire, over))) this.#leftOut += 1;
      this.#tellOfLeftOut();
    }
    this.#working = false;
  }

  /** Resolves with false when it is over before. */
  async #runUntilDone(fire: number, over: AbortSignal): Promise<boolean> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      if (await this.#try(fire)) return true;
      if (!over.aborted) await this.#options.clock.sleep(wait, over).catch(() => {});
      if (over.aborted) return false;
    }
  }

  async #try(fire: number): Promise<boolean> {
    const { log } = this.#options;
    const fields = { mapping: this.#job.name, fire: new Date(fire).toISOString() };
    this.#trouble = undefined;
    try {
      if (await this.#job.run(fire, this.#stopping)) return true;
      this.#trouble = 'another process is at it, or was killed while it was';
      log.debug('a scheduled run waits: another process is at it', fields);
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      if (!this.#stopping.aborted)
        log.warn('a scheduled run failed and is tried again until its next fire', {
          ...fields,
          error: this.#trouble,
        });
    }
    return false;
  }

  #tellOfLeftOut(): void {
    if (this.#leftOut > 0 && !this.#stopping.aborted)
      this.#options.log.warn('fires were left out: the next one came before they were done', {
        mapping: this.#job.name,
        fires: this.#leftOut,
        error: this.#trouble ?? 'the run before them took too long',
      });
    this.#leftOut = 0;
  }
}
