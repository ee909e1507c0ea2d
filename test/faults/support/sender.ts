import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

/** What a sender may rely on: an id with a 2xx was taken over by the hub. */
export interface Ledger {
  /** Order number → the hub's message id. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** Answers that were not 2xx, by status, and connections that failed, by code. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Of all 503 so far. */
  readonly retryAfter: readonly string[];
}

export interface SenderOptions {
  readonly url: () => string;
  readonly secret: string;
  /** Orders under way at a time. */
  readonly parallel: number;
  /** Orders a second, all together. */
  readonly rate: number;
}

const AGAIN_MS = 100;

/**
 * A shop that sends signed orders without end, and each of them again until it is acknowledged, as providers do. It keeps
 * a ledger of what was acknowledged.
 */
export class Sender implements Ledger {
  readonly acknowledged = new Map<string, string>();
  readonly refusals = new Map<string, number>();
  readonly retryAfter: string[] = [];
  readonly #options: SenderOptions;
  readonly #lanes: Promise<void>[] = [];
  #next = 0;
  #stopped = false;
  #abandoned = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  start(): this {
    for (let lane = 0; lane < this.#options.parallel; lane += 1) this.#lanes.push(this.#send());
    return this;
  }

  /** Sends no new orders; resolves when each that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#lanes);
  }

  /** Gives up what is not acknowledged yet: for the end of a test that failed. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.stop();
  }

  /** All that was not answered with 2xx since the last call. */
  takeRefusals(): ReadonlyMap<string, number> {
    const taken = new Map(this.refusals);
    this.refusals.clear();
    return taken;
  }

  async #send(): Promise<void> {
    const { rate, parallel, url } = this.#options;
    const pool = new Pool(url(), { connections: 1, headersTimeout: 30_000 });
    const spacing = (1_000 * parallel) / rate;
    while (!this.#stopped) {
      const begun = performance.now();
      const id = `O-${String((this.#next += 1)).padStart(6, '0')}`;
      while (!this.#abandoned && !(await this.#tryOnce(pool, id))) await delay(AGAIN_MS);
      const rest = spacing - (performance.now() - begun);
      if (rest > 0) await delay(rest);
    }
    await pool.close();
  }

  async #tryOnce(pool: Pool, id: string): Promise<boolean> {
    const body = JSON.stringify({ id, customer: 'C-1', total: 12.5, note: 'x'.repeat(400) });
    const signature = createHmac('sha256', this.#options.secret).update(body).digest('hex');
    try {
      const response = await pool.request({
        method: 'POST',
        path: '/in/sales/orders',
        headers: { 'content-type': 'application/json', 'x-shop-signature': signature },
        body,
      });
      const text = await response.body.text();
      if (response.statusCode < 300) {
        this.acknowledged.set(id, (JSON.parse(text) as { id: string }).id);
        return true;
      }
      if (response.statusCode === 503) this.retryAfter.push(String(response.headers['retry-after']));
      this.#count(String(response.statusCode));
    } catch (error) {
      this.#count((error as NodeJS.ErrnoException).code ?? String(error));
    }
    return false;
  }

  #count(what: string): void {
    this.refusals.set(what, (this.refusals.get(what) ?? 0) + 1);
  }
}
