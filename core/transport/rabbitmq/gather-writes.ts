import type { Duplex } from 'node:stream';

/**
 * Makes all that is written to a stream in one turn of the event loop one write to the system. amqplib writes each
 * frame for itself: with a few hundred of them in a turn, most of the time went into system calls.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let corked = false;
  const uncork = (): void => {
    corked = false;
    stream.uncork();
  };
  stream.write = ((...args: unknown[]) => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(uncork);
    }
    return write(...args);
  }) as Duplex['write'];
}
