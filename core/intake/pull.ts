import type { Clock } from '../model/clock.ts';
import type { Page, PulledRecord } from '../model/connector.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Draft } from '../model/message.ts';
import type { Database } from '../store/index.ts';
import { ensurePartitions, holdsLease, query, releaseLease, takeLease } from '../store/index.ts';
import type { Db, Lease } from '../store/index.ts';
import { insertArrivals } from './accept.ts';
import type { Arrival, Arrive } from './arrival.ts';

export interface PullOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly owner: string;
  readonly mapping: string;
  readonly source: string;
  /** A `Puller` for its fire. */
  readonly pull: (cursor: unknown, signal: AbortSignal) => AsyncIterable<Page>;
  readonly arrive: Arrive;
  /** Called after each commit. */
  readonly onAccepted: (accepted: number, duplicates: number) => void;
  /** Asked under the lease: false when there is nothing to do any more. Default: there is. */
  readonly isDue?: () => Promise<boolean>;
}

/** A page that takes longer to come than this loses the lease. */
const LEASE_MS = 120_000;
/** How old the memory of a key may be when it is seen again: each time would be a write for nothing. */
const REMEMBER_MS = 3_600_000;

/**
 * Asks a pull source once, until it has nothing more. Each page is accepted in one transaction with the cursor behind
 * it, under a lease, so that of several processes one pulls and a process that was thought dead can't write. Resolves with
 * the number of new messages, or undefined when another process is at it. Throws what the source throws; what was
 * committed before stays.
 */
export async function pullOnce(options: PullOptions, signal: AbortSignal): Promise<number | undefined> {
  const { database, mapping, owner } = options;
  const lease = await takeLease(database.db, `pull:${mapping}`, owner, LEASE_MS);
  if (lease === undefined) return undefined;
  let accepted = 0;
  try {
    if (options.isDue !== undefined && !(await options.isDue())) return 0;
    for await (const page of options.pull(await readCursor(options), signal)) {
      accepted += await commitPage(options, lease, page.records, page.cursor);
      signal.throwIfAborted();
    }
    await noteRun(options, undefined);
    return accepted;
  } catch (error) {
    await noteRun(options, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    await releaseLease(database.db, lease);
  }
}

async function readCursor({ database, mapping }: PullOptions): Promise<unknown> {
  const rows = await query<{ cursor: unknown }>(database.db, 'select cursor from cursors where mapping = ?', [
    mapping,
  ]);
  return rows[0]?.cursor ?? undefined;
}

async function commitPage(
  options: PullOptions,
  lease: Lease,
  records: readonly PulledRecord[],
  cursor: unknown,
): Promise<number> {
  const { database, clock, mapping } = options;
  const arrivals = await Promise.all(records.map((record) => options.arrive(toDraft(record))));
  await ensurePartitions(database.db, clock.now(), 1);
  const results = await database.transaction(async (db) => {
    if (!(await holdsLease(db, lease)))
      throw new CrossdockError('CONFLICT', `another process has taken over the pulling of ${mapping}`);
    await takeLease(db, lease.name, lease.owner, LEASE_MS);
    await query(
      db,
      `insert into cursors (mapping, cursor, updated_at) values (?, ?::jsonb, now())
       on conflict (mapping) do update set cursor = excluded.cursor, updated_at = excluded.updated_at`,
      [mapping, JSON.stringify(cursor ?? null)],
    );
    if (arrivals.length === 0) return [];
    const accepted = await insertArrivals(db, arrivals, clock);
    const known = arrivals.filter((_, index) => accepted[index]?.duplicate);
    if (known.length > 0) await rememberKeys(db, known, clock);
    return accepted;
  });
  const fresh = results.filter((result) => !result.duplicate).length;
  if (results.length > 0) options.onAccepted(fresh, results.length - fresh);
  return fresh;
}

/**
 * A source without anything new is asked for its newest records again and again. Their keys are remembered from the last
 * time on, or these would be new again one day.
 */
async function rememberKeys(db: Db, known: readonly Arrival[], clock: Clock): Promise<void> {
  const now = clock.now();
  await query(
    db,
    `update dedupe set accepted_at = ? where source = any(?) and key = any(?) and accepted_at < ?`,
    [
      new Date(now),
      [...new Set(known.map(({ source }) => source))],
      known.map(({ key }) => key ?? ''),
      new Date(now - REMEMBER_MS),
    ],
  );
}

async function noteRun({ database, mapping, source }: PullOptions, error: string | undefined): Promise<void> {
  await query(
    database.db,
    `insert into cursors (mapping, cursor, updated_at, last_run_at, last_error) values (?, null, now(), now(), ?)
     on conflict (mapping) do update set last_run_at = excluded.last_run_at, last_error = excluded.last_error`,
    [mapping, error === undefined ? null : `${source}: ${error}`.replaceAll('\u0000', '').slice(0, 1000)],
  );
}

function toDraft(record: PulledRecord): Draft {
  return {
    contentType: record.contentType ?? 'application/json',
    payload: record.payload ?? Buffer.from(JSON.stringify(record.body)),
    body: record.body,
    headers: record.headers ?? {},
    key: record.key,
  };
}
