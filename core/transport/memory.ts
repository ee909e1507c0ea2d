import { CrossdockError } from '../model/errors.ts';
import { Fifo } from './fifo.ts';
import { InHand } from './in-hand.ts';
import type {
  Consumer,
  Depth,
  Held,
  Parcel,
  Publication,
  QueueSpec,
  Received,
  Topology,
  Transport,
  TransportState,
  Verdict,
} from './transport.ts';

interface Waiting {
  readonly parcel: Parcel;
  /** How often it came back. */
  returns: number;
}

interface Queue {
  readonly spec: QueueSpec;
  readonly waiting: Fifo<Waiting>;
  readonly consumers: MemoryConsumer[];
}

/** Work in this process only, for the embedded default. What it holds is gone with the process: the store re-drives it. */
export function createMemoryTransport(): Transport {
  return new MemoryTransport();
}

class MemoryTransport implements Transport {
  readonly #queues = new Map<string, Queue>();
  #deadLetters: string | undefined;
  #closed = false;

  async declare(topology: Topology): Promise<readonly string[]> {
    const made: string[] = [];
    this.#deadLetters = topology.deadLetters;
    const graveyard = { name: topology.deadLetters, maxLength: Infinity, deliveryLimit: Infinity };
    for (const spec of [...topology.queues, graveyard]) {
      const existing = this.#queues.get(spec.name);
      if (existing === undefined) {
        this.#queues.set(spec.name, { spec, waiting: new Fifo(), consumers: [] });
        if (spec !== graveyard) made.push(spec.name);
      } else if (
        existing.spec.maxLength !== spec.maxLength ||
        existing.spec.deliveryLimit !== spec.deliveryLimit
      ) {
        throw new CrossdockError('BROKER_REFUSED', `queue ${spec.name} exists with other properties`);
      }
    }
    return made;
  }

  async publish(parcels: readonly Parcel[]): Promise<readonly Publication[]> {
    const touched = new Set<Queue>();
    const results = parcels.map((parcel): Publication => {
      if (this.#closed) return 'full';
      const queue = this.#queues.get(parcel.queue);
      if (queue === undefined) return 'unknown';
      if (queue.waiting.length >= queue.spec.maxLength) return 'full';
      queue.waiting.push({ parcel, returns: 0 });
      touched.add(queue);
      return 'confirmed';
    });
    for (const queue of touched) this.#handOut(queue);
    return results;
  }

  async consume(
    queueName: string,
    concurrency: number,
    handle: (parcel: Received) => Promise<Verdict>,
  ): Promise<Consumer> {
    const queue = this.#queues.get(queueName);
    if (queue === undefined)
      throw new CrossdockError('BROKER_REFUSED', `queue ${queueName} was not declared`);
    const consumer = new MemoryConsumer(concurrency, handle, {
      free: () => {
        this.#handOut(queue);
      },
      returned: (waiting) => {
        this.#giveBack(queue, waiting);
      },
      untouched: (waiting) => {
        queue.waiting.unshift(waiting);
        this.#handOut(queue);
      },
      stopped: () => {
        queue.consumers.splice(queue.consumers.indexOf(consumer), 1);
      },
    });
    queue.consumers.push(consumer);
    this.#handOut(queue);
    return consumer;
  }

  async remove(name: string): Promise<void> {
    this.#queues.delete(name);
  }

  async depths(names: readonly string[]): Promise<ReadonlyMap<string, Depth>> {
    const depths = new Map<string, Depth>();
    for (const name of names) {
      const length = this.#queues.get(name)?.waiting.length ?? 0;
      depths.set(name, { atLeast: length, atMost: length });
    }
    return depths;
  }

  state(): TransportState {
    return this.#closed ? { ready: false, reason: 'closed' } : { ready: true };
  }

  /** Nobody else can reach these queues, so none is ever lost. */
  onQueueLost(): void {}

  /** It is always ready. */
  onReady(): void {}

  async close(): Promise<void> {
    this.#closed = true;
    const consumers = [...this.#queues.values()].flatMap((queue) => queue.consumers);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  }

  /** To the consumers in turn, so that none of them gets everything. */
  #handOut(queue: Queue): void {
    let passes = queue.consumers.length;
    while (passes > 0 && queue.waiting.length > 0) {
      const consumer = queue.consumers.shift() as MemoryConsumer;
      queue.consumers.push(consumer);
      if (!consumer.free) {
        passes -= 1;
        continue;
      }
      passes = queue.consumers.length;
      consumer.take(queue.waiting.shift() as Waiting);
    }
  }

  #giveBack(queue: Queue, waiting: Waiting): void {
    waiting.returns += 1;
    if (waiting.returns <= queue.spec.deliveryLimit) {
      queue.waiting.unshift(waiting);
      this.#handOut(queue);
      return;
    }
    const graveyard = this.#queues.get(this.#deadLetters ?? '');
    if (graveyard === undefined) return;
    const headers = {
      ...waiting.parcel.headers,
      'crossdock-dead-queue': queue.spec.name,
      'crossdock-dead-reason': 'delivery_limit',
    };
    const parcel = { ...waiting.parcel, queue: graveyard.spec.name, headers };
    graveyard.waiting.push({ parcel, returns: 0 });
    this.#handOut(graveyard);
  }
}

interface ConsumerEvents {
  free(): void;
  returned(waiting: Waiting): void;
  untouched(waiting: Waiting): void;
  stopped(): void;
}

class MemoryConsumer implements Consumer {
  #limit: number;
  readonly #handle: (parcel: Received) => Promise<Verdict>;
  readonly #events: ConsumerEvents;
  readonly #inHand = new InHand();
  #stopping: Promise<void> | undefined;
  #drained: () => void = () => {};

  constructor(limit: number, handle: (parcel: Received) => Promise<Verdict>, events: ConsumerEvents) {
    this.#limit = limit;
    this.#handle = handle;
    this.#events = events;
  }

  get free(): boolean {
    return this.#stopping === undefined && this.#inHand.size < this.#limit;
  }

  limit(concurrency: number): void {
    this.#limit = concurrency;
    if (this.free) this.#events.free();
  }

  held(): Held | undefined {
    return this.#inHand.held();
  }

  take(waiting: Waiting): void {
    void this.#run(waiting, this.#inHand.begin());
  }

  async #run(waiting: Waiting, number: number): Promise<void> {
    // A queue that is never empty must not keep the event loop from everything else.
    await new Promise((resolve) => setImmediate(resolve));
    const begun = this.#stopping === undefined;
    const verdict = begun ? await this.#verdictOn(waiting) : 'return';
    this.#inHand.end(number);
    if (!begun) this.#events.untouched(waiting);
    else if (verdict === 'return') this.#events.returned(waiting);
    if (this.#inHand.size === 0) this.#drained();
    if (this.free) this.#events.free();
  }

  async #verdictOn(waiting: Waiting): Promise<Verdict> {
    try {
      return await this.#handle({
        ...waiting.parcel,
        redelivered: waiting.returns > 0,
        returns: waiting.returns,
      });
    } catch {
      return 'return';
    }
  }

  async stop(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      this.#events.stopped();
      this.#drained = resolve;
      if (this.#inHand.size === 0) resolve();
    });
    await this.#stopping;
  }
}
