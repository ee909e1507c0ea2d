import { deliveryKey, FINALS_SQL, plainText } from '../audit/index.ts';
import type { Failure } from '../model/failure.ts';
import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';

/** What is written when a delivery fails. `firstFailedAt` and `id` count only if it had not failed before. */
export interface FailureRow extends Omit<Failure, 'edited'> {
  /** When an operator asked for the try that failed; ISO 8601 UTC. */
  readonly retriedAt?: string;
}

/**
 * Writes failures, one per message and route: a delivery that fails again keeps its id, the time of its first failure and an
 * operator's edit. A delivery that is final in the meantime (another copy of it was done) stays final.
 * Run it in the transaction that writes the events.
 */
export async function recordFailures(db: Db, rows: readonly FailureRow[]): Promise<void> {
  if (rows.length === 0) return;
  // The last of a delivery counts; in one order, so that two writers can't lock each other out.
  const latest = [...new Map(rows.map((row) => [keyOf(row), row])).values()].sort((a, b) =>
    keyOf(a) < keyOf(b) ? -1 : 1,
  );
  const text = (value: (row: FailureRow) => string | undefined): (string | null)[] =>
    latest.map((row) => {
      const found = value(row);
      return found === undefined ? null : plainText(found);
    });
  await query(
    db,
    `insert into failures (id, message_id, journey_id, route, state, code, error, path, response, output, reason,
                           attempts, step, fingerprint, first_failed_at, last_failed_at, due_at, retried_at)
     select n.* from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::text[], ?::int[], ?::int[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                            ?::timestamptz[], ?::timestamptz[])
       as n(id, message_id, journey_id, route, state, code, error, path, response, output, reason,
            attempts, step, fingerprint, first_failed_at, last_failed_at, due_at, retried_at)
      where not exists (select from events e where e.journey_id = n.journey_id and e.message_id = n.message_id
                           and e.route = n.route and e.type in (${FINALS_SQL}))
     on conflict (message_id, route) do update set
       state = excluded.state, code = excluded.code, error = excluded.error, path = excluded.path,
       response = excluded.response, output = excluded.output, reason = excluded.reason, attempts = excluded.attempts,
       step = excluded.step, fingerprint = excluded.fingerprint, last_failed_at = excluded.last_failed_at,
       due_at = excluded.due_at, retried_at = coalesce(excluded.retried_at, failures.retried_at)`,
    [
      latest.map((row) => row.id),
      latest.map((row) => row.messageId),
      latest.map((row) => row.journeyId),
      latest.map((row) => row.route),
      latest.map((row) => row.state),
      latest.map((row) => row.code),
      text((row) => row.error),
      text((row) => row.path),
      text((row) => row.response),
      text((row) => row.output),
      latest.map((row) => row.reason ?? null),
      latest.map((row) => row.attempts),
      latest.map((row) => row.step),
      latest.map((row) => row.fingerprint),
      latest.map((row) => row.firstFailedAt),
      latest.map((row) => row.lastFailedAt),
      latest.map((row) => row.dueAt ?? null),
      latest.map((row) => row.retriedAt ?? null),
    ],
  );
}

/** Takes away the failures of deliveries that have become final; what happened stays in the events. */
export async function resolveFailures(
  db: Db,
  deliveries: readonly { readonly messageId: string; readonly route: string }[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await query(
    db,
    `delete from failures where id in (
       select f.id from failures f join unnest(?::uuid[], ?::text[]) as d(message_id, route)
           on f.message_id = d.message_id and f.route = d.route
        order by f.message_id, f.route for update of f)`,
    [deliveries.map((delivery) => delivery.messageId), deliveries.map((delivery) => delivery.route)],
  );
}

function keyOf(row: FailureRow): string {
  return deliveryKey(row.messageId, row.route);
}
