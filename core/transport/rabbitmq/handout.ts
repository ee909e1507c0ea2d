import type { ConsumeMessage } from 'amqplib';
import type { Received, Verdict } from '../transport.ts';
import { unpack } from './bundle.ts';

/** A broker message in hand. It has a verdict when all that it carries has one: back to the queue, if anything goes back. */
export class Handout {
  readonly tag: number;
  readonly #parcels: readonly Received[];
  #next = 0;
  #open: number;
  #returned = false;

  constructor(queue: string, message: ConsumeMessage) {
    this.tag = message.fields.deliveryTag;
    this.#parcels = unpack(queue, message);
    this.#open = this.#parcels.length;
  }

  /** Parcels that nobody has begun. */
  get rest(): number {
    return this.#parcels.length - this.#next;
  }

  /** The next parcel that nobody works on; undefined when there is none left. */
  next(): Received | undefined {
    const parcel = this.#parcels[this.#next];
    if (parcel !== undefined) this.#next += 1;
    return parcel;
  }

  /** What became of one of its parcels. Returns the verdict on the whole once it is known. */
  settle(verdict: Verdict): Verdict | undefined {
    return this.#close(1, verdict);
  }

  /** Nobody begins the parcels that are left. Returns the verdict on the whole if nothing of it is in hand. */
  giveBackRest(): Verdict | undefined {
    const { rest } = this;
    this.#next = this.#parcels.length;
    return rest === 0 ? undefined : this.#close(rest, 'return');
  }

  #close(count: number, verdict: Verdict): Verdict | undefined {
    this.#open -= count;
    if (verdict === 'return') this.#returned = true;
    if (this.#open > 0) return undefined;
    return this.#returned ? 'return' : 'settled';
  }
}
