import { request } from 'undici';
import type { Clock } from '../core/model/clock.ts';
import type { Ledger } from './ledger.ts';

/** What to send: made anew for each try, since a signature covers the time of sending. */
export interface Webhook {
  readonly id: string;
  readonly body: string;
  readonly headers: () => Readonly<Record<string, string>>;
}

export interface WebhookCounts {
  readonly sent: number;
  readonly acknowledged: number;
  /** Given up on. */
  readonly failed: number;
  /** Sent or to be sent again. */
  readonly underWay: number;
}

/** Waits between tries, in milliseconds; after the last one the sender gives up. Real ones go on for days. */
const RETRIES = [250, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000] as const;

/**
 * Sends webhooks like a provider does: a 2xx ends it, everything else is tried again a few times. The ledger gets
 * `sent` before the first byte goes out and `acknowledged` after the 2xx came in.
 */
export class WebhookSender {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #stopped = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #sent = 0;
  #acknowledged = 0;
  #failed = 0;

  constructor(url: string, clock: Clock, ledger: Ledger) {
    this.#url = url;
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** Resolves true when it was acknowledged, false when the sender gave up. */
  async send(webhook: Webhook): Promise<boolean> {
    this.#sent += 1;
    this.#ledger.write({ what: 'sent', id: webhook.id });
    const outcome = this.#tryUntilAcknowledged(webhook);
    const settled = outcome.then(() => undefined);
    this.#underWay.add(settled);
    const acknowledged = await outcome;
    this.#underWay.delete(settled);
    if (acknowledged) this.#acknowledged += 1;
    else this.#failed += 1;
    return acknowledged;
  }

  counts(): WebhookCounts {
    return {
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      underWay: this.#underWay.size,
    };
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
  }

  async #tryUntilAcknowledged(webhook: Webhook): Promise<boolean> {
    for (const wait of [...RETRIES, undefined]) {
      if (await this.#tryOnce(webhook)) return true;
      if (wait === undefined) break;
      try {
        await this.#clock.sleep(wait, this.#stopped.signal);
      } catch {
        break;
      }
    }
    this.#ledger.write({ what: 'given up', id: webhook.id });
    return false;
  }

  async #tryOnce(webhook: Webhook): Promise<boolean> {
    try {
      const response = await request(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...webhook.headers() },
        body: webhook.body,
        headersTimeout: 15_000,
        bodyTimeout: 15_000,
        signal: this.#stopped.signal,
      });
      const answer = await response.body.text();
      if (response.statusCode < 200 || response.statusCode > 299) return false;
      this.#ledger.write({ what: 'acknowledged', id: webhook.id, status: response.statusCode, answer });
      return true;
    } catch {
      return false;
    }
  }
}
