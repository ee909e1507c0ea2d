import { createServer } from 'node:http';

/**
 * A target in a process of its own: takes every POST and counts the idempotency keys. Speaks with the process that
 * forked it: see SinkRequest and SinkAnswer.
 */
export type SinkRequest =
  | { readonly do: 'expect'; readonly keys: number }
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'reset' };

export type SinkAnswer =
  | { readonly is: 'listening'; readonly port: number }
  | {
      readonly is: 'reached';
      readonly keys: number;
      readonly requests: number;
      /** From the first request to the last, in milliseconds. */
      readonly ms: number;
      /** The first body that came. */
      readonly sample: string;
    };

function serve(): void {
  const keys = new Set<string>();
  let requests = 0;
  let expected = Infinity;
  let delayMs = 0;
  let first = 0;
  let last = 0;
  let sample = '';

  const tellIfReached = (): void => {
    if (keys.size < expected) return;
    expected = Infinity;
    tell({ is: 'reached', keys: keys.size, requests, ms: last - first, sample });
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      last = performance.now();
      if (requests === 0) {
        first = last;
        sample = Buffer.concat(chunks).toString();
      }
      requests += 1;
      const key = request.headers['idempotency-key'];
      const answer = (): void => {
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': 11 });
        response.end('{"id":"E1"}');
      };
      if (delayMs === 0) answer();
      else setTimeout(answer, delayMs);
      if (typeof key !== 'string') return;
      keys.add(key);
      tellIfReached();
    });
  });
  server.keepAliveTimeout = 60_000;

  process.on('message', (message: SinkRequest) => {
    switch (message.do) {
      case 'expect':
        expected = message.keys;
        tellIfReached();
        return;
      case 'delay':
        delayMs = message.ms;
        return;
      case 'reset':
        keys.clear();
        requests = 0;
    }
  });
  process.on('disconnect', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') tell({ is: 'listening', port: address.port });
  });
}

function tell(answer: SinkAnswer): void {
  process.send?.(answer);
}

if (process.send !== undefined) serve();
