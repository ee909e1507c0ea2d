import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { knexDatabase } from './knex-database.ts';
import { migrate } from './migrate.ts';

/**
 * Opens the system of record as PGlite (Postgres in WebAssembly) in a folder of its own. One process at a time: a
 * second one is refused with FOLDER_IN_USE, because PGlite itself would let it in and both would destroy the data.
 */
export async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  try {
    const pglite = await PGlite.create(join(folder, 'pglite'));
    const database = knexDatabase(
      'embedded',
      {
        client: 'pg',
        connection: createPgConfig(pglite),
        // PGlite is a single session; more connections would land inside each other's transactions.
        pool: { min: 0, max: 1 },
        acquireConnectionTimeout: 30_000,
      },
      async () => {
        await pglite.close();
        await unlock();
      },
    );
    await migrate(database.db);
    return database;
  } catch (error) {
    await unlock();
    throw error;
  }
}
