import type { ConsumeMessage } from 'amqplib';
import type { Received } from '../transport.ts';

/** What the broker handed out, in our words. Broker headers (`x-*`) stay behind; what they say of a death is kept. */
export function toReceived(queue: string, message: ConsumeMessage): Received {
  const { properties, fields, content } = message;
  return {
    queue,
    id: text(properties.messageId),
    contentType: text(properties.contentType),
    headers: toHeaders(properties.headers ?? {}),
    body: content,
    redelivered: fields.redelivered,
    returns: returnsOf(message),
  };
}

/** Quorum queues count what comes back (https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling). */
function returnsOf({ properties, fields }: ConsumeMessage): number {
  const count: unknown = properties.headers?.['x-delivery-count'];
  return typeof count === 'number' ? count : fields.redelivered ? 1 : 0;
}

function toHeaders(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const name in raw) {
    const value = raw[name];
    if (typeof value === 'string' && !name.startsWith('x-')) headers[name] = value;
  }
  if (typeof raw['x-first-death-queue'] === 'string') {
    headers['crossdock-dead-queue'] = raw['x-first-death-queue'];
    headers['crossdock-dead-reason'] = text(raw['x-first-death-reason']);
  }
  return headers;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
