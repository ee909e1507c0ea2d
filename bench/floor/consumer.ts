import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { Pool } from 'undici';
import { Batcher } from './batcher.ts';
import { QUEUE } from './broker.ts';
import { toSalesOrder, type Order } from './sales-order.ts';
import type { Outcome, Store } from './store.ts';

const PREFETCH = 256;
const CONNECTIONS = 64;
const IMMEDIATE_TRIES = 3;

/** Takes orders from the queue, posts them to the ERP, writes the outcomes in batches and acknowledges after the commit. */
export async function consume(broker: ChannelModel, store: Store, erp: string): Promise<() => Promise<void>> {
  const channel = await broker.createChannel();
  await channel.prefetch(PREFETCH);
  const pool = new Pool(erp, { connections: CONNECTIONS, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const validate = compileSchema();
  const settles = new Batcher<Outcome, undefined>(500, 2, async (outcomes) => {
    await store.settle(outcomes);
    return outcomes.map(() => undefined);
  });
  const acks = new Acks(channel);

  const post = async (messageId: string, order: unknown): Promise<void> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/orders',
      headers: { 'content-type': 'application/json', 'idempotency-key': messageId },
      body: JSON.stringify(toSalesOrder(order as Order)),
    });
    await body.dump();
    if (statusCode >= 300) throw new Error(`the ERP said ${statusCode}`);
  };

  const attempt = async (message: ConsumeMessage): Promise<Outcome> => {
    const messageId = String(message.properties.messageId);
    const begun = performance.now();
    for (let tries = 1; ; tries += 1) {
      try {
        const order: unknown = JSON.parse(message.content.toString());
        if (!validate(order)) throw new Error(JSON.stringify(validate.errors));
        await post(messageId, order);
        return { messageId, attempt: tries, ms: performance.now() - begun };
      } catch (error) {
        if (tries === IMMEDIATE_TRIES)
          return { messageId, attempt: tries, ms: performance.now() - begun, error: String(error) };
      }
    }
  };

  const handle = async (message: ConsumeMessage): Promise<void> => {
    const mayRepeat = message.fields.redelivered || message.properties.headers?.repeat === true;
    if (!mayRepeat || !(await store.isSettled(String(message.properties.messageId))))
      await settles.submit(await attempt(message));
    acks.settled(message.fields.deliveryTag);
  };

  const { consumerTag } = await channel.consume(QUEUE, (message) => {
    if (message === null) return process.exit(1);
    acks.received(message.fields.deliveryTag);
    handle(message).catch(() => {
      channel.nack(message);
      acks.settled(message.fields.deliveryTag);
    });
  });
  return async () => {
    await channel.cancel(consumerTag);
    await acks.idle();
    await channel.close();
  };
}

/** Outcomes come out of order; one acknowledgement tells of all up to the first that is still open. */
class Acks {
  readonly #channel: Channel;
  readonly #open = new Set<number>();
  #newest = 0;
  #acked = 0;
  #scheduled = false;
  #onIdle: () => void = () => {};

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  received(tag: number): void {
    this.#open.add(tag);
    this.#newest = tag;
  }

  settled(tag: number): void {
    this.#open.delete(tag);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const first = this.#open.values().next();
      const mark = first.done === true ? this.#newest : first.value - 1;
      if (mark > this.#acked) this.#channel.ack({ fields: { deliveryTag: mark } } as ConsumeMessage, true);
      this.#acked = Math.max(this.#acked, mark);
      if (first.done === true) this.#onIdle();
    });
  }

  async idle(): Promise<void> {
    if (this.#open.size > 0 || this.#scheduled)
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}

function compileSchema(): ReturnType<Ajv2020['compile']> {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const file = new URL('../project/schemas/sales/order@1.json', import.meta.url);
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}
