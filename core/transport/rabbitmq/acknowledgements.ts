/** What a channel can be told about a delivery, by its tag. */
export interface Acks {
  ack(tag: number, allUpTo: boolean): void;
  /** Back to the queue. */
  giveBack(tag: number): void;
}

/**
 * Which deliveries of one channel are settled but not acknowledged yet. All up to the first one that is still in hand
 * go with a single acknowledgement; behind a slow one they go one by one, once they take up half of the prefetch, so
 * that the broker goes on handing out.
 */
export class Acknowledgements {
  readonly #acks: Acks;
  readonly #patience: number;
  /** Unacknowledged deliveries in the order of their tags; true when settled. */
  readonly #open = new Map<number, boolean>();
  #settled = 0;

  constructor(acks: Acks, prefetch: number) {
    this.#acks = acks;
    this.#patience = prefetch / 2;
  }

  delivered(tag: number): void {
    this.#open.set(tag, false);
  }

  settled(tag: number): void {
    this.#open.set(tag, true);
    this.#settled += 1;
  }

  giveBack(tag: number): void {
    this.#open.delete(tag);
    this.#acks.giveBack(tag);
  }

  /** Sends what can be sent. */
  flush(): void {
    let mark = 0;
    for (const [tag, settled] of this.#open) {
      if (!settled) break;
      this.#open.delete(tag);
      this.#settled -= 1;
      mark = tag;
    }
    if (mark > 0) this.#acks.ack(mark, true);
    if (this.#settled > this.#patience) this.flushAll();
  }

  /** Sends everything that is settled, however many acknowledgements it takes. */
  flushAll(): void {
    for (const [tag, settled] of this.#open) {
      if (!settled) continue;
      this.#open.delete(tag);
      this.#settled -= 1;
      this.#acks.ack(tag, false);
    }
  }
}
