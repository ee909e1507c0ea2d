import { createWhere, isId, pageLimit, pageOf, pageStart } from '../audit/index.ts';
import type { Page, Paging, Where } from '../audit/index.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { Failure, FailureState } from '../model/failure.ts';
import type { DeadReason } from '../model/outcome.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

/** Which failures; all given conditions hold, none means all. */
export interface FailureFilter {
  readonly state?: FailureState;
  readonly route?: string;
  /** On the routes of this mapping. */
  readonly mapping?: string;
  /** On the routes of this domain's mappings. */
  readonly domain?: string;
  /** What the asking person may see and touch: only failures of these domains. */
  readonly domains?: readonly string[];
  readonly code?: ErrorCode;
  readonly fingerprint?: string;
  readonly messageId?: string;
  /** By the time of the last failure, milliseconds since the epoch; `since` is included, `until` is not. */
  readonly since?: number;
  readonly until?: number;
}

/** Failures that are alike. */
export interface FailureGroup {
  readonly fingerprint: string;
  readonly route: string;
  readonly code: ErrorCode;
  /** Of the one that failed last. */
  readonly error: string;
  readonly sampleId: string;
  readonly count: number;
  /** How many are in which state; without those that are in none. */
  readonly states: Readonly<Partial<Record<FailureState, number>>>;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
}

/** A row as it lies in the store; what acts work on. */
export interface StoredFailure {
  readonly id: string;
  readonly message_id: string;
  readonly journey_id: string;
  readonly route: string;
  readonly state: FailureState;
  readonly code: ErrorCode;
  readonly error: string;
  readonly path: string | null;
  readonly response: string | null;
  readonly output: string | null;
  readonly reason: DeadReason | null;
  readonly attempts: number;
  readonly step: number;
  readonly fingerprint: string;
  readonly first_failed_at: Date;
  readonly last_failed_at: Date;
  readonly due_at: Date | null;
  readonly is_edited: boolean;
}

/** What `StoredFailure` is read with; the edited bytes themselves are not. */
export const FAILURE_COLUMNS = `f.id, f.message_id, f.journey_id, f.route, f.state, f.code, f.error, f.path, f.response, f.output,
  f.reason, f.attempts, f.step, f.fingerprint, f.first_failed_at, f.last_failed_at, f.due_at, f.edited is not null as is_edited`;

const GROUPS = 200;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Failures, those that failed first most lately first. Throws REQUEST_INVALID for a limit or cursor that is none. */
export async function listFailures(db: Db, filter: FailureFilter & Paging = {}): Promise<Page<Failure>> {
  const limit = pageLimit(filter);
  const after = pageStart(filter);
  const where = failuresWhere(filter);
  if (after !== undefined) where.and('f.id < ?', after);
  const rows = await query<StoredFailure>(
    db,
    `select ${FAILURE_COLUMNS} from failures f${where.sql} order by f.id desc limit ?`,
    [...where.bindings, limit + 1],
  );
  return pageOf(rows.map(failureOf), limit);
}

/** One failure, or undefined: it may have become final. */
export async function getFailure(db: Db, id: string): Promise<Failure | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await query<StoredFailure>(db, `select ${FAILURE_COLUMNS} from failures f where f.id = ?`, [
    id,
  ]);
  return row && failureOf(row);
}

/** Failures that are alike, counted; the largest groups first, 200 at most. */
export async function groupFailures(db: Db, filter: FailureFilter = {}): Promise<readonly FailureGroup[]> {
  const where = failuresWhere(filter);
  const rows = await query<{
    fingerprint: string;
    route: string;
    code: ErrorCode;
    error: string;
    sample_id: string;
    count: string;
    waiting: string;
    sent: string;
    in_doubt: string;
    dead: string;
    first_failed_at: Date;
    last_failed_at: Date;
  }>(
    db,
    `select f.fingerprint, min(f.route) as route, min(f.code) as code, count(*) as count,
            (array_agg(f.error order by f.last_failed_at desc, f.id desc))[1] as error,
            (array_agg(f.id order by f.last_failed_at desc, f.id desc))[1] as sample_id,
            count(*) filter (where f.state = 'waiting') as waiting, count(*) filter (where f.state = 'sent') as sent,
            count(*) filter (where f.state = 'in_doubt') as in_doubt, count(*) filter (where f.state = 'dead') as dead,
            min(f.first_failed_at) as first_failed_at, max(f.last_failed_at) as last_failed_at
       from failures f${where.sql}
      group by f.fingerprint order by count(*) desc, max(f.last_failed_at) desc limit ${GROUPS}`,
    where.bindings,
  );
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    route: row.route,
    code: row.code,
    error: row.error,
    sampleId: row.sample_id,
    count: Number(row.count),
    states: Object.fromEntries(
      (['waiting', 'sent', 'in_doubt', 'dead'] as const)
        .map((state) => [state, Number(row[state])] as const)
        .filter(([, count]) => count > 0),
    ),
    firstFailedAt: row.first_failed_at.toISOString(),
    lastFailedAt: row.last_failed_at.toISOString(),
  }));
}

/** How many failures a route has in a state. */
export interface FailureTotal {
  readonly route: string;
  readonly state: FailureState;
  readonly count: number;
  /** When the first of them failed first; milliseconds since the epoch. */
  readonly oldest: number;
}

/** How many failures each route has in each state. */
export async function failureTotals(db: Db): Promise<readonly FailureTotal[]> {
  const rows = await query<{ route: string; state: FailureState; count: string; oldest: Date }>(
    db,
    `select route, state, count(*) as count, min(first_failed_at) as oldest
       from failures group by route, state order by route, state`,
  );
  return rows.map((row) => ({ ...row, count: Number(row.count), oldest: row.oldest.getTime() }));
}

/** The conditions of a filter on `failures f`. */
export function failuresWhere(filter: FailureFilter): Where {
  const where = createWhere();
  if (filter.state !== undefined) where.and('f.state = ?', filter.state);
  if (filter.route !== undefined) where.and('f.route = ?', filter.route);
  if (filter.mapping !== undefined) where.and(`regexp_replace(f.route, '/[^/]*$', '') = ?`, filter.mapping);
  if (filter.domain !== undefined) where.and(`split_part(f.route, '/', 1) = ?`, filter.domain);
  if (filter.domains !== undefined) where.and(`split_part(f.route, '/', 1) = any(?)`, [...filter.domains]);
  if (filter.code !== undefined) where.and('f.code = ?', filter.code);
  if (filter.fingerprint !== undefined) where.and('f.fingerprint = ?', filter.fingerprint);
  if (filter.messageId !== undefined)
    where.and('f.message_id = ?', isId(filter.messageId) ? filter.messageId : NO_ID);
  if (filter.since !== undefined) where.and('f.last_failed_at >= ?', new Date(filter.since));
  if (filter.until !== undefined) where.and('f.last_failed_at < ?', new Date(filter.until));
  return where;
}

function failureOf(row: StoredFailure): Failure {
  return {
    id: row.id,
    messageId: row.message_id,
    journeyId: row.journey_id,
    route: row.route,
    state: row.state,
    code: row.code,
    error: row.error,
    ...(row.path === null ? {} : { path: row.path }),
    ...(row.response === null ? {} : { response: row.response }),
    ...(row.output === null ? {} : { output: row.output }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    attempts: row.attempts,
    step: row.step,
    fingerprint: row.fingerprint,
    firstFailedAt: row.first_failed_at.toISOString(),
    lastFailedAt: row.last_failed_at.toISOString(),
    ...(row.state === 'waiting' && row.due_at !== null ? { dueAt: row.due_at.toISOString() } : {}),
    edited: row.is_edited,
  };
}
