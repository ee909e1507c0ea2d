import type { Clock } from '../../model/clock.ts';
import { Slots } from '../../slots.ts';

/** Something under way that must end at a time, or when it is given up. */
export interface Expiring {
  /** Ends it if it is time to; `now` is of the monotonic clock, in milliseconds. */
  look(now: number): void;
}

/** How late a deadline or an abort may be noticed. */
const TICK_MS = 50;

/**
 * Time limits and abort signals of many exchanges with one timer: nothing is scheduled or listened to per request, and
 * nothing at all when idle. A listener on the signal of each request would keep what it leads to until it has grown old.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #open = new Slots<Expiring>();
  #watching = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives what `remove` wants, once. */
  add(item: Expiring): number {
    const slot = this.#open.add(item);
    if (!this.#watching) {
      this.#watching = true;
      void this.#watch();
    }
    return slot;
  }

  remove(slot: number): void {
    this.#open.remove(slot);
  }

  async #watch(): Promise<void> {
    while (this.#open.size > 0) {
      await this.#clock.sleep(TICK_MS);
      this.#look(this.#clock.monotonic());
    }
    this.#watching = false;
  }

  // Not in the loop above: a function that waits keeps what it last worked on.
  #look(now: number): void {
    for (const item of [...this.#open]) item.look(now);
  }
}
