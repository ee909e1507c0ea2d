import type { Knex } from 'knex';

/**
 * The port to the system of record. `postgres.ts` and `embedded.ts` (PGlite) pass the one suite in
 * test/integration/store/store.test.ts. SQL lives in the module that owns the table; all of it takes a `Db`.
 */
export interface Database {
  readonly kind: 'postgres' | 'embedded';
  /** For statements of their own. Inside a transaction use the `Db` that `transaction` hands out, never this one. */
  readonly db: Db;
  /**
   * Runs `work` in one transaction; commits when it resolves, rolls back when it rejects. Serialization failures and
   * deadlocks are run again, at most twice. Errors of the connection come out as STORE_UNAVAILABLE; after that the
   * outcome of a commit is unknown, so work must be idempotent.
   */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Resolves if it answers within two seconds; throws STORE_UNAVAILABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A knex or a knex transaction: what SQL is run on. Only core/store makes one. */
export type Db = Knex;
