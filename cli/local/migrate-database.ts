import { CrossdockError } from '../../core/model/errors.ts';
import { connectPostgres, migrateDown, openPostgres } from '../../core/store/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { printProblems } from './print-problems.ts';
import { readProject } from './read-project.ts';

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
  const { project, problems } = await readProject(session);
  if (project === undefined) {
    out.data({ ok: false, problems });
    printProblems(problems, out);
    return EXIT_CODES.failed.code;
  }
  const schema = project.hub.namespace.replaceAll('-', '_');
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
  const before = await appliedMigrations(url, schema);
  const database = await openPostgres({ url, schema, poolSize: 1 });
  await database.close();
  return (await appliedMigrations(url, schema)).filter((name) => !before.includes(name));
}

async function down(url: string, schema: string): Promise<readonly string[]> {
  const database = connectPostgres({ url, schema, poolSize: 1 });
  try {
    return await migrateDown(database.db);
  } catch (error) {
    throw CrossdockError.from(error, 'STORE_REFUSED');
  } finally {
    await database.close();
  }
}

/** Names of the migrations that a database has; none where there is no table of them. */
export async function appliedMigrations(url: string, schema: string): Promise<readonly string[]> {
  const database = connectPostgres({ url, schema, poolSize: 1 });
  try {
    const { rows: found } = await database.db.raw<{ rows: { there: boolean }[] }>(
      'select to_regclass(?) is not null as there',
      [`${schema}.migrations`],
    );
    if (found[0]?.there !== true) return [];
    const { rows } = await database.db.raw<{ rows: { name: string }[] }>(
      'select name from migrations order by id',
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    throw CrossdockError.from(error, 'STORE_REFUSED');
  } finally {
    await database.close();
  }
}
