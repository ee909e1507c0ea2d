import type { Page, Puller } from '../model/connector.ts';
import type { Db } from '../store/database.ts';
import { isRefusedData, query } from '../store/index.ts';
import { pullOnce } from './pull.ts';
import type { PullOptions } from './pull.ts';

export interface PullForFireOptions extends Omit<PullOptions, 'pull' | 'isDue'> {
  readonly pull: Puller;
  /** The planned time, in milliseconds since the epoch. */
  readonly fire: number;
}

/** How a pull for a fire ended. */
export type PullEnd =
  /** The fire is done, here or by another process. */
  | { readonly kind: 'done' }
  /** Another process has the lease: it pulls, or it was killed while it did. */
  | { readonly kind: 'busy' }
  /** The source failed, or the store refuses what it yields. It is asked again at its next fire. */
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Asks a pull source once for a fire of its schedule, of all processes together. The fire is marked as done under the
 * lease of the pull, after its last page is committed: a process that dies before leaves it to the others, and one that
 * dies between the two makes them pull twice, which the keys of the records make harmless. Throws when the store is
 * away or another process has taken over; then it is to be called again.
 */
export async function pullForFire(
  { pull, fire, ...options }: PullForFireOptions,
  signal: AbortSignal,
): Promise<PullEnd> {
  const { database, mapping } = options;
  const failures: unknown[] = [];
  const pullAndMark = async function* (cursor: unknown, stop: AbortSignal): AsyncGenerator<Page> {
    try {
      yield* pull(cursor, stop, fire);
    } catch (error) {
      failures.push(error);
      // Each process would ask it once more.
      if (!stop.aborted) await markDone(database.db, mapping, fire);
      throw error;
    }
    await markDone(database.db, mapping, fire);
  };
  const isDue = async (): Promise<boolean> => !(await isDone(database.db, mapping, fire));
  try {
    const accepted = await pullOnce({ ...options, pull: pullAndMark, isDue }, signal);
    return { kind: accepted === undefined ? 'busy' : 'done' };
  } catch (error) {
    if (failures.includes(error) || isRefusedData(error)) return { kind: 'failed', error };
    throw error;
  }
}

async function isDone(db: Db, mapping: string, fire: number): Promise<boolean> {
  const rows = await query(db, 'select 1 from fires where mapping = ? and last_fire >= ?', [
    mapping,
    new Date(fire),
  ]);
  return rows.length === 1;
}

async function markDone(db: Db, mapping: string, fire: number): Promise<void> {
  await query(
    db,
    `insert into fires (mapping, last_fire) values (?, ?) on conflict (mapping) do update set last_fire = excluded.last_fire
      where fires.last_fire < excluded.last_fire`,
    [mapping, new Date(fire)],
  );
}
