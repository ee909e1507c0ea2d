import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy on 127.0.0.1 that ill-treats the connections through it. */
export interface Proxy {
  readonly port: number;
  /** Forwards again, also what was held up: the answers in one piece. */
  pass(): void;
  /** Forwards nothing any more and says nothing: both sides see a peer that is silent (half-open). */
  pause(): void;
  /** Forwards from the client to the server only: answers are held up. */
  holdAnswers(): void;
  /** Cuts all connections off with a RST; new ones are forwarded. */
  reset(): void;
  /** Calls `act` once, just before these bytes of a client are forwarded. */
  beforeSending(bytes: Buffer, act: () => void): void;
  close(): Promise<void>;
}

export async function startProxy(targetPort: number): Promise<Proxy> {
  const pairs = new Set<{ client: Socket; target: Socket; answers: Buffer[] }>();
  let watched: { readonly bytes: Buffer; readonly act: () => void } | undefined;
  let mode: 'pass' | 'pause' | 'hold' = 'pass';
  const apply = (): void => {
    for (const { client, target, answers } of pairs) {
      for (const socket of [client, target]) {
        if (mode === 'pause') socket.pause();
        else socket.resume();
      }
      if (mode === 'pass' && answers.length > 0) client.write(Buffer.concat(answers.splice(0)));
    }
  };
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    const pair = { client, target, answers: [] as Buffer[] };
    pairs.add(pair);
    client.on('data', (chunk) => {
      if (watched !== undefined && chunk.includes(watched.bytes)) {
        const { act } = watched;
        watched = undefined;
        act();
      }
      target.write(chunk);
    });
    target.on('data', (chunk) => {
      if (mode === 'hold') pair.answers.push(chunk);
      else client.write(chunk);
    });
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
    apply();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const change = (next: typeof mode) => (): void => {
    mode = next;
    apply();
  };
  return {
    port: address.port,
    pass: change('pass'),
    pause: change('pause'),
    holdAnswers: change('hold'),
    reset: () => {
      for (const { client, target } of pairs) {
        client.resetAndDestroy();
        target.resetAndDestroy();
      }
    },
    beforeSending: (bytes, act) => {
      watched = { bytes, act };
    },
    close: async () => {
      for (const { client, target } of pairs) {
        client.destroy();
        target.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
