import { appendEvents, createEvent } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { EventData } from '../model/event.ts';
import { query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import type { StoredFailure } from './read-failures.ts';
import { actOnFailures } from './select-failures.ts';
import type { Act, ActOptions, Progress, Selection } from './select-failures.ts';
import { sendAgain } from './send-again.ts';

/**
 * Sends failed deliveries again, now: those that wait, and those in doubt or dead, whose attempts begin anew. Their age counts
 * from now. Wake the relay afterwards. Errors as those of `actOnFailures`.
 */
export function retryFailures(
  database: Database,
  selection: Selection,
  act: Act,
  clock: Clock,
  options?: ActOptions,
): Promise<Progress> {
  const now = clock.now();
  return actOnFailures(
    database,
    selection,
    {
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
        await note(db, 'retried', rows, { ...act }, clock);
      },
    },
    now,
    options,
  );
}

/** Sets when waiting deliveries are sent again; milliseconds since the epoch. Errors as those of `actOnFailures`. */
export function rescheduleFailures(
  database: Database,
  selection: Selection,
  due: number,
  act: Act,
  clock: Clock,
  options?: ActOptions,
): Promise<Progress> {
  const at = new Date(due);
  return actOnFailures(
    database,
    selection,
    {
      verb: 'rescheduled',
      states: ['waiting'],
      // So that one who repeats the act until nothing remains comes to an end.
      unless: { sql: 'f.due_at is not distinct from ?::timestamptz', bindings: [at] },
      apply: async (db, rows) => {
        await query(db, 'update failures set due_at = ? where id = any(?::uuid[])', [
          at,
          rows.map((row) => row.id),
        ]);
        await note(db, 'rescheduled', rows, { ...act, due: at.toISOString() }, clock);
      },
    },
    clock.now(),
    options,
  );
}

/** Gives failed deliveries up: final, and no longer failures. Errors as those of `actOnFailures`. */
export function discardFailures(
  database: Database,
  selection: Selection,
  act: Act,
  clock: Clock,
  options?: ActOptions,
): Promise<Progress> {
  return actOnFailures(
    database,
    selection,
    {
      verb: 'discarded',
      states: ['waiting', 'in_doubt', 'dead'],
      apply: async (db, rows) => {
        await query(db, 'delete from failures where id = any(?::uuid[])', [rows.map((row) => row.id)]);
        await note(db, 'discarded', rows, { ...act }, clock);
      },
    },
    clock.now(),
    options,
  );
}

async function note<T extends 'retried' | 'rescheduled' | 'discarded'>(
  db: Db,
  type: T,
  rows: readonly StoredFailure[],
  data: EventData[T],
  clock: Clock,
): Promise<void> {
  const events = rows.map((row) =>
    createEvent(
      type,
      data,
      { journeyId: row.journey_id, messageId: row.message_id, route: row.route },
      clock,
    ),
  );
  await appendEvents(db, events);
}
