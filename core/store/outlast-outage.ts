import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';

const RETRY_MS = 1_000;

/**
 * Does `work`, again each second while the store is away (STORE_UNAVAILABLE). Rejects with every other error of it, and
 * with the signal's reason when that aborts during a wait.
 */
export async function outlastOutage<T>(
  work: () => Promise<T>,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CrossdockError) || error.code !== 'STORE_UNAVAILABLE') throw error;
      await clock.sleep(RETRY_MS, signal);
    }
  }
}
