import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { LoadAnswer, LoadRequest } from './load.ts';
import type { SinkAnswer, SinkRequest } from './sink.ts';

/** The target, in a process of its own. */
export interface Sink {
  readonly url: string;
  /** Forgets what came. */
  reset(): void;
  /** Each answer takes so long from now on. */
  delay(ms: number): void;
  /** Resolves when so many different idempotency keys have come; rejects after `patienceMs`. */
  expect(keys: number, patienceMs: number): Promise<Extract<SinkAnswer, { is: 'reached' }>>;
  close(): void;
}

export async function startSink(): Promise<Sink> {
  const child = forkNext('sink.ts');
  const listening = await answer<SinkAnswer>(child, 10_000);
  if (listening.is !== 'listening') throw new Error('the sink does not listen');
  const tell = (request: SinkRequest): void => void child.send(request);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    reset: () => tell({ do: 'reset' }),
    delay: (ms) => tell({ do: 'delay', ms }),
    expect: async (keys, patienceMs) => {
      tell({ do: 'expect', keys });
      return (await answer<SinkAnswer>(child, patienceMs)) as Extract<SinkAnswer, { is: 'reached' }>;
    },
    close: () => child.disconnect(),
  };
}

/** Sends a load from a process of its own. */
export async function runLoad(request: LoadRequest, patienceMs: number): Promise<LoadAnswer> {
  const child = forkNext('load.ts');
  try {
    child.send(request);
    return await answer<LoadAnswer>(child, patienceMs);
  } finally {
    child.disconnect();
  }
}

function forkNext(file: string): ChildProcess {
  return fork(new URL(file, import.meta.url), { stdio: 'inherit' });
}

async function answer<T>(child: ChildProcess, patienceMs: number): Promise<T> {
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [T];
  return message;
}
