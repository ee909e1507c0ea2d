import { randomUUID } from 'node:crypto';
import { topologyOf } from '../../core/transport/index.ts';
import type { Held, Parcel, Received, Topology, Transport, Verdict } from '../../core/transport/index.ts';
import { until } from '../support/until.ts';

/** One implementation, as the contract wants to handle it. */
export interface TransportSubject {
  readonly transport: Transport;
  /** Deletes a queue behind the transport's back. */
  deleteQueue?(name: string): Promise<void>;
  /** Restarts whatever the transport talks to. */
  restart?(): Promise<void>;
}

/** A transport with two declared queues of a namespace of their own, and short words for what tests do with it. */
export class Bench {
  readonly subject: TransportSubject;
  readonly namespace: string;
  readonly topology: Topology;
  readonly queue: string;
  readonly other: string;

  private constructor(subject: TransportSubject, topology: Topology) {
    this.subject = subject;
    this.topology = topology;
    this.namespace = topology.namespace;
    this.queue = topology.queues[0]?.name ?? '';
    this.other = topology.queues[1]?.name ?? '';
  }

  static async on(subject: TransportSubject): Promise<Bench> {
    const namespace = `test-${randomUUID()}`;
    const routes = ['sales/orders/erp', 'sales/payments/erp'];
    const topology = topologyOf(routes, { namespace, maxLength: 1_000, deliveryLimit: 3 });
    await subject.transport.declare(topology);
    await until(() => subject.transport.state().ready);
    return new Bench(subject, topology);
  }

  get transport(): Transport {
    return this.subject.transport;
  }

  parcel(body: string): Parcel {
    const id = randomUUID();
    return { queue: this.queue, id, contentType: 'text/plain', headers: {}, body: Buffer.from(body) };
  }

  /** Parcels whose bodies are the numbers from `from` on. */
  async publish(count: number, from = 0): Promise<readonly string[]> {
    const parcels = Array.from({ length: count }, (_, index) => this.parcel(String(from + index)));
    return await this.transport.publish(parcels);
  }

  async consume(
    concurrency: number,
    handle: (parcel: Received) => Promise<Verdict>,
    queue = this.queue,
  ): Promise<Inbox> {
    const inbox = new Inbox();
    const consumer = await this.transport.consume(queue, concurrency, (parcel) => {
      inbox.add(parcel);
      return handle(parcel);
    });
    inbox.stop = () => consumer.stop();
    inbox.held = () => consumer.held();
    inbox.limit = (most) => {
      consumer.limit(most);
    };
    return inbox;
  }

  async depthBecomes(expected: number): Promise<void> {
    let depth: number | undefined;
    const same = async (): Promise<boolean> => {
      depth = (await this.transport.depths([this.queue])).get(this.queue)?.atLeast;
      return depth === expected;
    };
    await until(same, { what: () => `that the depth (${depth}) becomes ${expected}` });
  }
}

/** What a consumer was given, to wait for. */
export class Inbox {
  readonly all: Received[] = [];
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  stop: () => Promise<void> = async () => {};
  limit: (concurrency: number) => void = () => {};
  held: () => Held | undefined = () => undefined;

  get count(): number {
    return this.all.length;
  }

  add(parcel: Received): void {
    this.all.push(parcel);
    for (const { count, resolve } of this.#waiting) if (count <= this.all.length) resolve();
  }

  /** Resolves with all of them when there are at least so many. */
  async parcels(count: number): Promise<readonly Received[]> {
    if (this.all.length < count)
      await new Promise<void>((resolve) => {
        this.#waiting.push({ count, resolve });
      });
    return this.all;
  }
}

/** The bodies of parcels as texts. */
export function bodies(parcels: readonly Received[]): string[] {
  return parcels.map(({ body }) => body.toString());
}
