import { createHash } from 'node:crypto';
import type { QueueSpec, Topology } from './transport.ts';

export interface TopologyOptions {
  /** Separates hubs that share a broker: the prefix of every name. */
  readonly namespace: string;
  /** What may wait in each queue, a bundle counting as one. */
  readonly maxLength: number;
  /** Hand-outs without settlement before the broker gives a parcel up. */
  readonly deliveryLimit: number;
}

/** AMQP allows 255 bytes; some are left for what a broker or a plug-in puts before or behind. */
const MAX_NAME_BYTES = 200;

/** One queue per route, in the order of their names, and one for what the broker gave up on. Pure. */
export function topologyOf(routes: readonly string[], options: TopologyOptions): Topology {
  const { namespace, maxLength, deliveryLimit } = options;
  const queues = [...new Set(routes)]
    .sort()
    .map((route): QueueSpec => ({ name: queueName(namespace, route), maxLength, deliveryLimit }));
  // A route's name has slashes in it, so none can be called like this.
  return { namespace, queues, deadLetters: `${namespace}.dead-letters` };
}

/** `<namespace>.<route>`; a name that is too long for a broker ends in a hash of the whole instead. */
export function queueName(namespace: string, route: string): string {
  const name = `${namespace}.${route}`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  const head = Buffer.from(name).subarray(0, MAX_NAME_BYTES - hash.length - 4);
  return `${head.toString().replace(/\uFFFD+$/, '')}~${hash}`;
}
