import type { Duplex } from 'node:stream';
import { type ChannelModel, connect } from 'amqplib';
import type { Clock } from '../../model/clock.ts';
import type { Logger } from '../../model/logger.ts';
import { Backoff } from './backoff.ts';
import { gatherWrites } from './gather-writes.ts';
import { type Problem, problemOf } from './problem.ts';

export interface LinkOptions {
  readonly url: string;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Spreads the waits between attempts; numbers in [0, 1). */
  readonly random: () => number;
  /** A dead peer is noticed after two of these. */
  readonly heartbeatSeconds: number;
}

export interface LinkEvents {
  /** A connection is open; it counts as up when this resolves. Rejecting closes it again. */
  prepare(connection: ChannelModel): Promise<void>;
  /** Up, down, blocked or unblocked: look again. */
  changed(): void;
}

const CONNECT_MS = 10_000;
const CLOSE_MS = 5_000;
const FIRST_WAIT_MS = 200;
const MAX_WAIT_MS = 10_000;
/** A connection that lasted this long was a good one: the next wait is a short one again. */
const STABLE_MS = 10_000;

/** One connection to the broker that is opened again whenever it is lost, until `close`. */
export class Link {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<(connection: ChannelModel) => void>();
  #connection: ChannelModel | undefined;
  #opening: ChannelModel | undefined;
  #problem: Problem = { reason: 'not connected yet', fatal: false };
  #blocked: string | undefined;
  #loop: Promise<void> = Promise.resolve();
  #tried: () => void = () => {};
  /** Resolves when the first attempt has ended, well or not. */
  readonly firstTry: Promise<void>;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#log = options.log.child({ link: options.name });
    this.firstTry = new Promise((resolve) => (this.#tried = resolve));
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** The open connection, or undefined while there is none. */
  get connection(): ChannelModel | undefined {
    return this.#connection;
  }

  /** Why there is no connection. */
  get problem(): Problem {
    return this.#problem;
  }

  /** What the broker said when it stopped reading from us (a resource alarm). */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Resolves with the connection as soon as there is one; rejects when the signal aborts. */
  async connected(signal: AbortSignal): Promise<ChannelModel> {
    signal.throwIfAborted();
    if (this.#connection !== undefined) return this.#connection;
    return await new Promise((resolve, reject) => {
      const give = (connection: ChannelModel): void => {
        signal.removeEventListener('abort', refuse);
        resolve(connection);
      };
      const refuse = (): void => {
        this.#waiting.delete(give);
        reject(signal.reason as Error);
      };
      this.#waiting.add(give);
      signal.addEventListener('abort', refuse, { once: true });
    });
  }

  /** Gives this connection up; a new one is made. */
  drop(connection: ChannelModel, problem: Problem): void {
    if (this.#connection !== connection) return;
    this.#problem = problem;
    destroy(connection);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the transport is closed'));
    const connection = this.#connection ?? this.#opening;
    if (connection !== undefined) await this.#closeGently(connection);
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = new Backoff(random, FIRST_WAIT_MS, MAX_WAIT_MS);
    while (!this.#closing.signal.aborted) {
      const begun = clock.monotonic();
      await this.#live();
      this.#tried();
      if (this.#closing.signal.aborted) return;
      if (clock.monotonic() - begun > STABLE_MS) backoff.reset();
      const wait = this.#problem.fatal ? MAX_WAIT_MS : backoff.next();
      await clock.sleep(wait, this.#closing.signal).catch(() => {});
    }
  }

  /** From the attempt to connect until the connection is gone. Never rejects. */
  async #live(): Promise<void> {
    const { url, name, log, heartbeatSeconds } = this.#options;
    let connection: ChannelModel | undefined;
    let cause: unknown;
    try {
      connection = await connect(withHeartbeat(url, heartbeatSeconds), {
        noDelay: true,
        keepAlive: true,
        timeout: CONNECT_MS,
        clientProperties: { connection_name: `crossdock ${name}` },
      });
      // Closed in the moment in which it was open: nobody would be told any more.
      if (streamOf(connection).writableEnded) throw new Error('the connection was closed');
      connection.on('error', (error) => (cause = error));
      gatherWrites(streamOf(connection));
      const gone = this.#untilGone(connection);
      this.#opening = connection;
      await Promise.race([this.#events.prepare(connection), gone.then(refuse)]);
      if (!this.#closing.signal.aborted) {
        this.#setUp(connection);
        cause = (await gone) ?? cause;
      }
    } catch (error) {
      cause = error;
    }
    this.#opening = undefined;
    if (connection !== undefined) destroy(connection);
    this.#setDown(cause, log);
  }

  async #untilGone(connection: ChannelModel): Promise<Error | undefined> {
    connection.on('blocked', (reason) => {
      this.#blocked = reason;
      this.#log.warn('the broker takes no more messages', { reason });
      this.#events.changed();
    });
    connection.on('unblocked', () => {
      this.#blocked = undefined;
      this.#log.info('the broker takes messages again');
      this.#events.changed();
    });
    return await new Promise((resolve) => {
      connection.on('close', (error) => {
        // At once, not a turn later: who waits for a connection must not be given this one.
        if (this.#connection === connection) this.#connection = undefined;
        resolve(error);
      });
    });
  }

  #setUp(connection: ChannelModel): void {
    this.#connection = connection;
    this.#log.info('connected to the broker');
    this.#tried();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const give of waiting) give(connection);
    this.#events.changed();
  }

  #setDown(cause: unknown, log: Logger): void {
    this.#connection = undefined;
    this.#blocked = undefined;
    if (this.#closing.signal.aborted) return;
    const problem = problemOf(cause ?? 'the connection was closed');
    const news = problem.reason !== this.#problem.reason;
    this.#problem = problem;
    if (problem.fatal && news) this.#log.error('the broker refuses us', { reason: problem.reason });
    else if (!problem.fatal)
      log.warn('no connection to the broker; trying again', { reason: problem.reason });
    this.#events.changed();
  }

  async #closeGently(connection: ChannelModel): Promise<void> {
    const limit = new AbortController();
    const late = this.#options.clock.sleep(CLOSE_MS, limit.signal).catch(() => {});
    // The broker may be gone before it answers; amqplib would wait for the answer.
    const gone = new Promise((resolve) => connection.on('close', resolve));
    await Promise.race([connection.close().catch(() => {}), gone, late]);
    limit.abort();
    destroy(connection);
  }
}

function refuse(error: Error | undefined): never {
  throw error ?? new Error('the connection was closed');
}

/** amqplib takes the heartbeat from the address; without one a silent connection would be trusted for ever. */
function withHeartbeat(url: string, seconds: number): string {
  const address = new URL(url);
  address.searchParams.set('heartbeat', String(seconds));
  return address.href;
}

/**
 * amqplib only half-closes the socket of a peer that is silent, and would wait for its answer. The error is what makes
 * it notice: it does not listen for a socket that was merely closed.
 */
function destroy(connection: ChannelModel): void {
  streamOf(connection).destroy(new Error('the connection was given up'));
}

function streamOf(connection: ChannelModel): Duplex {
  return (connection.connection as unknown as { stream: Duplex }).stream;
}
