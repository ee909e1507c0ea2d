import type { Delivery } from '../model/delivery.ts';
import type { Parcel } from './transport.ts';

/** Above this the payload stays in the store and the parcel carries only its id (claim check). */
export const MAX_INLINE_BYTES = 256 * 1024;

/**
 * The one header of ours, as JSON; x-headers belong to the broker. One and not one for each attribute: both sides take
 * headers apart byte by byte.
 */
export const DELIVERY_HEADER = 'crossdock-delivery';

/** What the header holds: all of a delivery but its body, and the id and content type, which AMQP has places for. */
interface Carried {
  readonly route: string;
  readonly journey: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly causation?: string;
  readonly key?: string;
  /** Absent: 0. */
  readonly step?: number;
  readonly repeat?: true;
  readonly retriedAt?: number;
  /** The body is in the store. */
  readonly claim?: true;
}

/** A delivery as it travels. */
export function encodeDelivery(delivery: Delivery, queue: string): Parcel {
  const { message, payload } = delivery;
  const inline = payload !== undefined && payload.length <= MAX_INLINE_BYTES;
  const carried: Carried = {
    route: delivery.route,
    journey: message.journeyId,
    source: message.source,
    type: message.type,
    time: message.time,
    keys: message.keys,
    headers: message.headers,
    attempts: delivery.attempts,
    causation: message.causationId,
    key: message.key,
    step: delivery.step > 0 ? delivery.step : undefined,
    repeat: delivery.repeat ? true : undefined,
    retriedAt: delivery.retriedAt,
    claim: inline ? undefined : true,
  };
  return {
    queue,
    id: message.id,
    contentType: message.contentType,
    headers: { [DELIVERY_HEADER]: JSON.stringify(carried) },
    body: inline ? payload : Buffer.alloc(0),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The delivery in a parcel; its body is not parsed yet. Throws TypeError on a parcel that is not one of ours. */
export function decodeDelivery(parcel: Parcel): Delivery {
  const carried = carriedBy(parcel);
  // The store can't even be asked about anything else.
  if (!UUID.test(parcel.id) || !UUID.test(carried.journey))
    throw new TypeError('the parcel has no id of ours');
  return {
    message: {
      id: parcel.id,
      source: carried.source,
      type: carried.type,
      time: carried.time,
      journeyId: carried.journey,
      causationId: carried.causation,
      key: carried.key,
      keys: carried.keys,
      contentType: parcel.contentType,
      headers: carried.headers,
    },
    payload: carried.claim === true ? undefined : parcel.body,
    route: carried.route,
    attempts: carried.attempts,
    step: carried.step ?? 0,
    repeat: carried.repeat === true,
    retriedAt: carried.retriedAt,
  };
}

function carriedBy({ headers }: Parcel): Carried {
  const text = headers[DELIVERY_HEADER];
  if (text === undefined) throw new TypeError(`the parcel has no header ${DELIVERY_HEADER}`);
  let carried: Partial<Carried> | null;
  try {
    carried = JSON.parse(text) as Partial<Carried> | null;
  } catch (cause) {
    throw new TypeError(`the header ${DELIVERY_HEADER} of the parcel is not JSON`, { cause });
  }
  for (const name of ['route', 'journey', 'source', 'type', 'time'] as const) {
    if (typeof carried?.[name] !== 'string') throw new TypeError(`the parcel does not tell its ${name}`);
  }
  for (const name of ['keys', 'headers'] as const) {
    if (typeof (carried?.[name] ?? undefined) !== 'object')
      throw new TypeError(`the parcel does not tell its ${name}`);
  }
  if (typeof carried?.attempts !== 'number') throw new TypeError('the parcel does not tell its attempts');
  return carried as Carried;
}
