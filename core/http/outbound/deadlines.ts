import type { Clock } from '../../model/clock.ts';

/** Something under way that must end at a time. */
export interface Expiring {
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
  expire(): void;
}

/** How late a deadline may be noticed. */
const TICK_MS = 50;

/** Time limits of many exchanges with one timer: nothing is scheduled per request, and nothing at all when idle. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #open = new Set<Expiring>();
  #watching = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(item: Expiring): void {
    this.#open.add(item);
    if (!this.#watching) {
      this.#watching = true;
      void this.#watch();
    }
  }

  remove(item: Expiring): void {
    this.#open.delete(item);
  }

  async #watch(): Promise<void> {
    while (this.#open.size > 0) {
      await this.#clock.sleep(TICK_MS);
      const now = this.#clock.monotonic();
      for (const item of this.#open) if (item.deadline <= now) item.expire();
    }
    this.#watching = false;
  }
}
