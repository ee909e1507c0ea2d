import type { Clock } from '../model/clock.ts';
import { onAbort } from './on-abort.ts';

export interface LimiterSettings {
  /** At a time. */
  readonly concurrency: number;
  /** Starts a second; undefined is no limit. Bursts of up to a tenth of a second's worth (at least one) are let through. */
  readonly rate?: number;
}

/**
 * How many may call a connection at a time, and how often. First come, first served. One limiter is shared by all
 * routes of a connection, since the account on the other side is shared too.
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #rate: number | undefined;
  readonly #burst: number;
  #limit: number;
  #active = 0;
  #queue: { readonly start: () => void }[] = [];
  #tokens: number;
  #refilledAt: number;
  /** Ends the wait for the next token. */
  #cancelRefill: (() => void) | undefined;

  constructor(settings: LimiterSettings, clock: Clock) {
    this.#clock = clock;
    this.#limit = settings.concurrency;
    this.#rate = settings.rate;
    this.#burst = Math.max(1, Math.floor((settings.rate ?? 0) / 10));
    this.#tokens = this.#burst;
    this.#refilledAt = clock.monotonic();
  }

  /** How many are under way. */
  get active(): number {
    return this.#active;
  }

  /** Another limit from now on: 1 while a probe runs. Those under way stay. */
  setConcurrency(limit: number): void {
    this.#limit = limit;
    this.#startNext();
  }

  /**
   * Undefined when it is the caller's turn at once, else a promise of it. A turn given up by `signal` throws or rejects
   * with its reason. Who had a turn must say `leave`.
   */
  enter(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted();
    if (this.#queue.length === 0 && this.#mayStart()) {
      this.#begin();
      return undefined;
    }
    return new Promise<void>((resolve, reject) => {
      const ignore = onAbort(signal, () => {
        this.#queue = this.#queue.filter((other) => other !== place);
        if (this.#queue.length === 0) this.#stopRefill();
        reject(signal.reason as Error);
      });
      const place = {
        start: () => {
          ignore();
          resolve();
        },
      };
      this.#queue.push(place);
      this.#startNext();
    });
  }

  leave(): void {
    this.#active -= 1;
    this.#startNext();
  }

  #mayStart(): boolean {
    return this.#active < this.#limit && this.#hasToken();
  }

  #begin(): void {
    this.#active += 1;
    if (this.#rate !== undefined) this.#tokens -= 1;
  }

  #startNext(): void {
    while (this.#queue.length > 0 && this.#mayStart()) {
      this.#begin();
      this.#queue.shift()?.start();
    }
  }

  #hasToken(): boolean {
    if (this.#rate === undefined) return true;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#refilledAt) / 1000) * this.#rate);
    this.#refilledAt = now;
    if (this.#tokens >= 1) return true;
    this.#wakeForToken();
    return false;
  }

  #wakeForToken(): void {
    if (this.#cancelRefill !== undefined || this.#rate === undefined) return;
    this.#cancelRefill = this.#clock.after(Math.ceil(((1 - this.#tokens) / this.#rate) * 1000), () => {
      this.#cancelRefill = undefined;
      this.#startNext();
    });
  }

  #stopRefill(): void {
    this.#cancelRefill?.();
    this.#cancelRefill = undefined;
  }
}
