import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';

const RETRY_MS = 1_000;

export interface Patience {
  readonly clock: Clock;
  /** Aborts when there is no more time to wait. */
  readonly signal: AbortSignal;
  /** With it every error is outlasted, and it is told of those other than STORE_UNAVAILABLE. */
  readonly complain?: (error: unknown) => void;
}

/**
 * Does `work`, again each second while the store is away (STORE_UNAVAILABLE). Rejects with every other error of it, unless
 * somebody is there to complain to, and with the signal's reason when that aborts before or during a wait.
 */
export async function outlastOutage<T>(
  work: () => Promise<T>,
  { clock, signal, complain }: Patience,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CrossdockError) || error.code !== 'STORE_UNAVAILABLE') {
        if (complain === undefined) throw error;
        signal.throwIfAborted();
        complain(error);
      }
      await clock.sleep(RETRY_MS, signal);
    }
  }
}
