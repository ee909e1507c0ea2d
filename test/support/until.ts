import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the condition holds; looks often, and gives up loudly. For what tells nobody when it happens. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 15_000, everyMs = 10, what = 'the condition' } = {},
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not hold within ${timeoutMs} ms`);
    await delay(everyMs);
  }
}
