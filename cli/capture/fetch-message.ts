import { parseBody } from '../../core/formats/index.ts';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ApiClient } from '../client.ts';
import { UsageError } from '../usage-error.ts';

type Detail = ResponseOf<typeof endpoints.getMessage>;

/** A message of a running hub with its body, parsed as the hub does. */
export interface FetchedMessage extends Detail {
  readonly body: unknown;
  /** The one that was named, where it was split off of this one. */
  readonly insteadOf?: string;
}

/**
 * Reads a message and what it carries, which is a right of its own and is audited. Of a part of a split, the message that
 * was split is taken: a case begins at the first step. Throws what the hub says, BODY_UNREADABLE, and UsageError for what is
 * no id.
 */
export async function fetchMessage({ call, endpoints: api }: ApiClient, id: string): Promise<FetchedMessage> {
  refuseStrangeId(id, 'message');
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

/** Throws UsageError for what can not be the id of anything. */
export function refuseStrangeId(id: string, what: 'message' | 'failure'): void {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new UsageError(`"${id}" is no id of a ${what}: such an id looks like ${EXAMPLE_ID}.`);
}

const EXAMPLE_ID = '019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e';
