import type { ActionResult, Call, Connection } from '../model/connector.ts';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import { Breaker } from './breaker.ts';
import type { BreakerSettings, BreakerState } from './breaker.ts';
import { Limiter } from './limiter.ts';
import { onAbort } from './on-abort.ts';
import type { LimiterSettings } from './limiter.ts';

export interface GateSettings {
  readonly name: string;
  readonly limits: LimiterSettings & { readonly timeoutMs: number };
  readonly breaker: BreakerSettings;
}

/**
 * The only way to a connection's actions: in front of each call stand its limits and its breaker, and behind it its
 * time limit. One per connection and process.
 */
export class Gate {
  readonly name: string;
  readonly concurrency: number;
  readonly connection: Connection;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #limiter: Limiter;
  readonly #breaker: Breaker;
  #lastError: CrossdockError | undefined;

  constructor(
    settings: GateSettings,
    connection: Connection,
    clock: Clock,
    onChange: (gate: Gate, state: BreakerState) => void,
  ) {
    this.name = settings.name;
    this.concurrency = settings.limits.concurrency;
    this.connection = connection;
    this.#timeoutMs = settings.limits.timeoutMs;
    this.#clock = clock;
    this.#limiter = new Limiter(settings.limits, clock);
    this.#breaker = new Breaker(settings.breaker, clock, (state) => {
      this.#limiter.setConcurrency(state === 'probing' ? 1 : this.concurrency);
      onChange(this, state);
    });
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  /** What opened the breaker last. */
  get lastError(): CrossdockError | undefined {
    return this.#lastError;
  }

  /** Milliseconds until the next probe; 0 unless the breaker is open. */
  get remainingMs(): number {
    return this.#breaker.remainingMs;
  }

  /** Calls under way. */
  get active(): number {
    return this.#limiter.active;
  }

  /**
   * Performs an action when its turn comes. `probeFirst`: an earlier try may have succeeded, so it is looked up before it
   * is repeated.
   */
  async perform(action: string, input: unknown, call: Call, probeFirst: boolean): Promise<ActionResult> {
    this.#requireOpenGate();
    const turn = this.#limiter.enter(call.signal);
    if (turn !== undefined) await turn;
    try {
      this.#requireOpenGate();
      try {
        const result = await this.#withinTime(call, (timed) =>
          probeFirst ? this.#probeOrAct(action, input, timed) : this.#act(action, input, timed),
        );
        this.#breaker.succeeded();
        return result;
      } catch (thrown) {
        const error = CrossdockError.from(thrown);
        this.#judge(error);
        throw error;
      }
    } finally {
      this.#limiter.leave();
    }
  }

  close(): void {
    this.#breaker.close();
  }

  async #probeOrAct(action: string, input: unknown, call: Call): Promise<ActionResult> {
    return (await this.connection.probe?.(action, input, call)) ?? (await this.#act(action, input, call));
  }

  #act(action: string, input: unknown, call: Call): Promise<ActionResult> {
    if (this.connection.perform === undefined)
      throw new CrossdockError('CONFIG_INVALID', `the connection ${this.name} has no actions`);
    return this.connection.perform(action, input, call);
  }

  #requireOpenGate(): void {
    if (this.#breaker.state !== 'open') return;
    throw new CrossdockError(
      'TARGET_UNAVAILABLE',
      `the connection ${this.name} is paused: ${this.#lastError?.message ?? 'the target asked for a rest'}`,
      {
        retryAfterMs: this.#breaker.remainingMs,
      },
    );
  }

  #judge(error: CrossdockError): void {
    switch (error.fate) {
      case 'outage':
      case 'in_doubt':
        this.#lastError = error;
        this.#breaker.failed();
        return;
      case 'throttled':
        this.#lastError = error;
        this.#breaker.rest(error.retryAfterMs ?? 0);
        return;
      case 'permanent':
        this.#breaker.succeeded();
        return;
      case 'transient':
      case 'none':
        return;
    }
  }

  /** The work or the time limit, whichever comes first: a connector that ignores the signal can't hold the delivery for ever. */
  #withinTime<T>(call: Call, work: (timed: Call) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = new AbortController();
      const ignore = onAbort(call.signal, () => ended.abort(call.signal.reason));
      const cancel = this.#clock.after(this.#timeoutMs, () => {
        const error = new CrossdockError(
          'TARGET_TIMEOUT',
          `${this.name} did not answer within ${this.#timeoutMs} ms`,
        );
        ended.abort(error);
        fail(error);
      });
      const release = (): void => {
        cancel();
        ignore();
      };
      const succeed = (result: T): void => {
        release();
        resolve(result);
      };
      const fail = (error: unknown): void => {
        release();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- `perform` makes an error of it
        reject(error);
      };
      try {
        work({ ...call, signal: ended.signal }).then(succeed, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}
