import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import type { Database } from '../store/database.ts';
import { encodeDelivery, MAX_INLINE_BYTES } from '../transport/envelope.ts';
import type { Publication, Transport } from '../transport/transport.ts';
import { CLAIM_SECONDS, claimOutbox, releaseOutbox } from './outbox.ts';
import type { Claimed } from './outbox.ts';
import { Sweep } from './sweep.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  /** All routes of this hub, and the queue of each. */
  readonly queues: ReadonlyMap<string, string>;
}

/** Leave to hand deliveries over from memory. */
export interface Reservation {
  readonly messages: number;
  /** When it was given, by the monotonic clock: nothing was claimed before. */
  readonly at: number;
}

interface Held {
  readonly claimed: Claimed;
  /** Not claimed before; by the monotonic clock. */
  readonly since: number;
}

/** Rows taken from the store in one go. */
const CLAIM_BATCH = 500;
/** Parcels handed to the transport in one go. */
const PUBLISH_BATCH = 256;
/** What was claimed longer ago is not published any more: while the transport takes its time, another relay may take it. */
const MAX_CLAIMED_MS = CLAIM_SECONDS * 1_000 - 10_000;
/**
 * What was accepted just now goes at once, unless something went less than so long ago: then with all that is accepted
 * until then. A quiet hub does not wait, and a busy one publishes in batches that pay.
 */
const GATHER_MS = 20;
/** What may be held in memory of deliveries that were accepted just now; beyond it they wait in the store alone. */
const HELD_DELIVERIES = 2_000;
const HELD_BYTES = 16 * 1024 * 1024;
/** How often it looks for deliveries that others left in the outbox. */
const LOOK_MS = 500;
/** How long a route whose queue is full is left alone: doubles while it stays full. */
const FULL_MS = 100;
const MAX_FULL_MS = 2_000;
/** Rows taken to see whether a queue that was full has room again. */
const PROBE_BATCH = 20;

/**
 * Moves deliveries from the outbox to the transport: those that this process has just accepted straight from memory, all others
 * by looking. A row is deleted when the transport has confirmed it; what is not confirmed stays and is published again,
 * as a repeat. Any number of relays may work on one store.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #published: Sweep;
  readonly #resting = new Set<string>();
  /** How long a route that was full at the last look rests the next time. */
  readonly #full = new Map<string, number>();
  #held: Held[] = [];
  #heldBytes = 0;
  #reserved = 0;
  /** When what is held may go, by the monotonic clock, and what ends the wait for it. */
  #holdUntil = -Infinity;
  #cancelGather: (() => void) | undefined;
  #stopped = false;
  #running = false;
  #stopLooking: (() => Promise<void>) | undefined;
  #loop: Promise<void> = Promise.resolve();
  #lookAgain = true;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#published = new Sweep(options.database, options.clock);
    options.transport.onReady(() => this.wake());
  }

  /** Until then nothing is published, whoever wakes it: what was under way before may have to be held back first. */
  start(): void {
    this.#stopLooking = this.#options.clock.every(
      LOOK_MS,
      () => Promise.resolve(this.wake()),
      this.#options.log,
    );
    this.wake();
  }

  get #started(): boolean {
    return this.#stopLooking !== undefined;
  }

  /**
   * Asks, before their outbox rows are claimed, whether the deliveries of so many messages may be handed over from memory
   * after their commit; undefined if not. After a reservation `handOver` or `giveUp` must follow.
   */
  reserve(messages: number): Reservation | undefined {
    if (!this.#started || this.#stopped || !this.#options.transport.state().ready) return undefined;
    // A full queue: what is new waits behind what has waited longer.
    if (this.#resting.size > 0) return undefined;
    if (this.#held.length + this.#reserved + messages > HELD_DELIVERIES || this.#heldBytes > HELD_BYTES)
      return undefined;
    this.#reserved += messages;
    return { messages, at: this.#options.clock.monotonic() };
  }

  /** Deliveries whose outbox rows are committed and claimed for this relay. */
  handOver({ messages, at }: Reservation, deliveries: readonly Claimed[]): void {
    this.#reserved -= messages;
    for (const claimed of deliveries) {
      this.#held.push({ claimed, since: at });
      this.#heldBytes += claimed.delivery.payload?.length ?? 0;
    }
    this.#gather();
  }

  giveUp({ messages }: Reservation): void {
    this.#reserved -= messages;
  }

  /** Publishes what is held when it is time. */
  #gather(): void {
    const { clock } = this.#options;
    const waitMs = this.#holdUntil - clock.monotonic();
    if (waitMs <= 0 || this.#held.length >= PUBLISH_BATCH || this.#stopped) this.#run();
    else this.#cancelGather ??= clock.after(waitMs, () => this.#run());
  }

  /** There may be something in the outbox. */
  wake(): void {
    this.#lookAgain = true;
    this.#run();
  }

  /** Publishes what is in hand, then rests. What is left stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#stopLooking?.();
    while (this.#running || this.#held.length > 0) {
      this.#run();
      await this.#loop;
    }
    await this.#published.drain();
  }

  #run(): void {
    if (!this.#started || this.#running || (this.#stopped && this.#held.length === 0)) return;
    this.#running = true;
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    this.#loop = this.#work().finally(() => {
      this.#running = false;
      if (this.#lookAgain && !this.#stopped && this.#options.transport.state().ready) this.#run();
      else if (this.#held.length > 0) this.#gather();
    });
  }

  async #work(): Promise<void> {
    try {
      if (this.#held.length > 0) this.#holdUntil = this.#options.clock.monotonic() + GATHER_MS;
      for (let left = this.#held.length; left > 0; left -= PUBLISH_BATCH)
        await this.#publish(this.#takeHeld());
      if (this.#stopped || !this.#lookAgain || !this.#options.transport.state().ready) return;
      this.#lookAgain = false;
      const routes = [...this.#options.queues.keys()].filter((route) => !this.#resting.has(route));
      const more = await this.#publishFromStore(
        routes.filter((route) => !this.#full.has(route)),
        CLAIM_BATCH,
      );
      const room = await this.#publishFromStore(
        routes.filter((route) => this.#full.has(route)),
        PROBE_BATCH,
      );
      if (more || room) this.#lookAgain = true;
    } catch (error) {
      // The rows stay claimed until their lease ends, then they are published as repeats.
      this.#options.log.warn('the relay could not go on and will try again', { error: String(error) });
      this.#lookAgain = false;
    }
  }

  /** Resolves with whether there may be more. */
  async #publishFromStore(routes: readonly string[], limit: number): Promise<boolean> {
    if (routes.length === 0) return false;
    const since = this.#options.clock.monotonic();
    const claimed = await claimOutbox(this.#options.database.db, routes, limit, MAX_INLINE_BYTES);
    for (let from = 0; from < claimed.length; from += PUBLISH_BATCH) {
      if (this.#isStale(since)) {
        this.#leave(claimed.length - from);
        return false;
      }
      await this.#publish(claimed.slice(from, from + PUBLISH_BATCH));
    }
    return claimed.length === limit;
  }

  /** The next batch of what is held, without what is stale in it. */
  #takeHeld(): readonly Claimed[] {
    const batch = this.#held.splice(0, PUBLISH_BATCH);
    for (const { claimed } of batch) this.#heldBytes -= claimed.delivery.payload?.length ?? 0;
    const [oldest] = batch;
    const fresh =
      oldest === undefined || !this.#isStale(oldest.since)
        ? batch
        : batch.filter(({ since }) => !this.#isStale(since));
    if (fresh.length < batch.length) this.#leave(batch.length - fresh.length);
    return fresh.map(({ claimed }) => claimed);
  }

  #isStale(since: number): boolean {
    return this.#options.clock.monotonic() - since > MAX_CLAIMED_MS;
  }

  /** Their rows stay claimed until the lease ends; then they are published as repeats. */
  #leave(count: number): void {
    this.#options.log.warn('the transport is slow: deliveries are left in the outbox for now', { count });
  }

  async #publish(batch: readonly Claimed[]): Promise<void> {
    if (batch.length === 0) return;
    const { queues, transport, database } = this.#options;
    const parcels = batch.map(({ delivery }) => encodeDelivery(delivery, queues.get(delivery.route) ?? ''));
    const publications = await transport.publish(parcels);
    const ids: Record<Publication, string[]> = { confirmed: [], full: [], unknown: [] };
    publications.forEach((publication, index) => {
      const { id, delivery } = batch[index] as Claimed;
      ids[publication].push(id);
      if (publication === 'full') this.#rest(delivery.route);
      else if (publication === 'confirmed' && this.#full.size > 0) this.#full.delete(delivery.route);
    });
    this.#published.add(ids.confirmed);
    if (ids.full.length > 0) await releaseOutbox(database.db, ids.full, false);
    if (ids.unknown.length > 0) await releaseOutbox(database.db, ids.unknown, true);
  }

  #rest(route: string): void {
    if (this.#resting.has(route)) return;
    const ms = this.#full.get(route) ?? FULL_MS;
    this.#full.set(route, Math.min(2 * ms, MAX_FULL_MS));
    this.#resting.add(route);
    this.#options.clock.after(ms, () => {
      this.#resting.delete(route);
      this.wake();
    });
  }
}
