import type { ConfirmChannel, Options } from 'amqplib';
import type { Clock } from '../../model/clock.ts';
import type { Logger } from '../../model/logger.ts';
import { Fifo } from '../fifo.ts';
import type { Parcel, Publication } from '../transport.ts';
import { Backoff } from './backoff.ts';
import { BUNDLE_TYPE, packBundle, planShipments } from './bundle.ts';
import type { Shipment } from './bundle.ts';
import type { Link } from './link.ts';

export interface PublisherOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** How long a publication may take, in milliseconds. */
  readonly timeLimitMs: number;
  /** Broker messages that may be without an answer at one time. */
  readonly window: number;
}

export interface PublisherEvents {
  /** It can publish, or can't any more: look again. */
  changed(): void;
  /** The broker sent a parcel back because there is no such queue. */
  unroutable(queue: string): void;
}

/** The parcels of one call of `publish`, and the broker messages that they travel as. */
interface Batch {
  readonly parcels: readonly Parcel[];
  readonly shipments: readonly Shipment[];
  /** By shipment. */
  readonly results: (Publication | undefined)[];
  readonly answer: Promise<readonly Publication[]>;
  readonly resolve: (results: readonly Publication[]) => void;
  /** Ends the wait for the time limit. */
  readonly cancel: () => void;
  /** The first shipment that is not sent yet. */
  next: number;
  unanswered: number;
  over: boolean;
}

interface Flight {
  readonly batch: Batch;
  /** Of the shipment. */
  readonly index: number;
  readonly bytes: number;
}

/** Large parcels count, too: what is without an answer is kept in memory. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** Publishes over one confirm channel, in order, many at a time. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #events: PublisherEvents;
  readonly #closing = new AbortController();
  readonly #batches = new Fifo<Batch>();
  /** Sent and not answered, by delivery tag, in the order of the tags. */
  readonly #flights = new Map<number, Flight>();
  readonly #returned = new Map<string, number>();
  #bytesInFlight = 0;
  #channel: ConfirmChannel | undefined;
  #tag = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PublisherOptions, events: PublisherEvents) {
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    this.#loop = this.#run();
  }

  get ready(): boolean {
    return this.#channel !== undefined && this.#options.link.blocked === undefined;
  }

  async publish(parcels: readonly Parcel[]): Promise<readonly Publication[]> {
    if (parcels.length === 0) return [];
    if (!this.ready || this.#closing.signal.aborted) return parcels.map(() => 'full');
    const { clock, timeLimitMs } = this.#options;
    const { promise, resolve } = Promise.withResolvers<readonly Publication[]>();
    const shipments = planShipments(parcels);
    const batch: Batch = {
      parcels,
      shipments,
      results: new Array<Publication | undefined>(shipments.length).fill(undefined),
      answer: promise,
      resolve,
      cancel: clock.after(timeLimitMs, () => this.#expire(batch)),
      next: 0,
      unanswered: shipments.length,
      over: false,
    };
    this.#batches.push(batch);
    this.#pump();
    return promise;
  }

  /** Waits for what is under way (its time limit ends that), then closes the connection. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the transport is closed'));
    this.#refuseUnsent();
    const inFlight = new Set([...this.#flights.values()].map(({ batch }) => batch));
    await Promise.all([...inFlight].map(({ answer }) => answer));
    await this.#options.link.close(); // and not the channel: a broker that has stopped reading would never answer
    await this.#loop;
  }

  /** Refuses what can't be sent for now; what is sent already waits for its answer or its time limit. */
  blockedChanged(): void {
    if (this.#options.link.blocked !== undefined) this.#refuseUnsent();
    else this.#pump();
  }

  async #run(): Promise<void> {
    const { link, clock, random, log } = this.#options;
    const { signal } = this.#closing;
    const backoff = new Backoff(random, 100, 5_000);
    while (!signal.aborted) {
      try {
        const connection = await link.connected(signal);
        const channel = await connection.createConfirmChannel();
        const closed = new Promise<void>((resolve) => channel.on('close', resolve));
        if (signal.aborted) return;
        // Then the channel has closed before anybody listened.
        if (link.connection !== connection) throw new Error('the connection was closed');
        channel.on('error', (error) => {
          log.warn('the broker closed the publishing channel', { reason: error.message });
        });
        this.#open(channel);
        backoff.reset();
        await closed;
      } catch (error) {
        if (!signal.aborted) log.debug('no publishing channel', { reason: String(error) });
      }
      this.#lose();
      if (!signal.aborted) await clock.sleep(backoff.next(), signal).catch(() => {});
    }
  }

  #open(channel: ConfirmChannel): void {
    channel.on('ack', ({ deliveryTag, multiple }) => {
      this.#answered(deliveryTag, multiple, 'confirmed');
    });
    channel.on('nack', ({ deliveryTag, multiple }) => {
      this.#answered(deliveryTag, multiple, 'full');
    });
    channel.on('return', (message) => {
      const key = returnKey(message.fields.routingKey, String(message.properties.messageId));
      this.#returned.set(key, (this.#returned.get(key) ?? 0) + 1);
    });
    this.#tag = 0;
    this.#channel = channel;
    this.#events.changed();
  }

  /** What was sent over the lost channel may have arrived or not; what was not sent certainly did not. */
  #lose(): void {
    const had = this.#channel !== undefined;
    this.#channel = undefined;
    const flights = [...this.#flights.values()];
    this.#flights.clear();
    this.#returned.clear();
    this.#bytesInFlight = 0;
    for (const { batch, index } of flights) settle(batch, index, 'unknown');
    this.#refuseUnsent();
    if (had) this.#events.changed();
  }

  #refuseUnsent(): void {
    for (const batch of this.#batches.drain()) {
      while (batch.next < batch.shipments.length) settle(batch, batch.next++, 'full');
    }
  }

  #pump(): void {
    const channel = this.#channel;
    if (channel === undefined || this.#options.link.blocked !== undefined) return;
    while (this.#flights.size < this.#options.window && this.#bytesInFlight < WINDOW_BYTES) {
      const batch = this.#batches.peek();
      if (batch === undefined) return;
      if (batch.over || batch.next === batch.shipments.length) this.#batches.shift();
      else this.#send(channel, batch, batch.next++);
    }
  }

  #send(channel: ConfirmChannel, batch: Batch, index: number): void {
    const parcels = parcelsOf(batch, index);
    const [first] = parcels;
    const body = parcels.length === 1 ? first.body : packBundle(parcels);
    try {
      channel.publish('', first.queue, body, publishOptions(parcels));
    } catch (error) {
      // Nothing was written: either the channel is closing, or the parcel can't be encoded (headers above 64 KiB).
      this.#options.log.error('a parcel can not be sent', { id: first.id, reason: String(error) });
      settle(batch, index, 'unknown');
      return;
    }
    this.#tag += 1;
    this.#flights.set(this.#tag, { batch, index, bytes: body.length });
    this.#bytesInFlight += body.length;
  }

  #answered(upTo: number, multiple: boolean, result: Publication): void {
    if (multiple) {
      for (const [tag, flight] of this.#flights) {
        if (tag > upTo) break;
        this.#land(tag, flight, result);
      }
    } else {
      const flight = this.#flights.get(upTo);
      if (flight !== undefined) this.#land(upTo, flight, result);
    }
    this.#pump();
  }

  #land(tag: number, { batch, index, bytes }: Flight, result: Publication): void {
    this.#flights.delete(tag);
    this.#bytesInFlight -= bytes;
    // A parcel without a queue comes back before it is confirmed like any other.
    const [parcel] = this.#returned.size > 0 ? parcelsOf(batch, index) : [];
    if (parcel !== undefined && this.#takeReturned(parcel)) {
      settle(batch, index, 'unknown');
      this.#events.unroutable(parcel.queue);
    } else {
      settle(batch, index, result);
    }
  }

  #takeReturned(parcel: Parcel): boolean {
    const key = returnKey(parcel.queue, parcel.id);
    const count = this.#returned.get(key);
    if (count === undefined) return false;
    if (count === 1) this.#returned.delete(key);
    else this.#returned.set(key, count - 1);
    return true;
  }

  /** Time is up: nobody waits any longer for answers that may still come. */
  #expire(batch: Batch): void {
    const sent = batch.next;
    for (let index = 0; index < batch.shipments.length; index += 1)
      settle(batch, index, index < sent ? 'unknown' : 'full');
    batch.next = batch.shipments.length;
    const channel = this.#channel;
    if (channel === undefined || !this.#isStuck()) return;
    this.#options.log.warn('the broker does not answer; opening another publishing channel');
    this.#lose();
    channel.close().catch(() => {});
  }

  /** Half of the window is taken up by what nobody waits for: one queue without answers must not hold up the others. */
  #isStuck(): boolean {
    if (this.#options.link.blocked !== undefined) return false;
    const abandoned = [...this.#flights.values()].filter(({ batch }) => batch.over);
    const bytes = abandoned.reduce((sum, flight) => sum + flight.bytes, 0);
    return abandoned.length >= this.#options.window / 2 || bytes >= WINDOW_BYTES / 2;
  }
}

function settle(batch: Batch, index: number, result: Publication): void {
  if (batch.over || batch.results[index] !== undefined) return;
  batch.results[index] = result;
  batch.unanswered -= 1;
  if (batch.unanswered > 0) return;
  batch.over = true;
  batch.cancel();
  const publications = new Array<Publication>(batch.parcels.length);
  batch.shipments.forEach((shipment, nth) => {
    for (const place of shipment) publications[place] = batch.results[nth] as Publication;
  });
  batch.resolve(publications);
}

function parcelsOf(batch: Batch, index: number): readonly [Parcel, ...Parcel[]] {
  const places = batch.shipments[index] as Shipment;
  return places.map((place) => batch.parcels[place] as Parcel) as [Parcel, ...Parcel[]];
}

function publishOptions(parcels: readonly [Parcel, ...Parcel[]]): Options.Publish {
  const [{ id: messageId, contentType, headers }] = parcels;
  const options = { persistent: true, mandatory: true, messageId };
  return parcels.length === 1 ? { ...options, contentType, headers } : { ...options, type: BUNDLE_TYPE };
}

function returnKey(queue: string, id: string): string {
  return `${id} ${queue}`;
}
