import type { Delivery } from '../model/delivery.ts';
import type { Parcel } from './transport.ts';

/** Above this the payload stays in the store and the parcel carries only its id (claim check). */
export const MAX_INLINE_BYTES = 256 * 1024;

/** A delivery as it travels. Our own headers begin with `crossdock-`; x-headers belong to the broker. */
export function encodeDelivery(delivery: Delivery, queue: string): Parcel {
  const { message, payload } = delivery;
  const inline = payload !== undefined && payload.length <= MAX_INLINE_BYTES;
  const headers: Record<string, string> = {
    'crossdock-route': delivery.route,
    'crossdock-journey': message.journeyId,
    'crossdock-source': message.source,
    'crossdock-type': message.type,
    'crossdock-time': message.time,
    'crossdock-attempts': String(delivery.attempts),
    'crossdock-keys': JSON.stringify(message.keys),
    'crossdock-headers': JSON.stringify(message.headers),
  };
  if (message.causationId !== undefined) headers['crossdock-causation'] = message.causationId;
  if (message.key !== undefined) headers['crossdock-key'] = message.key;
  if (delivery.step > 0) headers['crossdock-step'] = String(delivery.step);
  if (delivery.repeat) headers['crossdock-repeat'] = '1';
  if (delivery.retriedAt !== undefined) headers['crossdock-retried-at'] = String(delivery.retriedAt);
  if (!inline) headers['crossdock-claim'] = '1';
  return {
    queue,
    id: message.id,
    contentType: message.contentType,
    headers,
    body: inline ? payload : Buffer.alloc(0),
  };
}

/** The delivery in a parcel; its body is not parsed yet. Throws TypeError on a parcel that is not one of ours. */
export function decodeDelivery(parcel: Parcel): Delivery {
  const { headers } = parcel;
  const need = (name: string): string => {
    const value = headers[`crossdock-${name}`];
    if (value === undefined) throw new TypeError(`the parcel has no header crossdock-${name}`);
    return value;
  };
  return {
    message: {
      id: parcel.id,
      source: need('source'),
      type: need('type'),
      time: need('time'),
      journeyId: need('journey'),
      causationId: headers['crossdock-causation'],
      key: headers['crossdock-key'],
      keys: JSON.parse(need('keys')) as Record<string, string>,
      contentType: parcel.contentType,
      headers: JSON.parse(need('headers')) as Record<string, string>,
    },
    payload: headers['crossdock-claim'] === '1' ? undefined : parcel.body,
    route: need('route'),
    attempts: Number(need('attempts')),
    step: Number(headers['crossdock-step'] ?? 0),
    repeat: headers['crossdock-repeat'] === '1',
    retriedAt:
      headers['crossdock-retried-at'] === undefined ? undefined : Number(headers['crossdock-retried-at']),
  };
}
