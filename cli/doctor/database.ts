import { CrossdockError, ERRORS } from '../../core/model/errors.ts';
import { removedRoutes } from '../../core/recovery/index.ts';
import { appliedMigrations, connectPostgres, readServerSettings } from '../../core/store/index.ts';
import type { Database, ServerSettings } from '../../core/store/index.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';
import { clockFinding } from './machine.ts';

const finding = findingsOf('database');
const MUCH_DRIFT_MS = 2_000;
/** Of a pool of ten for each process, with room for people. */
const FEW_CONNECTIONS = 25;

/** The Postgres that CROSSDOCK_DATABASE_URL names: can it be used, and does it keep what it was given? */
export async function examineDatabase(
  { environment, io }: Session,
  schema: string,
  routes: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const url = environment.CROSSDOCK_DATABASE_URL;
  if (url === undefined)
    return [finding.info('CROSSDOCK_DATABASE_URL is not set: the embedded database is used')];
  const { host, pathname } = new URL(url);
  let database: Database | undefined;
  try {
    database = connectPostgres({ url, schema, poolSize: 1 });
    const before = io.clock.now();
    const settings = await readServerSettings(database.db);
    const drift = settings.now.getTime() - (before + io.clock.now()) / 2;
    return [
      ...judge(settings, `${host}${pathname}`),
      ...(routes === undefined ? [] : await examineRoutes(database, routes)),
      ...(Math.abs(drift) > MUCH_DRIFT_MS ? [clockFinding('the database', drift)] : []),
    ];
  } catch (error) {
    const known = CrossdockError.from(error, 'STORE_REFUSED');
    return [finding.fail(`${host}${pathname}: ${known.message}`, ERRORS.STORE_REFUSED.help)];
  } finally {
    await database?.close();
  }
}

/** What waits for routes that the project does not have, in a database that a hub has used. */
async function examineRoutes(database: Database, routes: readonly string[]): Promise<readonly Finding[]> {
  if ((await appliedMigrations(database.db)).length === 0) return [];
  return (await removedRoutes(database.db, routes)).map(({ route, outbox, failures }) =>
    finding.warn(
      `no mapping has the route ${route}, but ${count(outbox + failures, 'delivery waits', 'deliveries wait')} for it`,
      'restore the mapping, or discard what is dead: crossdock dead discard --route <name>',
    ),
  );
}

/** Durability is promised on the database's word: settings that make it forget are failures, not matters of taste. */
function judge(settings: ServerSettings, place: string): readonly Finding[] {
  const major = Math.floor(Number(settings.version) / 10_000);
  const detail = `PostgreSQL ${major}.${Number(settings.version) % 10_000} at ${place}`;
  const findings = [major >= 15 ? finding.ok(detail) : finding.fail(detail, 'use PostgreSQL 15 or newer')];
  if (settings.standby)
    findings.push(finding.fail('it is a standby: nothing can be written', 'name the primary'));
  if (settings.fsync !== 'on')
    findings.push(
      finding.fail('fsync is off: accepted messages are lost when the machine fails', 'set fsync = on'),
    );
  if (settings.fullPageWrites !== 'on')
    findings.push(
      finding.fail('full_page_writes is off: a crash may destroy data', 'set full_page_writes = on'),
    );
  if (settings.synchronousCommit === 'off')
    findings.push(
      finding.fail(
        'synchronous_commit is off: a message may be lost after its sender was told that it is safe',
        'set synchronous_commit = on for this user or database',
      ),
    );
  if (!settings.mayCreate)
    findings.push(
      finding.warn('this user may not create schemas', 'grant create on the database, or make the schema'),
    );
  if (Number(settings.maxConnections) < FEW_CONNECTIONS)
    findings.push(
      finding.warn(`max_connections is ${settings.maxConnections}; each process uses up to 10`, 'raise it'),
    );
  return findings;
}
