import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import { ensurePartitions, listPartitions, query, startOfDay } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { piecesOf } from './standing.ts';
import { isFinished } from './unfinished.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEDUPE_BATCH = 5_000;

/** How long things are kept, in milliseconds; as in `HubConfig.retention`. */
export interface Retention {
  /** Messages and events. */
  readonly messages: number;
  readonly payloads: number;
  /** Keys that duplicates are recognised by. */
  readonly dedupe: number;
}

/** What a run of `dropExpired` did. */
export interface Dropped {
  /** Names of the day partitions that are gone. */
  readonly partitions: readonly string[];
  /** Names of those that are old enough but hold deliveries that are not final. */
  readonly kept: readonly string[];
  /** Names of those that could not be looked at or dropped now; the next run tries them again. */
  readonly failed: readonly string[];
  /** Rows of `dedupe` that were deleted. */
  readonly dedupe: number;
}

/** Makes the day partitions from yesterday to `daysAhead` days from now. Run it at start and every few hours. */
export async function createPartitions(db: Db, clock: Clock, daysAhead = 7): Promise<void> {
  // Yesterday too: ids are made a moment before they are stored, and processes' clocks differ.
  await ensurePartitions(db, startOfDay(clock.now()) - DAY_MS, daysAhead + 2);
}

/**
 * Drops the day partitions that lie wholly before their retention, and old de-duplication keys. A day that still holds
 * a delivery which is not final is kept whatever its age, with a warning: what was accepted is never dropped unfinished.
 * What fails at one day (somebody reads it for long) is a warning and holds up nothing else.
 */
export async function dropExpired(
  database: Database,
  { retention, now, log }: { readonly retention: Retention; readonly now: number; readonly log: Logger },
): Promise<Dropped> {
  const partitions: string[] = [];
  const kept: string[] = [];
  const failed: string[] = [];
  const expired = (await listPartitions(database.db)).filter(
    ({ table, day }) =>
      day + DAY_MS <= now - (table === 'payloads' ? retention.payloads : retention.messages),
  );
  for (const day of new Set(expired.map((partition) => partition.day))) {
    const ofDay = expired.filter((partition) => partition.day === day);
    // Events last: where a drop fails midway, messages without them would look as if nothing had been delivered.
    const names = ofDay
      .toSorted((a, b) => Number(a.table === 'events') - Number(b.table === 'events'))
      .map(({ name }) => name);
    try {
      if (await isDayFinished(database.db, day))
        for (const name of names) {
          await drop(database, name);
          partitions.push(name);
        }
      else kept.push(...names);
    } catch (error) {
      const left = names.filter((name) => !partitions.includes(name));
      failed.push(...left);
      log.warn('a day past its retention could not be dropped yet and will be tried again', {
        partitions: left,
        error: String(error),
      });
    }
  }
  if (kept.length > 0)
    log.warn('days past their retention are kept: they hold deliveries that are not final', {
      partitions: kept,
    });
  return { partitions, kept, failed, dedupe: await dropKeys(database.db, now - retention.dedupe) };
}

// Hour by hour: a statement that looks at all of a busy day would not end in time.
async function isDayFinished(db: Db, day: number): Promise<boolean> {
  for (const hour of await piecesOf(db, { since: day, until: day + DAY_MS }, HOUR_MS))
    if (!(await isFinished(db, hour))) return false;
  return true;
}

// Dropping waits for everyone who reads the partition, and makes everyone after it wait: so not for long.
async function drop(database: Database, name: string): Promise<void> {
  await database.transaction(async (db) => {
    await query(db, `set local lock_timeout = '5s'`);
    // The name comes from the catalogue.
    await query(db, 'drop table if exists ??', [name]);
  });
}

async function dropKeys(db: Db, before: number): Promise<number> {
  for (let deleted = 0; ;) {
    const rows = await query<{ source: string }>(
      db,
      `delete from dedupe where ctid = any(array(select ctid from dedupe where accepted_at < ? limit ?))
       returning source`,
      [new Date(before), DEDUPE_BATCH],
    );
    deleted += rows.length;
    if (rows.length < DEDUPE_BATCH) return deleted;
  }
}
