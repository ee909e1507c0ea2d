import type { ChannelModel } from 'amqplib';
import type { Clock } from '../model/clock.ts';
import { CrossdockError } from '../model/errors.ts';
import type { Logger } from '../model/logger.ts';
import { MAX_BUNDLE } from './rabbitmq/bundle.ts';
import { RabbitConsumer } from './rabbitmq/consumer.ts';
import { declareQueue, declareTopology, Questions } from './rabbitmq/declare.ts';
import { Link } from './rabbitmq/link.ts';
import { type Problem, problemOf } from './rabbitmq/problem.ts';
import { Publisher } from './rabbitmq/publisher.ts';
import type {
  Consumer,
  Depth,
  Parcel,
  Publication,
  Received,
  Topology,
  Transport,
  TransportState,
  Verdict,
} from './transport.ts';

export interface RabbitOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps:`. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a publication may take, in milliseconds. Default 10000. */
  readonly publishTimeLimitMs?: number;
  /** Publications without an answer at one time. Default 1000. */
  readonly publishWindow?: number;
  /** A broker that has fallen silent is noticed after two of these. Default 10. */
  readonly heartbeatSeconds?: number;
  /** Spreads the waits between attempts to reconnect; numbers in [0, 1). Default Math.random. */
  readonly random?: () => number;
}

/**
 * RabbitMQ from 3.10 on: a quorum queue per route, confirmed publishing, and connections that come back by themselves.
 * It begins to connect at once; `declare` waits for the first attempt.
 */
export function createRabbitTransport(options: RabbitOptions): Transport {
  const transport = new RabbitTransport(options);
  transport.start();
  return transport;
}

/**
 * Publishing and consuming have a connection each: when the broker is short of memory or disk it stops reading from
 * connections that publish, and acknowledgements on them would not be read either.
 */
class RabbitTransport implements Transport {
  readonly #options: RabbitOptions & { readonly random: () => number };
  readonly #log: Logger;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #publisher: Publisher;
  readonly #consumers = new Set<RabbitConsumer>();
  readonly #lostListeners: ((queue: string) => void)[] = [];
  readonly #readyListeners: (() => void)[] = [];
  readonly #mending = new Set<string>();
  #topology: Topology | undefined;
  #questions: { readonly of: ChannelModel; readonly ask: Questions } | undefined;
  #declaring: Promise<void> = Promise.resolve();
  #wasReady = false;
  #closed: Promise<void> | undefined;

  constructor(options: RabbitOptions) {
    const { url, clock } = options;
    this.#options = { ...options, random: options.random ?? Math.random };
    this.#log = options.log.child({ part: 'transport' });
    const heartbeatSeconds = options.heartbeatSeconds ?? 10;
    const link = { url, clock, log: this.#log, random: this.#options.random, heartbeatSeconds };
    const changed = (): void => {
      this.#changed();
    };
    this.#consuming = new Link(
      { ...link, name: 'consume' },
      { prepare: (connection) => this.#prepare(connection), changed },
    );
    this.#publishing = new Link({ ...link, name: 'publish' }, { prepare: async () => {}, changed });
    this.#publisher = new Publisher(
      {
        ...link,
        link: this.#publishing,
        timeLimitMs: options.publishTimeLimitMs ?? 10_000,
        window: options.publishWindow ?? 1_000,
      },
      {
        changed,
        unroutable: (queue) => {
          this.#log.warn('a parcel came back: its queue does not exist', { queue });
          void this.#mend(queue);
        },
      },
    );
  }

  start(): void {
    this.#consuming.start();
    this.#publishing.start();
    this.#publisher.start();
  }

  async declare(topology: Topology): Promise<readonly string[]> {
    await this.#consuming.firstTry;
    const connection = this.#consuming.connection;
    const made: string[] = [];
    let problem: Problem | undefined;
    try {
      if (connection !== undefined) await this.#declare(connection, topology, made);
      else problem = this.#consuming.problem;
    } catch (error) {
      problem = problemOf(error);
    }
    if (problem?.fatal === true) throw new CrossdockError('BROKER_REFUSED', problem.reason);
    this.#topology = topology;
    this.#changed();
    if (problem === undefined) return made;
    // Whatever it was, with the next connection everything is declared from the start.
    if (connection !== undefined) this.#consuming.drop(connection, problem);
    this.#announceLost(made);
    return [];
  }

  async publish(parcels: readonly Parcel[]): Promise<readonly Publication[]> {
    if (!this.state().ready) return parcels.map(() => 'full');
    return await this.#publisher.publish(parcels);
  }

  async consume(
    queue: string,
    concurrency: number,
    handle: (parcel: Received) => Promise<Verdict>,
  ): Promise<Consumer> {
    const { clock, random } = this.#options;
    const consumer = new RabbitConsumer({
      queue,
      concurrency,
      handle,
      clock,
      random,
      log: this.#log,
      link: this.#consuming,
      onGone: (name) => this.#mend(name),
    });
    this.#consumers.add(consumer);
    await consumer.start();
    return {
      limit: (most) => {
        consumer.limit(most);
      },
      held: () => consumer.held(),
      stop: async () => {
        await consumer.stop();
        this.#consumers.delete(consumer);
      },
    };
  }

  async remove(queue: string): Promise<void> {
    const connection = this.#consuming.connection;
    if (connection === undefined) throw new CrossdockError('BROKER_REFUSED', this.#consuming.problem.reason);
    await this.#oneAtATime(() => this.#questionsOn(connection).remove(queue));
  }

  async depths(queues: readonly string[]): Promise<ReadonlyMap<string, Depth>> {
    const depths = new Map<string, Depth>();
    const connection = this.#consuming.connection;
    if (connection === undefined) return depths;
    const questions = this.#questionsOn(connection);
    for (const queue of queues) {
      try {
        const depth = (await questions.depth(queue)) ?? 0;
        depths.set(queue, { atLeast: depth, atMost: depth * MAX_BUNDLE });
      } catch (error) {
        this.#log.debug('a depth is not known', { queue, reason: String(error) });
      }
    }
    return depths;
  }

  state(): TransportState {
    const not = (reason: string): TransportState => ({ ready: false, reason });
    if (this.#closed !== undefined) return not('closed');
    if (this.#consuming.connection === undefined) return not(this.#consuming.problem.reason);
    if (this.#publishing.connection === undefined) return not(this.#publishing.problem.reason);
    if (this.#publishing.blocked !== undefined)
      return not(`the broker takes no more messages: ${this.#publishing.blocked}`);
    if (this.#topology === undefined) return not('the queues are not declared yet');
    return this.#publisher.ready ? { ready: true } : not('the publishing channel is not open');
  }

  onQueueLost(listener: (queue: string) => void): void {
    this.#lostListeners.push(listener);
  }

  onReady(listener: () => void): void {
    this.#readyListeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#publisher.close(), ...[...this.#consumers].map((consumer) => consumer.stop())]);
    await this.#consuming.close();
  }

  /** Before anything is consumed or published over a new connection its queues must be there. */
  async #prepare(connection: ChannelModel): Promise<void> {
    if (this.#topology === undefined) return;
    const made: string[] = [];
    try {
      await this.#declare(connection, this.#topology, made);
    } finally {
      this.#announceLost(made);
    }
  }

  async #declare(connection: ChannelModel, topology: Topology, made: string[]): Promise<void> {
    await this.#oneAtATime(() => declareTopology(this.#questionsOn(connection), topology, made));
  }

  /** Makes one queue anew that was found gone while the connection is up. */
  async #mend(queue: string): Promise<void> {
    const connection = this.#consuming.connection;
    const topology = this.#topology;
    const spec = topology?.queues.find(({ name }) => name === queue);
    if (connection === undefined || topology === undefined || this.#mending.has(queue)) return;
    this.#mending.add(queue);
    const made: string[] = [];
    try {
      await this.#oneAtATime(async () => {
        const questions = this.#questionsOn(connection);
        if (spec !== undefined) await declareQueue(questions, topology, spec, made);
        else if (queue === topology.deadLetters)
          await declareTopology(questions, { ...topology, queues: [] }, made);
      });
    } catch (error) {
      this.#log.warn('a queue can not be made anew', { queue, reason: String(error) });
    } finally {
      this.#mending.delete(queue);
      this.#announceLost(made);
    }
  }

  /** Two that look for the same missing queue at once would both find it missing. */
  async #oneAtATime(task: () => Promise<void>): Promise<void> {
    const turn = this.#declaring.then(task);
    this.#declaring = turn.catch(() => {});
    await turn;
  }

  #questionsOn(connection: ChannelModel): Questions {
    if (this.#questions?.of !== connection)
      this.#questions = { of: connection, ask: new Questions(connection) };
    return this.#questions.ask;
  }

  #announceLost(queues: readonly string[]): void {
    for (const queue of queues) {
      this.#log.warn('a queue was gone and has been made anew', { queue });
      for (const consumer of this.#consumers) if (consumer.queue === queue) consumer.subscribeAnew();
      for (const listener of this.#lostListeners) listener(queue);
    }
  }

  #changed(): void {
    this.#publisher.blockedChanged();
    const { ready } = this.state();
    const news = ready && !this.#wasReady;
    this.#wasReady = ready;
    if (news) for (const listener of this.#readyListeners) listener();
  }
}
