import { parseBody } from '../../core/formats/index.ts';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ApiClient } from '../client.ts';

type Detail = ResponseOf<typeof endpoints.getMessage>;

/** A message of a running hub with its body, parsed as the hub does. */
export interface FetchedMessage extends Detail {
  readonly body: unknown;
  /** The one that was named, where it was split off of this one. */
  readonly insteadOf?: string;
}

/**
 * Reads a message and what it carries, which is a right of its own and is audited. Of a part of a split, the message that
 * was split is taken: a case begins at the first step. Throws what the hub says, and BODY_UNREADABLE.
 */
export async function fetchMessage({ call, endpoints: api }: ApiClient, id: string): Promise<FetchedMessage> {
  let message = await call(api.getMessage, { params: { id } });
  for (;;) {
    const { causationId, source } = message;
    const parent = causationId && (await call(api.getMessage, { params: { id: causationId } }));
    // A part has the source of what it is a part of; what a topic carries has another one.
    if (!parent || parent.source !== source) break;
    message = parent;
  }
  const payload = await call(api.getPayload, { params: { id: message.id } });
  const bytes = Buffer.from(payload.payload, payload.encoding === 'base64' ? 'base64' : 'utf8');
  const body = parseBody(message.contentType, bytes);
  return { ...message, body, ...(message.id === id ? {} : { insteadOf: id }) };
}
