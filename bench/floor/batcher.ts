interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Many callers share one write: what comes in while batches are under way is the next batch. */
export class Batcher<T, R> {
  readonly #write: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #max: number;
  readonly #parallel: number;
  #waiting: Waiting<T, R>[] = [];
  #underWay = 0;
  #scheduled = false;
  #onIdle: () => void = () => {};

  constructor(max: number, parallel: number, write: (items: readonly T[]) => Promise<readonly R[]>) {
    this.#max = max;
    this.#parallel = parallel;
    this.#write = write;
  }

  get depth(): number {
    return this.#waiting.length;
  }

  submit(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    if (this.#waiting.length > 0 || this.#underWay > 0)
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#parallel || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#next();
      this.#schedule();
    });
  }

  async #next(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#max);
    this.#underWay += 1;
    try {
      const results = await this.#write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
      if (this.#waiting.length === 0 && this.#underWay === 0) this.#onIdle();
    }
  }
}
