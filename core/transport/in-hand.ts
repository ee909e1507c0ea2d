import type { Held } from './transport.ts';

/** What a consumer is at work on, numbered in the order in which it was begun. */
export class InHand {
  #begun = 0;
  readonly #open = new Set<number>();

  get size(): number {
    return this.#open.size;
  }

  /** Gives the number with which it ends. */
  begin(): number {
    this.#begun += 1;
    this.#open.add(this.#begun);
    return this.#begun;
  }

  end(number: number): void {
    this.#open.delete(number);
  }

  /** Together with so many that were handed over and wait to be begun. */
  held(waiting = 0): Held | undefined {
    const count = this.#open.size + waiting;
    if (count === 0) return undefined;
    const [oldest = this.#begun + 1] = this.#open;
    return { count, oldest };
  }
}
