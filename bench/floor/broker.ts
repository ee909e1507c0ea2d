import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { Batcher } from './batcher.ts';
import type { Outgoing, Store } from './store.ts';

export const QUEUE = 'crossdock-bench-floor';
const HELD = 2_000;
const BATCH = 500;
const LOOK_MS = 250;

/** A quorum queue with a length cap, a delivery limit and at-least-once dead-lettering: what the hub's queues are. */
export async function declareQueue(broker: ChannelModel, maxLength: number): Promise<void> {
  const channel = await broker.createChannel();
  const dead = `${QUEUE}-dead`;
  await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.assertQueue(QUEUE, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-overflow': 'reject-publish',
      'x-max-length': maxLength,
      'x-delivery-limit': 10,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': dead,
      'x-dead-letter-strategy': 'at-least-once',
    },
  });
  await channel.close();
}

export function connectBroker(url: string): Promise<ChannelModel> {
  return connect(url, { noDelay: true });
}

/**
 * From the outbox to the queue: what was accepted just now straight from memory, the rest by looking. A row goes when
 * the broker has confirmed it.
 */
export class Relay {
  readonly #store: Store;
  readonly #channel: ConfirmChannel;
  readonly #returned = new Set<string>();
  readonly #sent: Batcher<string, undefined>;
  #held: Outgoing[] = [];
  #running = false;
  #fullUntil = 0;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  static async open(store: Store, broker: ChannelModel): Promise<Relay> {
    return new Relay(store, await broker.createConfirmChannel());
  }

  constructor(store: Store, channel: ConfirmChannel) {
    this.#store = store;
    this.#channel = channel;
    channel.on('return', (message) => this.#returned.add(String(message.properties.messageId)));
    this.#sent = new Batcher(1_000, 1, async (ids) => {
      await store.sent(ids);
      return ids.map(() => undefined);
    });
    this.#timer = setInterval(() => this.#run(true), LOOK_MS);
    this.#run(true);
  }

  /** Whether what is accepted now may be handed over from memory; else it waits in the store. */
  get ready(): boolean {
    return this.#held.length < HELD && performance.now() >= this.#fullUntil;
  }

  handOver(outgoing: readonly Outgoing[]): void {
    this.#held.push(...outgoing);
    this.#run(false);
  }

  /** Publishes what is in hand; the rest stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#loop;
    await this.#sent.idle();
  }

  #run(look: boolean): void {
    if (this.#running) return;
    this.#running = true;
    this.#loop = this.#work(look)
      .catch((error: unknown) => {
        process.stderr.write(`relay: ${String(error)}\n`);
      })
      .finally(() => {
        this.#running = false;
        if (this.#held.length > 0) this.#run(false);
      });
  }

  async #work(look: boolean): Promise<void> {
    while (this.#held.length > 0) await this.#publishAll(this.#held.splice(0, BATCH));
    if (!look) return;
    for (;;) {
      if (this.#stopped || performance.now() < this.#fullUntil) return;
      const claimed = await this.#store.claim(BATCH);
      await this.#publishAll(claimed);
      if (claimed.length < BATCH) return;
    }
  }

  async #publishAll(batch: readonly Outgoing[]): Promise<void> {
    const results = await Promise.all(batch.map((outgoing) => this.#publish(outgoing)));
    const refused: string[] = [];
    results.forEach((confirmed, index) => {
      const { outboxId } = batch[index] as Outgoing;
      if (confirmed) void this.#sent.submit(outboxId).catch(() => {});
      else refused.push(outboxId);
    });
    if (refused.length === 0) return;
    this.#fullUntil = performance.now() + LOOK_MS;
    await this.#store.release(refused);
  }

  #publish({ messageId, payload, repeat }: Outgoing): Promise<boolean> {
    return new Promise((resolve) => {
      this.#channel.publish(
        '',
        QUEUE,
        payload,
        {
          persistent: true,
          mandatory: true,
          messageId,
          contentType: 'application/json',
          headers: { repeat },
        },
        (error) => resolve(error === null && !this.#returned.delete(messageId)),
      );
    });
  }
}
