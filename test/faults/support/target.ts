import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A system that takes orders and keeps a ledger of what it was made to do, with the idempotency key of each time. */
export class Target {
  /** Order number → the idempotency key of each time that it came. */
  readonly effects = new Map<string, string[]>();
  readonly #held: (() => void)[] = [];
  #server: Server | undefined;
  #port = 0;
  #holding = false;
  #failing = false;

  static async start(): Promise<Target> {
    const target = new Target();
    await target.#listen();
    return target;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Times that it was made to do something it had done before. */
  get repeats(): number {
    return [...this.effects.values()].reduce((sum, keys) => sum + keys.length - 1, 0);
  }

  /** From now on it answers 503 and does nothing, until `recover`. */
  fail(): void {
    this.#failing = true;
  }

  recover(): void {
    this.#failing = false;
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#take(Buffer.concat(chunks).toString(), String(request.headers['idempotency-key']), response);
      });
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /** From now on it answers nobody, until `release`. */
  hold(): void {
    this.#holding = true;
  }

  get held(): number {
    return this.#held.length;
  }

  release(): void {
    this.#holding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  #take(body: string, key: string, response: ServerResponse): void {
    if (this.#failing) return void response.writeHead(503).end();
    const { ref } = JSON.parse(body) as { ref: string };
    const answer = (): void => {
      const keys = this.effects.get(ref);
      if (keys === undefined) this.effects.set(ref, [key]);
      else keys.push(key);
      if (response.destroyed) return;
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: `T-${ref}` }));
    };
    if (this.#holding) this.#held.push(answer);
    else answer();
  }
}
