import { setTimeout as delay } from 'node:timers/promises';

interface UntilOptions {
  /** Default 15 s. */
  readonly timeoutMs?: number;
  /** Default 10. */
  readonly everyMs?: number;
  /** What is waited for, to say when it does not come; a function is asked then. */
  readonly what?: string | (() => string);
}

/** Resolves when the condition holds; looks often, and gives up loudly. For what tells nobody when it happens. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 15_000, everyMs = 10, what = 'the condition' }: UntilOptions = {},
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end)
      throw new Error(`${typeof what === 'string' ? what : what()} did not hold within ${timeoutMs} ms`);
    await delay(everyMs);
  }
}
