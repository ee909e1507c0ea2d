import { hash } from 'node:crypto';
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

/**
 * The same for statements of the hot path: each connection parses and plans them once. To plan an insert into partitioned
 * tables takes longer than to run it. The text must be constant: every text is kept by every connection. Has no `\\?`.
 */
export async function queryPrepared<Row>(db: Db, text: string, bindings: readonly unknown[]): Promise<Row[]> {
  // knex has no named statements, but lends the connection that it would use, inside a transaction the transaction's.
  const client = db.client as KnexClient;
  try {
    const connection = await client.acquireConnection();
    try {
      return (await connection.query({ ...named(text), values: bindings })).rows as Row[];
    } finally {
      await client.releaseConnection(connection);
    }
  } catch (error) {
    throw storeError(error);
  }
}

interface PgConnection {
  query(statement: {
    readonly name: string;
    readonly text: string;
    readonly values: readonly unknown[];
  }): Promise<{ rows: unknown[] }>;
}

interface KnexClient {
  acquireConnection(): Promise<PgConnection>;
  releaseConnection(connection: PgConnection): Promise<void> | void;
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

function named(text: string): { readonly name: string; readonly text: string } {
  let statement = statements.get(text);
  if (statement === undefined) {
    let count = 0;
    statement = { name: `crossdock_${hash('sha1', text)}`, text: text.replaceAll('?', () => `$${++count}`) };
    statements.set(text, statement);
  }
  return statement;
}
