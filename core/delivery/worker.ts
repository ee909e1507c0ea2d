import { deliveryKey } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Logger } from '../model/logger.ts';
import type { Outcome } from '../model/outcome.ts';
import type { SuspectTrials } from '../recovery/index.ts';
import type { RouteProgram } from '../router/index.ts';
import { outlastOutage } from '../store/index.ts';
import { decodeDelivery } from '../transport/index.ts';
import type { Held, Received, Transport, Verdict } from '../transport/index.ts';
import { attemptDelivery } from './attempt.ts';
import type { AttemptEnv } from './attempt.ts';
import type { SettlementRecord } from './record.ts';
import { RouteConsumer } from './route-consumer.ts';
import { settledBefore } from './settled-before.ts';
import type { Settler } from './settler.ts';

export interface WorkerOptions extends AttemptEnv {
  readonly transport: Transport;
  readonly settler: Settler;
  readonly log: Logger;
  readonly programs: ReadonlyMap<string, RouteProgram>;
  /** The queue of each route. */
  readonly queues: ReadonlyMap<string, string>;
  readonly trials: SuspectTrials;
  /** Told of every settled attempt, after its commit. */
  readonly onSettled: (route: string, outcome: Outcome, durationMs: number) => void;
}

/** For targets that are topics: they have no connection whose limits would count. */
const TOPIC_CONCURRENCY = 16;
/** In hand at a time for each call that the connection allows: calls go on while the outcomes of many others are written. */
const IN_HAND_PER_CALL = 4;
const COMPLAIN_MS = 60_000;

/** Takes deliveries of all routes from the transport, tries them, settles them. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #clock: Clock;
  readonly #consumers = new Map<string, RouteConsumer>();
  /** Deliveries in hand, by their keys: of two copies one waits for the other. */
  readonly #inHand = new Map<string, Promise<void>>();
  #complainedAt = -Infinity;
  /** Aborted when even the deliveries in hand must end. */
  readonly #ending = new AbortController();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    for (const [route, program] of options.programs) {
      const queue = options.queues.get(route);
      if (queue === undefined) throw new RangeError(`the route ${route} has no queue`);
      this.#consumers.set(
        route,
        new RouteConsumer({
          transport: options.transport,
          queue,
          concurrency: this.#fullConcurrency(program),
          handle: (parcel) => this.#handle(program, parcel),
        }),
      );
    }
  }

  async start(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.start()));
  }

  /** The breaker of a connection has changed: its routes stop, take one at a time, or go on. */
  connectionChanged(connection: string): void {
    for (const [route, program] of this.#options.programs) {
      if (program.connections.includes(connection)) this.#adjust(route, program);
    }
  }

  /** What it was handed and has not settled, by route. */
  held(): ReadonlyMap<string, Held> {
    const all = new Map<string, Held>();
    for (const [route, consumer] of this.#consumers) {
      const held = consumer.held();
      if (held !== undefined) all.set(route, held);
    }
    return all;
  }

  /** Takes no more deliveries and waits for those in hand; after `graceMs` they are given up, unsettled. */
  async stop(graceMs: number): Promise<void> {
    const cancel = this.#clock.after(graceMs, () => this.#ending.abort(new Error('the hub is stopping')));
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    await this.#options.settler.drain();
    cancel();
  }

  #adjust(route: string, program: RouteProgram): void {
    const states = new Set(program.connections.map((name) => this.#options.gates.get(name)?.state));
    const limit = states.has('open') ? 0 : states.has('probing') ? 1 : this.#fullConcurrency(program);
    this.#consumers.get(route)?.limit(limit);
  }

  #fullConcurrency({ target }: RouteProgram): number {
    const gate = target.to.kind === 'topic' ? undefined : this.#options.gates.get(target.to.connection);
    return IN_HAND_PER_CALL * (gate?.concurrency ?? TOPIC_CONCURRENCY);
  }

  async #handle(program: RouteProgram, parcel: Received): Promise<Verdict> {
    let delivery: Delivery;
    try {
      delivery = decodeDelivery(parcel);
    } catch (error) {
      this.#options.log.warn('a parcel that is not one of ours was dropped', {
        queue: parcel.queue,
        id: parcel.id,
        error: String(error),
      });
      return 'settled';
    }
    try {
      await this.#oneAtATime(delivery, (copy) => this.#deliver(program, copy, parcel));
      return 'settled';
    } catch (error) {
      if (!this.#ending.signal.aborted)
        this.#options.log.error('a delivery could not be settled and goes back to the queue', {
          route: delivery.route,
          message: delivery.message.id,
          error: String(error),
        });
      return 'return';
    }
  }

  /** A second copy waits until the first is settled: then it is known what became of it. */
  async #oneAtATime(delivery: Delivery, deliver: (copy: Delivery) => Promise<void>): Promise<void> {
    const key = deliveryKey(delivery.message.id, delivery.route);
    const first = this.#inHand.get(key);
    const repeated = (): Promise<void> => deliver({ ...delivery, repeat: true });
    const work = first === undefined ? deliver(delivery) : first.then(repeated, repeated);
    this.#inHand.set(key, work);
    try {
      await work;
    } finally {
      if (this.#inHand.get(key) === work) this.#inHand.delete(key);
    }
  }

  async #deliver(program: RouteProgram, delivery: Delivery, parcel: Received): Promise<void> {
    const { database, trials } = this.#options;
    const mayRepeat = delivery.repeat || parcel.redelivered;
    if (mayRepeat && (await this.#withStore(() => settledBefore(database, delivery)))) return;
    const copy = mayRepeat && !delivery.repeat ? { ...delivery, repeat: true } : delivery;
    if (!trials.suspects(parcel.returns)) return this.#attempt(program, copy);
    await trials.inTurn(parcel.returns, async () => {
      this.#ending.signal.throwIfAborted();
      if (await this.#withStore(() => trials.begin(copy, parcel.returns))) await this.#attempt(program, copy);
    });
  }

  async #attempt(program: RouteProgram, delivery: Delivery): Promise<void> {
    const begun = this.#clock.monotonic();
    const attempted = await this.#withStore(() =>
      attemptDelivery(program, delivery, this.#options, this.#ending.signal),
    );
    const durationMs = Math.round(this.#clock.monotonic() - begun);
    const { settler } = this.#options;
    await this.#settle(settler.record({ ...attempted, delivery, durationMs }));
    this.#options.onSettled(delivery.route, attempted.outcome, durationMs);
  }

  /** While the store is away the delivery stays in hand, unacknowledged: giving it back would only repeat its action. */
  #withStore<T>(work: () => Promise<T>): Promise<T> {
    return outlastOutage(work, { clock: this.#clock, signal: this.#ending.signal });
  }

  /** The action is done: whatever keeps the store from writing so, the delivery stays in hand. */
  #settle(record: SettlementRecord): Promise<void> {
    return outlastOutage(() => this.#options.settler.settle(record), {
      clock: this.#clock,
      signal: this.#ending.signal,
      complain: (error) => this.#complain(error),
    });
  }

  /** Not for each delivery that waits. */
  #complain(error: unknown): void {
    const now = this.#clock.monotonic();
    if (now < this.#complainedAt + COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.#options.log.error('what became of deliveries can not be written; they stay in hand until it can', {
      error: String(error),
    });
  }
}
