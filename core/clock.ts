import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './model/clock.ts';

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
  after: (ms, task) => {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
  every: (ms, task, log) => {
    const stopped = new AbortController();
    const loop = async (): Promise<void> => {
      while (!stopped.signal.aborted) {
        try {
          await delay(ms, undefined, { signal: stopped.signal });
          await task(stopped.signal);
        } catch (error) {
          if (!stopped.signal.aborted)
            log.warn('a periodic task failed and will run again', { error: String(error) });
        }
      }
    };
    const done = loop();
    return async () => {
      stopped.abort();
      await done;
    };
  },
};
