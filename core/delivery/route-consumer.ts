import type { Logger } from '../model/logger.ts';
import type { Consumer, Received, Transport, Verdict } from '../transport/transport.ts';

export interface RouteConsumerOptions {
  readonly transport: Transport;
  readonly log: Logger;
  readonly queue: string;
  readonly handle: (parcel: Received) => Promise<Verdict>;
}

/** A route's consumer, which can be paused, slowed to one at a time and set going again. Changes are made one after the other. */
export class RouteConsumer {
  readonly #options: RouteConsumerOptions;
  #wanted = 0;
  #running = 0;
  #consumer: Consumer | undefined;
  #closed = false;
  #change: Promise<void> = Promise.resolve();

  constructor(options: RouteConsumerOptions) {
    this.#options = options;
  }

  /** 0 pauses. Resolves when it is so, or when a later wish has overtaken it. */
  setConcurrency(concurrency: number): Promise<void> {
    if (this.#closed) return this.#change;
    this.#wanted = concurrency;
    this.#change = this.#change.then(() => this.#apply());
    return this.#change;
  }

  /** Waits for what is in hand. */
  close(): Promise<void> {
    const closed = this.setConcurrency(0);
    this.#closed = true;
    return closed;
  }

  async #apply(): Promise<void> {
    const { transport, queue, handle, log } = this.#options;
    if (this.#wanted === this.#running) return;
    try {
      const concurrency = this.#wanted;
      await this.#consumer?.stop();
      this.#consumer = undefined;
      this.#running = 0;
      if (concurrency > 0) this.#consumer = await transport.consume(queue, concurrency, handle);
      this.#running = concurrency;
    } catch (error) {
      log.warn('a consumer could not be changed', { queue, error: String(error) });
    }
  }
}
