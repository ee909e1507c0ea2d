import type { Clock } from '../model/clock.ts';

export interface BreakerSettings {
  /** Outages in a row that open it. */
  readonly failures: number;
  /** How long it stays open the first time; doubles with each failed probe, up to `maxPauseMs`. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** `closed` all may pass · `open` none may · `probing` one may, to see whether the target is back. */
export type BreakerState = 'closed' | 'open' | 'probing';

/**
 * Spares a target that is down, and the messages meant for it. Counts outages in a row; knows nothing of consumers or
 * events: `onChange` tells those who do. Its timer is the injected clock's.
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  readonly #clock: Clock;
  readonly #onChange: (state: BreakerState) => void;
  readonly #closing = new AbortController();
  #state: BreakerState = 'closed';
  #outages = 0;
  #pauseMs: number;
  #openUntil = 0;

  constructor(settings: BreakerSettings, clock: Clock, onChange: (state: BreakerState) => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#pauseMs = settings.pauseMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds until the next probe; 0 unless open. */
  get remainingMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - this.#clock.monotonic()) : 0;
  }

  /** The target answered, whatever it said: it is there. */
  succeeded(): void {
    this.#outages = 0;
    if (this.#state !== 'probing') return;
    this.#pauseMs = this.#settings.pauseMs;
    this.#become('closed');
  }

  /** The target is down. */
  failed(): void {
    this.#outages += 1;
    if (this.#state === 'probing') {
      this.#pauseMs = Math.min(this.#pauseMs * 2, this.#settings.maxPauseMs);
      this.#open(this.#pauseMs);
    } else if (this.#state === 'closed' && this.#outages >= this.#settings.failures) {
      this.#open(this.#pauseMs);
    }
  }

  /** The target asked for a rest: nothing is sent until it is over. */
  rest(ms: number): void {
    if (ms > 0 && this.#state !== 'open') this.#open(Math.min(ms, this.#settings.maxPauseMs));
  }

  close(): void {
    this.#closing.abort();
  }

  #open(ms: number): void {
    this.#openUntil = this.#clock.monotonic() + ms;
    this.#become('open');
    this.#clock.sleep(ms, this.#closing.signal).then(
      () => this.#become('probing'),
      () => {
        // closed with the hub
      },
    );
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#onChange(state);
  }
}
