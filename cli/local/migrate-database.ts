import { CrossdockError } from '../../core/model/errors.ts';
import {
  appliedMigrations,
  connectPostgres,
  migrateDown,
  openPostgres,
  schemaOf,
} from '../../core/store/index.ts';
import type { Db } from '../../core/store/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { requireProject } from './read-project.ts';

/** `crossdock migrate`. The project says which schema of the database is the hub's. */
export async function migrateDatabase(
  session: Session,
  options: { readonly down?: boolean; readonly yes?: boolean },
): Promise<ExitCode> {
  const { out, environment } = session;
  const url = environment.CROSSDOCK_DATABASE_URL;
  if (url === undefined)
    throw new UsageError(
      'Set CROSSDOCK_DATABASE_URL. The embedded database needs no migration: `crossdock start` brings it up to date.',
    );
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const schema = schemaOf(project.hub.namespace);
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}, schema ${schema}`;
  if (options.down) {
    const question = `Take the last migration of ${place} back? Its tables and all data in them are gone.`;
    if (!(await out.confirm(question, options.yes ?? false))) {
      out.note('Nothing was done.');
      return EXIT_CODES.failed.code;
    }
  }
  const names = options.down ? await down(url, schema) : await up(url, schema);
  out.data({ ok: true, direction: options.down ? 'down' : 'up', migrations: names });
  if (options.down)
    out.print(`${out.style.good('✓')} ${place}: took back ${names.join(', ') || 'nothing; there was none'}.`);
  else
    out.print(
      `${out.style.good('✓')} ${place}: ${names.length === 0 ? 'is up to date' : `ran ${count(names.length, 'migration')} (${names.join(', ')})`}.`,
    );
  return EXIT_CODES.ok.code;
}

async function up(url: string, schema: string): Promise<readonly string[]> {
  const before = await connected(url, schema, appliedMigrations);
  const database = await openPostgres({ url, schema, poolSize: 1 });
  await database.close();
  return (await connected(url, schema, appliedMigrations)).filter((name) => !before.includes(name));
}

async function down(url: string, schema: string): Promise<readonly string[]> {
  return connected(url, schema, migrateDown);
}

async function connected<T>(url: string, schema: string, work: (db: Db) => Promise<T>): Promise<T> {
  const database = connectPostgres({ url, schema, poolSize: 1 });
  try {
    return await work(database.db);
  } catch (error) {
    throw CrossdockError.from(error, 'STORE_REFUSED');
  } finally {
    await database.close();
  }
}
