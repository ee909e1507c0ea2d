import type { Knex } from 'knex';
import { CrossdockError } from '../model/errors.ts';
import type { Db } from './database.ts';
import * as first from './migrations/0001.ts';
import * as second from './migrations/0002.ts';
import { query } from './query.ts';

interface Migration {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const MIGRATIONS: readonly Migration[] = [
  { name: '0001', ...first },
  { name: '0002', ...second },
];

/** The migrations as knex wants them: a list in the code, so that nothing is read from the disk at run time. */
const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: ({ name }) => name,
  getMigration: ({ up, down }) =>
    Promise.resolve({ up: (knex) => runAll(knex, up), down: (knex) => runAll(knex, down) }),
};

// The whole of a run is one transaction of ours (see `locked`), so that a killed process leaves neither half a schema
// nor knex's lock behind.
const config: Knex.MigratorConfig = {
  migrationSource: source,
  tableName: 'migrations',
  disableTransactions: true,
};
const LOCK_ID = 7_400_001;

async function runAll(knex: Knex, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await knex.raw(statement);
}

/** Brings the schema up to this version; resolves with the names of what was run. Several processes may call it at once. */
export async function migrate(db: Db): Promise<readonly string[]> {
  return locked(db, (trx) => trx.migrate.latest(config) as Promise<[number, string[]]>);
}

/** Takes back the last batch of migrations. Data in dropped tables is gone. */
export async function migrateDown(db: Db): Promise<readonly string[]> {
  return locked(db, (trx) => trx.migrate.rollback(config) as Promise<[number, string[]]>);
}

/** The names of the migrations that the schema has; none where the hub never was. */
export async function appliedMigrations(db: Db): Promise<readonly string[]> {
  const [table] = await query<{ there: boolean }>(
    db,
    `select to_regclass('migrations') is not null as there`,
  );
  if (table?.there !== true) return [];
  const rows = await query<{ name: string }>(db, 'select name from migrations order by id');
  return rows.map(({ name }) => name);
}

async function locked(
  db: Db,
  run: (trx: Knex.Transaction) => Promise<[number, string[]]>,
): Promise<readonly string[]> {
  try {
    return await db.transaction(async (trx) => {
      await trx.raw('select pg_advisory_xact_lock(?)', [LOCK_ID]);
      const [, names] = await run(trx);
      return names;
    });
  } catch (error) {
    throw outdated(error);
  }
}

// knex says "corrupt" when the database knows a migration that this version does not: it was used by a newer one.
function outdated(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('migration directory is corrupt')) {
    return new CrossdockError(
      'STORE_OUTDATED',
      'the database was brought to a newer version by another hub',
      { cause: error },
    );
  }
  return error;
}
