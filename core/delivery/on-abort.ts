import { Slots } from '../slots.ts';

const listening = new WeakMap<AbortSignal, Slots<() => void>>();

/**
 * Calls `listener` when the signal aborts, unless the returned function is called before. For signals that live
 * as long as the hub and are listened to by each of its calls: a signal's own listeners are linked to each other.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = listening.get(signal) ?? listenTo(signal);
  let slot: number | undefined = listeners.add(listener);
  return () => {
    if (slot !== undefined) listeners.remove(slot);
    slot = undefined;
  };
}

function listenTo(signal: AbortSignal): Slots<() => void> {
  const listeners = new Slots<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  signal.addEventListener('abort', tell, { once: true });
  listening.set(signal, listeners);
  return listeners;
}
