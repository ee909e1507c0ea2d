import { isId } from '../audit/index.ts';
import type { Binding } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { FailureState } from '../model/failure.ts';
import { lowestIdAt, query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { FAILURE_COLUMNS, failuresWhere } from './read-failures.ts';
import type { FailureFilter, StoredFailure } from './read-failures.ts';

/** What an act is done to: named failures (within `domains`, if given), or all that match a filter. */
export type Selection =
  | { readonly ids: readonly string[]; readonly domains?: readonly string[] }
  | { readonly filter: FailureFilter };

/** What acts work on. */
export interface ActDeps {
  readonly database: Database;
  readonly clock: Clock;
}

/** Who acts, and why: for the audit log. */
export interface Act {
  /** A principal's name. */
  readonly by: string;
  readonly why?: string;
}

export interface ActOptions {
  /** Only count: `remaining` says how many it would be. Default false. */
  readonly dryRun?: boolean;
  /** Of a filter, at most this many now; default all. */
  readonly limit?: number;
  /** Told after each batch. */
  readonly onProgress?: (progress: Progress) => void;
  /** Looked at between batches. */
  readonly signal?: AbortSignal;
}

/** How far an act on many got. */
export interface Progress {
  readonly done: number;
  /** Of those that matched at its beginning. */
  readonly remaining: number;
}

/** A kind of act: what it may be done to, and what it does to a batch of locked rows. */
export interface Deed {
  /** When; milliseconds since the epoch. */
  readonly now: number;
  readonly verb: string;
  readonly states: readonly FailureState[];
  /** One more condition on `failures f`: what it need not be done to. */
  readonly unless?: { readonly sql: string; readonly bindings: readonly Binding[] };
  readonly apply: (db: Db, rows: readonly StoredFailure[]) => Promise<void>;
}

const BATCH = 500;
const MAX_IDS = 1_000;

/**
 * Does something to failures, each batch in one transaction. Named ones are all done or none: NOT_FOUND for an id that
 * there is none of (it may have become final), CONFLICT for one whose state does not allow it. Of a filter those are
 * done that allow it and that nobody else has in hand; failures that come up meanwhile are left alone.
 */
export async function actOnFailures(
  database: Database,
  selection: Selection,
  deed: Deed,
  options: ActOptions = {},
): Promise<Progress> {
  if ('ids' in selection) return actOnNamed(database, selection, deed, options);
  const matching = matchingSql(selection.filter, deed);
  const total = await countOf(database.db, matching);
  const limit = Math.min(total, options.limit ?? total);
  let done = 0;
  if (options.dryRun !== true) {
    for (let after = lowestIdAt(0); done < limit && options.signal?.aborted !== true;) {
      const rows = await database.transaction(async (db) => {
        const batch = await query<StoredFailure>(
          db,
          `select ${FAILURE_COLUMNS} from failures f${matching.sql} and f.id > ?
            order by f.id limit ? for update of f skip locked`,
          [...matching.bindings, after, Math.min(BATCH, limit - done)],
        );
        if (batch.length > 0) await deed.apply(db, batch);
        return batch;
      });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      done += rows.length;
      options.onProgress?.({ done, remaining: total - done });
    }
  }
  return { done, remaining: total - done };
}

async function actOnNamed(
  database: Database,
  { ids, domains }: { readonly ids: readonly string[]; readonly domains?: readonly string[] },
  deed: Deed,
  options: ActOptions,
): Promise<Progress> {
  const wanted = [...new Set(ids)];
  if (wanted.length > MAX_IDS)
    throw new CrossdockError('REQUEST_INVALID', `at most ${MAX_IDS} failures can be named at once`, {
      path: 'ids',
    });
  const progress = await database.transaction(async (db) => {
    const rows = await lockFailures(db, wanted, domains);
    for (const row of rows) requireState(row, deed);
    if (options.dryRun === true) return { done: 0, remaining: rows.length };
    await deed.apply(db, rows);
    return { done: rows.length, remaining: 0 };
  });
  if (options.dryRun !== true) options.onProgress?.(progress);
  return progress;
}

/** Reads and locks failures by id. Throws NOT_FOUND naming the first one that there is none of within `domains`. */
export async function lockFailures(
  db: Db,
  ids: readonly string[],
  domains?: readonly string[],
): Promise<readonly StoredFailure[]> {
  const where = failuresWhere(domains === undefined ? {} : { domains });
  where.and('f.id = any(?::uuid[])', ids.filter(isId));
  const rows = await query<StoredFailure>(
    db,
    `select ${FAILURE_COLUMNS} from failures f${where.sql} order by f.message_id, f.route for update of f`,
    where.bindings,
  );
  const found = new Set(rows.map((row) => row.id));
  const missing = ids.find((id) => !found.has(id.toLowerCase()));
  if (missing !== undefined) throw new CrossdockError('NOT_FOUND', `there is no failure ${missing}`);
  return rows;
}

/** Throws CONFLICT where the state of a failure does not allow what is to be done. */
export function requireState(row: StoredFailure, deed: Pick<Deed, 'verb' | 'states'>): void {
  if (deed.states.includes(row.state)) return;
  throw new CrossdockError(
    'CONFLICT',
    `failure ${row.id} is ${row.state}: only what is ${deed.states.join(', ')} can be ${deed.verb}`,
    { details: { id: row.id, state: row.state } },
  );
}

interface Matching {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

function matchingSql(filter: FailureFilter, deed: Deed): Matching {
  const where = failuresWhere(filter);
  where.and('f.state = any(?)', deed.states);
  where.and('f.id < ?', lowestIdAt(deed.now + 1));
  if (deed.unless !== undefined) where.and(`not (${deed.unless.sql})`, ...deed.unless.bindings);
  return { sql: where.sql, bindings: where.bindings };
}

async function countOf(db: Db, { sql, bindings }: Matching): Promise<number> {
  const [row] = await query<{ count: string }>(
    db,
    `select count(*) as count from failures f${sql}`,
    bindings,
  );
  return Number(row?.count ?? 0);
}
