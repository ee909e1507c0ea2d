import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePartitions, openEmbedded, openPostgres } from '../../core/store/index.ts';
import type { Database } from '../../core/store/index.ts';

export interface TestStore {
  readonly database: Database;
  /** Closes it and removes what it left. */
  close(): Promise<void>;
}

/** A store of its own for a test file: a fresh PGlite folder, with today's partitions (and `days` around it). */
export async function embeddedStore(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-store-'));
  await cp(await template(), folder, { recursive: true });
  const database = await openEmbedded(folder);
  return {
    database,
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same on the real server of CROSSDOCK_DATABASE_URL, in a schema of its own; undefined where there is none. */
export async function postgresStore(): Promise<TestStore | undefined> {
  const url = process.env['CROSSDOCK_DATABASE_URL'];
  if (url === undefined) return undefined;
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const database = await openPostgres({ url, schema });
  await preparePartitions(database);
  return {
    database,
    close: async () => {
      await database.db.raw(`drop schema if exists ${schema} cascade`);
      await database.close();
    },
  };
}

/** Runs the same suite on both databases; the real one is skipped, with a word, where CROSSDOCK_DATABASE_URL is not set. */
export function onEachStore(title: string, suite: (store: () => Database) => void): void {
  const kinds: readonly [string, () => Promise<TestStore | undefined>][] = [
    ['PGlite', embeddedStore],
    ['Postgres', postgresStore],
  ];
  for (const [kind, open] of kinds) {
    describe(`${title} on ${kind}`, () => {
      let store: TestStore | undefined;
      before(async function () {
        store = await open();
        if (store === undefined) this.skip();
      });
      after(async () => {
        await store?.close();
      });
      suite(() => {
        if (store === undefined) throw new Error('the store is opened by the before hook');
        return store.database;
      });
    });
  }
}

let made: Promise<string> | undefined;

// The first start of PGlite takes seconds; a copy of a prepared folder takes a fraction of one.
function template(): Promise<string> {
  made ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crossdock-template-'));
    const database = await openEmbedded(folder);
    await preparePartitions(database);
    await database.close();
    process.once('exit', () => void rm(folder, { recursive: true, force: true }).catch(() => {}));
    return folder;
  })();
  return made;
}

async function preparePartitions(database: Database): Promise<void> {
  await ensurePartitions(database.db, Date.now() - 2 * 86_400_000, 5);
  await ensurePartitions(database.db, Date.parse('2026-01-01T00:00:00Z'), 3);
}
