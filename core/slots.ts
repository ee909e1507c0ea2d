/**
 * What is under way right now: put in and taken out thousands of times a second. Unlike a `Set`, which from time to time
 * moves into a new table and leaves the old one behind with all that was in it, it holds nothing that was taken out:
 * such a table, once it has grown old, keeps alive whatever its entries lead to until the next full collection.
 */
export class Slots<T> implements Iterable<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Gives the slot that it is taken out by. */
  add(item: T): number {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    this.#size += 1;
    return slot;
  }

  /** Once for each `add`. */
  remove(slot: number): void {
    this.#items[slot] = undefined;
    this.#free.push(slot);
    this.#size -= 1;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }
}
