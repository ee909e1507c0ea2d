import { CrossdockError } from '../model/errors.ts';
import type { Database } from './database.ts';
import { knexDatabase } from './knex-database.ts';
import { migrate } from './migrate.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** The schema that holds the hub's tables; made if it is missing. Letters, digits and underscores. */
  readonly schema: string;
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
}

/** Opens the system of record on a PostgreSQL server (15 or newer) and brings its schema up to date. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const database = connectPostgres(options);
  try {
    await database.db.raw(`create schema if not exists ${options.schema}`);
    await migrate(database.db);
    return database;
  } catch (error) {
    await database.close();
    if (error instanceof CrossdockError) throw error;
    throw new CrossdockError(
      'STORE_REFUSED',
      `can not use the database: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** The schema of a hub: its namespace, as a name that needs no quotes. */
export function schemaOf(namespace: string): string {
  return namespace.replaceAll('-', '_');
}

/** Opens it as it is, without touching its schema: for `migrate` and `doctor`. */
export function connectPostgres({ url, schema, poolSize = 10 }: PostgresOptions): Database {
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema))
    throw new CrossdockError('CONFIG_INVALID', `"${schema}" can not be the name of a database schema`);
  return knexDatabase(
    'postgres',
    {
      client: 'pg',
      connection: {
        connectionString: url,
        application_name: 'crossdock',
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
        query_timeout: 60_000,
        // Statements of a hub are short and many: compiling one (jit) takes longer than running it.
        // As start parameters and not as statements: they hold for every connection of the pool from its first moment.
        options: `-c search_path=${schema} -c statement_timeout=60000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC -c jit=off`,
      },
      pool: { min: 0, max: poolSize },
      acquireConnectionTimeout: 5_000,
    },
    async () => {},
  );
}
