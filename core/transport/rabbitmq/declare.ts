import type { Channel, ChannelModel } from 'amqplib';
import type { QueueSpec, Topology } from '../transport.ts';
import { replyCode } from './problem.ts';

/**
 * Limits of the queue for dead letters: none. It has nowhere to give up to, so it must not have the limit of 20 that
 * brokers from 4.0 on would set.
 */
const NEVER = 1_000_000_000;

/**
 * A channel for questions. The broker answers a question about a queue that is not there by closing the channel, so
 * that the next question needs a new one.
 */
export class Questions {
  readonly #connection: ChannelModel;
  #channel: Channel | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: ChannelModel) {
    this.#connection = connection;
  }

  /** Messages that wait there; undefined if there is no such queue. */
  async depth(queue: string): Promise<number | undefined> {
    try {
      return (await this.#ask((channel) => channel.checkQueue(queue))).messageCount;
    } catch (error) {
      if (replyCode(error) === 404) return undefined;
      throw error;
    }
  }

  async remove(queue: string): Promise<void> {
    await this.#ask((channel) => channel.deleteQueue(queue));
  }

  async declare(queue: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask((channel) => channel.assertQueue(queue, { durable: true, arguments: args }));
  }

  /** One after the other: who asked when the channel is closed over another's question would get no answer. */
  async #ask<T>(question: (channel: Channel) => Promise<T>): Promise<T> {
    const answer = this.#last.then(async () => question(await this.#open()));
    this.#last = answer.catch(() => {});
    return await answer;
  }

  async #open(): Promise<Channel> {
    if (this.#channel !== undefined) return this.#channel;
    const channel = await this.#connection.createChannel();
    channel.on('error', () => {}); // whoever asked gets it, too
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
    return channel;
  }
}

/** Makes what is missing and adds the names of the queues that it made to `made`, also when it then fails. */
export async function declareTopology(
  questions: Questions,
  topology: Topology,
  made: string[],
): Promise<void> {
  // First, so that no queue ever points to a place that is not there.
  await questions.declare(topology.deadLetters, {
    'x-queue-type': 'quorum',
    'x-delivery-limit': NEVER,
  });
  for (const spec of topology.queues) await declareQueue(questions, topology, spec, made);
}

/** Asks first, because the answer to a declaration does not say whether the queue was there already. */
export async function declareQueue(
  questions: Questions,
  topology: Topology,
  spec: QueueSpec,
  made: string[],
): Promise<void> {
  const existed = (await questions.depth(spec.name)) !== undefined;
  await questions.declare(spec.name, queueArguments(topology, spec));
  if (!existed) made.push(spec.name);
}

/** At-least-once dead-lettering needs all four of strategy, overflow, exchange and length; else the broker may drop. */
function queueArguments(topology: Topology, spec: QueueSpec): Readonly<Record<string, unknown>> {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': spec.deliveryLimit,
    'x-max-length': spec.maxLength,
    'x-overflow': 'reject-publish',
    'x-dead-letter-strategy': 'at-least-once',
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': topology.deadLetters,
  };
}
