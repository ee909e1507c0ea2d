import type { Consumer, Held, Received, Transport, Verdict } from '../transport/index.ts';

export interface RouteConsumerOptions {
  readonly transport: Transport;
  readonly queue: string;
  /** Deliveries in hand at a time, at most. */
  readonly concurrency: number;
  readonly handle: (parcel: Received) => Promise<Verdict>;
}

/**
 * A route's consumer, which can be paused, slowed to one delivery at a time and set going again. It is paused by its limit and not
 * by ending it: what a consumer gives back at its end has used up one of the hand-outs that the broker allows.
 */
export class RouteConsumer {
  readonly #options: RouteConsumerOptions;
  #consumer: Consumer | undefined;
  #limit = 0;

  constructor(options: RouteConsumerOptions) {
    this.#options = options;
    this.#limit = options.concurrency;
  }

  async start(): Promise<void> {
    const { transport, queue, concurrency, handle } = this.#options;
    this.#consumer = await transport.consume(queue, concurrency, handle);
    this.#consumer.limit(this.#limit);
  }

  /** 0 pauses. */
  limit(concurrency: number): void {
    this.#limit = Math.min(concurrency, this.#options.concurrency);
    this.#consumer?.limit(this.#limit);
  }

  held(): Held | undefined {
    return this.#consumer?.held();
  }

  /** Waits for what is in hand. */
  async stop(): Promise<void> {
    await this.#consumer?.stop();
  }
}
