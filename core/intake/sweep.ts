import type { Clock } from '../model/clock.ts';
import type { Database } from '../store/database.ts';
import { deleteOutbox } from './outbox.ts';

const MAX_ROWS = 500;
const LINGER_MS = 25;

/**
 * Deletes outbox rows of what the transport has, many at a time. There is no hurry: until it is gone a row is claimed, and
 * what is deleted too late, or never, leads to a repeat and no more.
 */
export class Sweep {
  readonly #database: Database;
  readonly #clock: Clock;
  #ids: string[] = [];
  #cancel: (() => void) | undefined;
  #deleting: Promise<void> = Promise.resolve();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  add(ids: readonly string[]): void {
    for (const id of ids) this.#ids.push(id);
    if (this.#ids.length >= MAX_ROWS) this.#flush();
    else this.#cancel ??= this.#clock.after(LINGER_MS, () => this.#flush());
  }

  /** Resolves when all rows are gone, or could not be deleted. */
  async drain(): Promise<void> {
    this.#flush();
    await this.#deleting;
  }

  #flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const ids = this.#ids;
    if (ids.length === 0) return;
    this.#ids = [];
    this.#deleting = this.#deleting.then(() => deleteOutbox(this.#database.db, ids)).catch(() => {});
  }
}
