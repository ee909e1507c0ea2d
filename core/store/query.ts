import type { Knex } from 'knex';
import type { Db } from './database.ts';
import { storeError } from './knex-database.ts';

/**
 * Runs one statement and gives its rows. `?` is a binding; an operator with a question mark is written `\\?`.
 * Errors of the connection come out as STORE_UNAVAILABLE.
 */
export async function query<Row>(db: Db, text: string, bindings: readonly unknown[] = []): Promise<Row[]> {
  try {
    const result = await db.raw<{ rows: Row[] }>(text, bindings as Knex.RawBinding[]);
    return result.rows;
  } catch (error) {
    throw storeError(error);
  }
}
