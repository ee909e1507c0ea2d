import type { Clock } from '../../core/model/clock.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that stands still until the test moves it. Sleepers wake in the order of their time. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  after(ms: number, task: () => void): () => void {
    const sleeper = { at: this.#now + ms, wake: task };
    this.#sleepers.push(sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  every(ms: number, task: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
    const stopped = new AbortController();
    const loop = async (): Promise<void> => {
      while (!stopped.signal.aborted) {
        try {
          await this.sleep(ms, stopped.signal);
          await task(stopped.signal);
        } catch {
          // as the system clock does: the next turn comes
        }
      }
    };
    const done = loop();
    return async () => {
      stopped.abort();
      await done;
    };
  }

  /** How many wait for a later time. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Moves time and lets those that wake run before it goes on. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
