import { appendEvents } from '../../../core/audit/index.ts';
import type { Clock } from '../../../core/model/clock.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { failureFromOutcome, recordFailures } from '../../../core/recovery/index.ts';
import type { FailedOutcome } from '../../../core/recovery/index.ts';
import { query } from '../../../core/store/index.ts';
import type { Database } from '../../../core/store/index.ts';
import { accept, publish } from '../audit/accepted.ts';
import type { Lane, Stage } from '../audit/accepted.ts';

export const REFUSED = new CrossdockError('TARGET_REJECTED', 'customer "C-1" is unknown');
export const BROKEN = new CrossdockError('TARGET_FAILED', 'the target answered 500');
export const DEAD: FailedOutcome = { kind: 'dead', reason: 'permanent', error: REFUSED };
export const IN_DOUBT: FailedOutcome = {
  kind: 'in_doubt',
  error: new CrossdockError('TARGET_TIMEOUT', 'no answer within 30s'),
};

/** The target was away: no attempt is used, and it is hurried when its connection is back. */
export const AWAY: FailedOutcome = {
  kind: 'retry',
  afterMs: 30_000,
  usesAttempt: false,
  error: new CrossdockError('TARGET_UNAVAILABLE', 'the target is away'),
};

export function waiting(afterMs: number): FailedOutcome {
  return { kind: 'retry', afterMs, usesAttempt: true, error: BROKEN };
}

/** A delivery's attempt fails, as a worker settles it; resolves with the failure's id. */
export async function fail(
  { database, clock }: Stage,
  lane: Lane,
  outcome: FailedOutcome,
  attempt = 1,
): Promise<string> {
  await publish(database, lane);
  const delivery = { ...lane, message: { id: lane.messageId, journeyId: lane.journeyId }, step: 0 };
  const { row, event } = failureFromOutcome({ delivery, attempt }, outcome, clock);
  await database.transaction(async (db) => {
    await recordFailures(db, [row]);
    await appendEvents(db, [event]);
  });
  const [stored] = await query<{ id: string }>(
    database.db,
    'select id from failures where message_id = ? and route = ?',
    [lane.messageId, lane.route],
  );
  return stored?.id ?? row.id;
}

/** Accepts a message on one route and lets its delivery fail. */
export async function acceptFailed(
  database: Database,
  clock: Clock,
  outcome: FailedOutcome,
  route = 'sales/orders/erp',
): Promise<Lane & { readonly failureId: string }> {
  const [lane] = (await accept(database, clock, { routes: [route] })) as [Lane];
  return { ...lane, failureId: await fail({ database, clock }, lane, outcome) };
}

/** Failures that are due now, made in the store: one message and copies of its row. */
export async function manyWaiting(database: Database, clock: Clock, count: number): Promise<void> {
  const one = await acceptFailed(database, clock, waiting(0));
  await query(
    database.db,
    `insert into failures select overlay(id::text placing lpad(n::text, 12, '0') from 25)::uuid,
            overlay(message_id::text placing lpad(n::text, 12, '0') from 25)::uuid, journey_id, route, state, code, error, path,
            response, output, reason, attempts, step, fingerprint, first_failed_at, last_failed_at, due_at
       from failures, generate_series(1, ?::int) n where id = ?`,
    [count - 1, one.failureId],
  );
}

export interface OutboxRow {
  readonly message_id: string;
  readonly route: string;
  readonly attempts: number;
  readonly step: number;
  readonly repeat: boolean;
  readonly retried_at: Date | null;
}

/** What waits to be published, in order. */
export function outbox(database: Database): Promise<readonly OutboxRow[]> {
  return query<OutboxRow>(
    database.db,
    'select message_id, route, attempts, step, repeat, retried_at from outbox order by id',
  );
}

/** The types of a delivery's events, in order. */
export async function eventTypes(database: Database, lane: Lane): Promise<readonly string[]> {
  const rows = await query<{ type: string }>(
    database.db,
    'select type from events where journey_id = ? and message_id = ? and route = ? order by at, id',
    [lane.journeyId, lane.messageId, lane.route],
  );
  return rows.map((row) => row.type);
}
