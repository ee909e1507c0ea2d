import { Pool } from 'undici';
import { makeOrder, sign, SIGNATURE_HEADER } from './order.ts';

/** What to send: so many orders, each with an id of its own, over so many connections that are kept alive. */
export interface LoadRequest {
  readonly origin: string;
  readonly path: string;
  readonly secret: string;
  readonly prefix: string;
  readonly count: number;
  readonly connections: number;
}

/** Times in milliseconds; latency from the first byte out to the status in. */
export interface LoadAnswer {
  /** Answered with 202. */
  readonly accepted: number;
  /** Everything else, by status or error, with its count. */
  readonly others: Readonly<Record<string, number>>;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
}

async function send(request: LoadRequest): Promise<LoadAnswer> {
  const { origin, path, secret, prefix, count, connections } = request;
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 30_000 });
  const times = new Float64Array(count);
  const others: Record<string, number> = {};
  let accepted = 0;
  let next = 0;
  const begun = performance.now();
  const sendNext = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const body = JSON.stringify(makeOrder(`${prefix}-${String(index).padStart(6, '0')}`));
      const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: sign(secret, body) };
      const sent = performance.now();
      try {
        const response = await pool.request({ method: 'POST', path, headers, body });
        times[index] = performance.now() - sent;
        await response.body.dump();
        if (response.statusCode === 202) accepted += 1;
        else others[response.statusCode] = (others[response.statusCode] ?? 0) + 1;
      } catch (error) {
        const what = (error as NodeJS.ErrnoException).code ?? String(error);
        others[what] = (others[what] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, sendNext));
  const ms = performance.now() - begun;
  await pool.close();
  times.sort();
  const at = (share: number): number => times[Math.min(count - 1, Math.floor(count * share))] ?? 0;
  return { accepted, others, ms, p50: at(0.5), p99: at(0.99) };
}

if (process.send !== undefined) {
  process.on('message', (request: LoadRequest) => {
    void send(request).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => process.exit(0));
}
