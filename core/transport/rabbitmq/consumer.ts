import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Clock } from '../../model/clock.ts';
import type { Logger } from '../../model/logger.ts';
import { Fifo } from '../fifo.ts';
import { InHand } from '../in-hand.ts';
import type { Consumer, Held, Received, Verdict } from '../transport.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Backoff } from './backoff.ts';
import { MAX_BUNDLE } from './bundle.ts';
import { Handout } from './handout.ts';
import type { Link } from './link.ts';
import { replyCode } from './problem.ts';

export interface ConsumerOptions {
  readonly queue: string;
  readonly concurrency: number;
  readonly handle: (parcel: Received) => Promise<Verdict>;
  readonly link: Link;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** The queue is gone, or the broker cancelled the subscription for another reason. Mends that if it can. */
  readonly onGone: (queue: string) => Promise<void>;
}

/** A subscription on one channel. What it handed out can be acknowledged on that channel and on no other. */
interface Session {
  readonly channel: Channel;
  readonly acks: Acknowledgements;
  /** Resolves when the channel is closed, by whomever. */
  readonly closed: Promise<void>;
  /** Handed to us, but not begun. */
  readonly waiting: Fifo<ConsumeMessage>;
  /** What the next parcel comes out of. */
  begun: Handout | undefined;
  open: boolean;
  flushing: boolean;
  consumerTag: string;
}

/** One queue's consumer. It subscribes again after everything that ends a subscription, until it is stopped. */
export class RabbitConsumer implements Consumer {
  readonly #options: ConsumerOptions;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #limit: number;
  readonly #inHand = new InHand();
  #session: Session | undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #drained: () => void = () => {};

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#limit = options.concurrency;
    this.#log = options.log.child({ queue: options.queue });
  }

  /** Resolves when the first attempt to subscribe has ended, or at once while there is no connection. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#loop = this.#run(resolve);
      if (this.#options.link.connection === undefined) resolve();
    });
  }

  get queue(): string {
    return this.#options.queue;
  }

  /** Its queue was deleted and made anew: subscribes again, for the broker does not always tell that it has cancelled. */
  subscribeAnew(): void {
    if (this.#session?.open === true) this.#session.channel.close().catch(() => {});
  }

  limit(concurrency: number): void {
    this.#limit = concurrency;
    this.#pump();
  }

  held(): Held | undefined {
    const session = this.#session;
    // What a closed session had waiting is with the broker again.
    const waiting =
      session?.open === true ? session.waiting.length * MAX_BUNDLE + (session.begun?.rest ?? 0) : 0;
    return this.#inHand.held(waiting);
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#closing.abort(new Error('the consumer was stopped'));
    const session = this.#session;
    if (session?.open === true) {
      await session.channel.cancel(session.consumerTag).catch(() => {});
      for (const message of session.waiting.drain()) this.#giveBack(session, message.fields.deliveryTag);
      if (session.begun?.giveBackRest() === 'return') this.#giveBack(session, session.begun.tag);
    }
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      if (this.#inHand.size === 0) resolve();
    });
    if (session?.open === true) {
      session.acks.flush();
      await close(session);
    }
    await this.#loop;
  }

  async #run(tried: () => void): Promise<void> {
    const { link, clock, random } = this.#options;
    const { signal } = this.#closing;
    const backoff = new Backoff(random, 100, 5_000);
    while (!signal.aborted) {
      try {
        const connection = await link.connected(signal);
        const ended = await this.#subscribe(connection);
        backoff.reset();
        tried();
        if ((await ended()) === 'cancelled') await this.#options.onGone(this.#options.queue);
      } catch (error) {
        if (!signal.aborted) this.#log.warn('not subscribed; trying again', { reason: String(error) });
        if (replyCode(error) === 404) await this.#options.onGone(this.#options.queue);
      }
      tried();
      if (!signal.aborted) await clock.sleep(backoff.next(), signal).catch(() => {});
    }
  }

  /** Resolves with how to wait for the end of the subscription. */
  async #subscribe(connection: ChannelModel): Promise<() => Promise<'cancelled' | 'closed'>> {
    const prefetch = Math.max(2, Math.ceil(this.#options.concurrency * 1.5));
    const channel = await connection.createChannel();
    channel.on('error', (error) => {
      this.#log.warn('the broker closed the channel', { reason: error.message });
    });
    if (this.#closing.signal.aborted) {
      channel.close().catch(() => {}); // nothing was handed out on it that somebody would have to wait for
      throw this.#closing.signal.reason as Error;
    }
    const session = newSession(channel, prefetch);
    const ended = new Promise<'cancelled' | 'closed'>((resolve) => {
      channel.on('cancel', () => {
        resolve('cancelled');
      });
      void session.closed.then(() => {
        resolve('closed');
      });
    });
    this.#session = session;
    await channel.prefetch(prefetch);
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message !== null) this.#accept(session, message);
    };
    session.consumerTag = (await channel.consume(this.#options.queue, onMessage)).consumerTag;
    this.#log.debug('subscribed', { prefetch });
    return async () => {
      const how = await ended;
      // What is in hand belongs to a queue that may be gone; a new channel makes the broker forget about it.
      session.open = false;
      if (how === 'cancelled') await close(session);
      return how;
    };
  }

  #accept(session: Session, message: ConsumeMessage): void {
    session.acks.delivered(message.fields.deliveryTag);
    if (this.#closing.signal.aborted) this.#giveBack(session, message.fields.deliveryTag);
    else session.waiting.push(message);
    this.#pump();
  }

  #pump(): void {
    const session = this.#session;
    if (session === undefined || !session.open || this.#closing.signal.aborted) return;
    while (this.#inHand.size < this.#limit) {
      const parcel = session.begun?.next();
      if (session.begun !== undefined && parcel !== undefined) {
        void this.#perform(session, session.begun, parcel);
        continue;
      }
      const message = session.waiting.shift();
      if (message === undefined) return;
      session.begun = new Handout(this.#options.queue, message);
    }
  }

  /** Never rejects, whatever the handler does: an exception inside amqplib would close the channel. */
  async #perform(session: Session, handout: Handout, parcel: Received): Promise<void> {
    const number = this.#inHand.begin();
    let verdict: Verdict = 'return';
    try {
      verdict = await this.#options.handle(parcel);
    } catch (error) {
      this.#log.warn('a parcel goes back: its handler failed', { reason: String(error) });
    }
    this.#inHand.end(number);
    const whole = handout.settle(verdict);
    if (whole === 'return') {
      this.#giveBack(session, handout.tag);
    } else if (whole === 'settled' && session.open) {
      session.acks.settled(handout.tag);
      this.#flushSoon(session);
    }
    this.#pump();
    if (this.#inHand.size === 0) this.#drained();
  }

  /** Once per turn of the event loop, so that what was settled together is acknowledged together. */
  #flushSoon(session: Session): void {
    if (session.flushing) return;
    session.flushing = true;
    setImmediate(() => {
      session.flushing = false;
      if (session.open) session.acks.flush();
    });
  }

  #giveBack(session: Session, tag: number): void {
    if (session.open) session.acks.giveBack(tag);
  }
}

function newSession(channel: Channel, prefetch: number): Session {
  // amqplib wants the message and looks at nothing but its tag.
  const tagged = (deliveryTag: number): ConsumeMessage => ({ fields: { deliveryTag } }) as ConsumeMessage;
  const tell = (what: () => void): void => {
    try {
      what();
    } catch {
      session.open = false; // it is being closed; the broker hands out again what it was not told of
    }
  };
  const acks = new Acknowledgements(
    {
      ack: (tag, allUpTo) => {
        tell(() => {
          channel.ack(tagged(tag), allUpTo);
        });
      },
      giveBack: (tag) => {
        tell(() => {
          channel.nack(tagged(tag), false, true);
        });
      },
    },
    prefetch,
  );
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const session: Session = {
    channel,
    acks,
    closed,
    waiting: new Fifo(),
    begun: undefined,
    open: true,
    flushing: false,
    consumerTag: '',
  };
  channel.on('close', () => {
    session.open = false;
    resolve();
  });
  return session;
}

/** amqplib settles its own promise of a close only when the broker answers, and that may be gone: the event always comes. */
async function close({ channel, closed }: Session): Promise<void> {
  channel.close().catch(() => {});
  await closed;
}
