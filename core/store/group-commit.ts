import { CrossdockError } from '../model/errors.ts';

export interface GroupCommitOptions<T, R> {
  /** Commits a batch whole or not at all; resolves with a result for each item, in order. */
  readonly commit: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items in one batch at most. */
  readonly maxBatch: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets many callers share one transaction. There is no timer: what has come in while a batch was being committed is
 * the next batch, so a lone caller waits for nobody and a crowd pays for one commit. When a batch fails for a reason that lies in
 * its data it is halved until the culprit is alone; when the store is unreachable all of it fails.
 */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #waiting: Waiting<T, R>[] = [];
  #scheduled = false;
  #committing = false;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /** Items that wait for their batch; those being committed right now are not among them. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** Resolves with the item's result after the commit. */
  submit(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#committing) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  // A turn of the event loop later, so that the requests which arrived together travel together.
  #schedule(): void {
    if (this.#scheduled || this.#committing) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    this.#committing = true;
    await this.#run(this.#waiting.splice(0, this.#options.maxBatch));
    this.#committing = false;
    if (this.#waiting.length > 0) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #run(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#options.commit(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      const storeIsGone = error instanceof CrossdockError && error.code === 'STORE_UNAVAILABLE';
      if (batch.length === 1 || storeIsGone) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await this.#run(batch.slice(0, middle));
      await this.#run(batch.slice(middle));
    }
  }
}
