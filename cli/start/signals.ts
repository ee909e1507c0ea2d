import type { Io } from '../io.ts';

/**
 * Ctrl-C reaches every process of the terminal, and npm passes it on once more: what comes this soon after the first is the
 * same wish.
 */
const SAME_MS = 1_000;

/** Resolves at the first signal that asks to end; a second one, a moment later, ends the process at once. */
export function waitForEnd(
  io: Pick<Io, 'onSignal' | 'clock'>,
  { onFirst, abort = endNow }: { readonly onFirst: () => void; readonly abort?: () => void },
): Promise<NodeJS.Signals> {
  let first: number | undefined;
  return new Promise((resolve) => {
    io.onSignal((signal) => {
      if (first === undefined) {
        first = io.clock.monotonic();
        onFirst();
        resolve(signal);
      } else if (io.clock.monotonic() - first >= SAME_MS) abort();
    });
  });
}

function endNow(): void {
  process.exit(130);
}
