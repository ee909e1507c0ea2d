import type { ConsumeMessage } from 'amqplib';
import type { Parcel, Received } from '../transport.ts';
import { toReceived } from './received.ts';

/** The AMQP `type` of a broker message that carries several parcels of one queue. */
export const BUNDLE_TYPE = 'crossdock-bundle';

/** Parcels in one bundle at most. */
export const MAX_BUNDLE = 8;
/** Bytes of the bodies in one bundle, unless one alone has more. */
const MAX_BUNDLE_BYTES = 64 * 1024;
/** Broker messages, at least, that the parcels for one queue make: several consumers are to get some of them. */
const MIN_SHARES = 16;

/** The places, in a list of parcels, of those that travel as one broker message. */
export type Shipment = readonly number[];

/** Which parcels travel together: those of one queue, in their order, and the more of them the more there are. */
export function planShipments(parcels: readonly Parcel[]): readonly Shipment[] {
  if (parcels.length < 2 * MIN_SHARES) return parcels.map((_, index) => [index]);
  const shipments: number[][] = [];
  for (const indexes of byQueue(parcels).values()) {
    const most = Math.min(MAX_BUNDLE, Math.floor(indexes.length / MIN_SHARES));
    let open: number[] | undefined;
    let bytes = 0;
    for (const index of indexes) {
      const { body } = parcels[index] as Parcel;
      if (open !== undefined && open.length < most && bytes + body.length <= MAX_BUNDLE_BYTES) {
        open.push(index);
        bytes += body.length;
      } else {
        shipments.push((open = [index]));
        bytes = body.length;
      }
    }
  }
  return shipments;
}

function byQueue(parcels: readonly Parcel[]): ReadonlyMap<string, readonly number[]> {
  const queues = new Map<string, number[]>();
  parcels.forEach(({ queue }, index) => {
    const indexes = queues.get(queue);
    if (indexes === undefined) queues.set(queue, [index]);
    else indexes.push(index);
  });
  return queues;
}

type Entry = readonly [
  id: string,
  contentType: string,
  headers: readonly string[],
  /** In bytes: of each header's value, then of the body. */
  lengths: readonly number[],
];

/**
 * The body of a bundle: the length of its head in 4 bytes, the head (JSON, an entry for each parcel), and for each
 * parcel the values of its headers and its body.
 */
export function packBundle(parcels: readonly Parcel[]): Buffer {
  const size = Buffer.allocUnsafe(4);
  const parts: Buffer[] = [];
  const entries = parcels.map(({ id, contentType, headers, body }): Entry => {
    const names = Object.keys(headers);
    const values = names.map((name) => Buffer.from(headers[name] ?? ''));
    parts.push(...values, body);
    return [id, contentType, names, [...values, body].map(({ length }) => length)];
  });
  const head = Buffer.from(JSON.stringify(entries));
  size.writeUInt32BE(head.length);
  return Buffer.concat([size, head, ...parts]);
}

/** What a broker message carries. A bundle that can't be read, and so is not one of ours, comes out as it is. */
export function unpack(queue: string, message: ConsumeMessage): readonly Received[] {
  const whole = toReceived(queue, message);
  if (message.properties.type !== BUNDLE_TYPE) return [whole];
  const { content } = message;
  try {
    let from = 4 + content.readUInt32BE(0);
    const entries = JSON.parse(content.toString('utf8', 4, from)) as readonly Entry[];
    if (entries.length === 0) return [whole];
    return entries.map(([id, contentType, names, lengths]) => {
      const values = names.map((name, nth): readonly [string, string] => [
        name,
        content.toString('utf8', from, (from += lengths[nth] ?? 0)),
      ]);
      const body = content.subarray(from, (from += lengths[names.length] ?? 0));
      return {
        ...whole,
        id,
        contentType,
        headers: { ...Object.fromEntries(values), ...whole.headers },
        body,
      };
    });
  } catch {
    return [whole];
  }
}
