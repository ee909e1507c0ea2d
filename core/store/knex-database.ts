import knexFactory from 'knex';
import type { Knex } from 'knex';
import { CrossdockError } from '../model/errors.ts';
import type { Database, Db } from './database.ts';

const PING_MS = 2_000;
const REPEATS = 2;

/** The part of both databases that is the same: everything goes through one knex pool. */
export function knexDatabase(
  kind: Database['kind'],
  config: Knex.Config,
  close: () => Promise<void>,
): Database {
  // knex prints to the console by itself; its errors reach us as rejections anyway.
  const quiet = () => {};
  const db = knexFactory({ ...config, log: { warn: quiet, error: quiet, deprecate: quiet, debug: quiet } });
  return {
    kind,
    db,
    transaction: async (work) => {
      for (let repeats = 0; ; repeats += 1) {
        try {
          return await db.transaction((trx) => work(trx as unknown as Db));
        } catch (error) {
          if (repeats < REPEATS && isConflict(error)) continue;
          throw storeError(error);
        }
      }
    },
    ping: async () => {
      try {
        await db.raw('select 1').timeout(PING_MS, { cancel: false });
      } catch (error) {
        throw new CrossdockError('STORE_UNAVAILABLE', `the database does not answer: ${message(error)}`, {
          cause: error,
        });
      }
    },
    close: async () => {
      await db.destroy();
      await close();
    },
  };
}

/**
 * An error of the database as the core understands it: lost connections and servers that are starting or stopping
 * become STORE_UNAVAILABLE (SQLSTATE classes 08, 53, 57P; PostgreSQL 15, appendix A), and so does one that only lets read
 * (25006: a standby, or a full disk); all else stays what it is.
 */
export function storeError(error: unknown): unknown {
  if (error instanceof CrossdockError || !isUnavailable(error)) return error;
  return new CrossdockError('STORE_UNAVAILABLE', `the database is not available: ${message(error)}`, {
    cause: error,
    retryAfterMs: 5_000,
  });
}

const UNAVAILABLE_STATES = /^(08|53|57P|25P03|25006|58)/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOENT',
  'EHOSTUNREACH',
]);
// pg and knex give these without a code.
const UNAVAILABLE_TEXTS =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Timeout acquiring a connection|Query read timeout|Client has encountered a connection error|Unable to acquire a connection|not queryable/i;

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const code = (error as { code?: unknown }).code;
  if (
    typeof code === 'string' &&
    (UNAVAILABLE_CODES.has(code) || (code.length === 5 && UNAVAILABLE_STATES.test(code)))
  )
    return true;
  return UNAVAILABLE_TEXTS.test(error.message);
}

/** serialization_failure and deadlock_detected: run it again. */
function isConflict(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return code === '40001' || code === '40P01';
}

/**
 * Whether what was to be written is itself the reason why it could not be: it is out of range (SQLSTATE 22), breaks a
 * rule of the schema (23), is too much (54, XX000), or can't even be put into a statement.
 */
export function isRefusedData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^(22...|23...|54...|XX000)$/.test(code);
}

/** Inserting into a day that has no partition yet (check_violation raised by partition routing). */
export function isMissingPartition(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error as { code?: unknown }).code === '23514' &&
    error.message.includes('no partition of relation')
  );
}

function message(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(message).join('; ');
  return error instanceof Error ? error.message : String(error);
}
