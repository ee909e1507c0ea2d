/**
 * The port to the work distributor. Durability is not its promise: the store has every delivery until it is final, and
 * re-drives what a transport lost. `memory.ts` and `rabbitmq.ts` pass the one suite in test/contract/transport.ts.
 */
export interface Transport {
  /**
   * Makes the queues that are missing; called at start and, by the transport itself, after every reconnect. Resolves
   * with the queues that had to be made anew: what was in them before, if anything, is gone. While the broker can't be
   * reached it resolves with none: they are made once it is there, and `onQueueLost` tells of each.
   * Throws BROKER_REFUSED when a queue exists with other properties or the rights are missing.
   */
  declare(topology: Topology): Promise<readonly string[]>;
  /**
   * Resolves for each parcel, in the order given, with what is known. Never rejects; never takes longer than the time
   * limit. Does not wait for a transport that is not ready: it says `full`, since nothing was sent.
   */
  publish(parcels: readonly Parcel[]): Promise<readonly Publication[]>;
  /**
   * Hands parcels of one queue to `handle`, at most `concurrency` at a time. A parcel is acknowledged when the promise
   * says `settled`; `return` gives it back to the queue. A rejected promise counts as `return`.
   * The consumer survives reconnects and the deletion of its queue.
   */
  consume(
    queue: string,
    concurrency: number,
    handle: (parcel: Received) => Promise<Verdict>,
  ): Promise<Consumer>;
  /**
   * Removes a queue that no route needs any more, with all that is in it; one that is not there is fine. Rejects while the
   * broker can't be reached.
   */
  remove(queue: string): Promise<void>;
  /**
   * What waits in each queue, not counting what is handed out: nothing in one that does not exist. A queue that could not
   * be asked about is left out: nothing is known of it. Never rejects.
   */
  depths(queues: readonly string[]): Promise<ReadonlyMap<string, Depth>>;
  /** Whether it can publish right now, and if not, why: for /readyz. */
  state(): TransportState;
  /** Called with each queue that was found gone (deleted, wiped) and has been made anew. */
  onQueueLost(listener: (queue: string) => void): void;
  /** Called when parcels may be published again after a time when they could not. */
  onReady(listener: () => void): void;
  /** Stops consumers (waiting for parcels in hand), then disconnects. */
  close(): Promise<void>;
}

/** The queues that a set of routes needs: a pure function of the mappings, see topology.ts. */
export interface Topology {
  /** Prefix of all names on a shared broker. */
  readonly namespace: string;
  readonly queues: readonly QueueSpec[];
  /** Where the broker puts what it gave up on. */
  readonly deadLetters: string;
}

/** Parcels that wait in a queue. Where some travel as bundles, which count as one, only bounds are known. */
export interface Depth {
  readonly atLeast: number;
  readonly atMost: number;
}

export interface QueueSpec {
  readonly name: string;
  /** What may wait here before publications are refused, a bundle counting as one: the backlog belongs in the outbox. */
  readonly maxLength: number;
  /** Hand-outs without settlement before the broker dead-letters a parcel. */
  readonly deliveryLimit: number;
}

/** What travels: headers are `crossdock-*`, values short strings. */
export interface Parcel {
  readonly queue: string;
  /** The message's id. */
  readonly id: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Received extends Parcel {
  /** The transport handed it out before, or does not know. */
  readonly redelivered: boolean;
  /**
   * How often it came back to the queue, as far as the transport knows. A hint: it counts for whatever a consumer had
   * been handed when it ended, begun or not, and for all of a bundle when some of it came back.
   */
  readonly returns: number;
}

/**
 * `confirmed` safe with the transport · `full` refused or not even sent, so it is not there: try later · `unknown` may
 * be there or not: publish again, as a repeat.
 */
export type Publication = 'confirmed' | 'full' | 'unknown';

export type Verdict = 'settled' | 'return';

/** What a consumer was handed and has not settled, begun or not. */
export interface Held {
  /** Parcels, at most: a bundle that is not begun yet counts as a full one. */
  readonly count: number;
  /** Which one of all that it was handed is the oldest of these: the same number for as long as it is the same. */
  readonly oldest: number;
}

export interface Consumer {
  /**
   * From now on at most so many at a time; 0 pauses. What was handed out already is not affected. To pause is kinder
   * than to stop: nothing goes back, and going back counts towards a queue's delivery limit.
   */
  limit(concurrency: number): void;
  /** What it holds, which `depths` does not count; undefined when that is nothing. */
  held(): Held | undefined;
  /** Takes no more parcels; resolves when those in hand are settled and acknowledged. Parcels not yet begun go back. */
  stop(): Promise<void>;
}

export type TransportState = { readonly ready: true } | { readonly ready: false; readonly reason: string };
