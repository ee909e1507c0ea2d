import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that a system did or got, as it is written to the ledger. */
export interface LedgerEntry {
  readonly what: string;
  readonly [field: string]: unknown;
}

/**
 * What one system remembers for tests that compare both ends: a JSON line per entry, written before the system answers,
 * so that an answer never stands for something the ledger does not have. Without a folder it writes nothing.
 */
export class Ledger {
  readonly #fd: number | undefined;

  constructor(folder: string | undefined, system: string) {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    this.#fd = openSync(join(folder, `${system}.jsonl`), 'a');
  }

  write(entry: LedgerEntry): void {
    if (this.#fd !== undefined) writeSync(this.#fd, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}
