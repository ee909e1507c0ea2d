import { appendEvents, createEvent } from '../audit/index.ts';
import type { EventSubject } from '../audit/index.ts';
import { query } from '../store/index.ts';
import type { StoredFailure } from './read-failures.ts';
import { actOnFailures } from './select-failures.ts';
import type { Act, ActDeps, ActOptions, Progress, Selection } from './select-failures.ts';
import { sendAgain } from './send-again.ts';

/**
 * Sends failed deliveries again, now: those that wait, and those in doubt or dead, whose attempts begin anew. Their age counts
 * from now. Wake the relay afterwards. Errors as those of `actOnFailures`.
 */
export function retryFailures(
  { database, clock }: ActDeps,
  selection: Selection,
  act: Act,
  options?: ActOptions,
): Promise<Progress> {
  const now = clock.now();
  return actOnFailures(
    database,
    selection,
    {
      now,
      verb: 'retried',
      states: ['waiting', 'in_doubt', 'dead'],
      apply: async (db, rows) => {
        await query(
          db,
          `update failures set attempts = case when state = 'waiting' then attempts else 0 end, retried_at = ?
            where id = any(?::uuid[])`,
          [new Date(now), rows.map((row) => row.id)],
        );
        await sendAgain(
          db,
          rows.map((row) => row.id),
          now,
        );
        await appendEvents(
          db,
          rows.map((row) => createEvent('retried', { ...act }, subjectOf(row), clock)),
        );
      },
    },
    options,
  );
}

/** Sets when waiting deliveries are sent again: at `due`, milliseconds since the epoch. Errors as those of `actOnFailures`. */
export function rescheduleFailures(
  { database, clock }: ActDeps,
  selection: Selection,
  { due, ...act }: Act & { readonly due: number },
  options?: ActOptions,
): Promise<Progress> {
  const at = new Date(due);
  return actOnFailures(
    database,
    selection,
    {
      now: clock.now(),
      verb: 'rescheduled',
      states: ['waiting'],
      // So that one who repeats the act until nothing remains comes to an end.
      unless: { sql: 'f.due_at is not distinct from ?::timestamptz', bindings: [at] },
      apply: async (db, rows) => {
        await query(db, 'update failures set due_at = ? where id = any(?::uuid[])', [
          at,
          rows.map((row) => row.id),
        ]);
        await appendEvents(
          db,
          rows.map((row) =>
            createEvent('rescheduled', { ...act, due: at.toISOString() }, subjectOf(row), clock),
          ),
        );
      },
    },
    options,
  );
}

/** Gives failed deliveries up: final, and no longer failures. Errors as those of `actOnFailures`. */
export function discardFailures(
  { database, clock }: ActDeps,
  selection: Selection,
  act: Act,
  options?: ActOptions,
): Promise<Progress> {
  return actOnFailures(
    database,
    selection,
    {
      now: clock.now(),
      verb: 'discarded',
      states: ['waiting', 'in_doubt', 'dead'],
      apply: async (db, rows) => {
        await query(db, 'delete from failures where id = any(?::uuid[])', [rows.map((row) => row.id)]);
        await appendEvents(
          db,
          rows.map((row) => createEvent('discarded', { ...act }, subjectOf(row), clock)),
        );
      },
    },
    options,
  );
}

function subjectOf(row: StoredFailure): EventSubject {
  return { journeyId: row.journey_id, messageId: row.message_id, route: row.route };
}
