/** First in, first out, in constant time: an array's `shift` moves all the others. */
export class Fifo<T> {
  #in: T[] = [];
  #out: T[] = [];

  get length(): number {
    return this.#in.length + this.#out.length;
  }

  push(item: T): void {
    this.#in.push(item);
  }

  /** Puts an item back to where it came from: it is the next one out. */
  unshift(item: T): void {
    this.#out.push(item);
  }

  shift(): T | undefined {
    if (this.#out.length === 0) {
      this.#out = this.#in.reverse();
      this.#in = [];
    }
    return this.#out.pop();
  }

  /** The next one out, which stays in. */
  peek(): T | undefined {
    return this.#out.at(-1) ?? this.#in[0];
  }

  /** Takes all that is in, in order. */
  drain(): T[] {
    const all = this.#out.reverse().concat(this.#in);
    this.#in = [];
    this.#out = [];
    return all;
  }
}
