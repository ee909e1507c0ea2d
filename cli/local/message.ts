import type { Message } from '../../core/model/message.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import { sourceName } from '../../core/model/mapping.ts';

/** An id for messages that never existed: mappings see one, but nothing may depend on which. */
const LOCAL_ID = '00000000-0000-7000-8000-000000000000';

/** A message as the mapping's source would have made it of `body`. */
export function localMessage(
  mapping: Mapping,
  body: unknown,
  facts: Partial<Pick<Message, 'time' | 'headers' | 'key' | 'keys'>> = {},
): Message {
  return {
    id: LOCAL_ID,
    journeyId: LOCAL_ID,
    source: sourceName(mapping),
    type: mapping.message.schema ?? mapping.name,
    time: facts.time ?? '2026-01-01T00:00:00.000Z',
    key: facts.key,
    keys: facts.keys ?? {},
    headers: facts.headers ?? {},
    contentType: 'application/json',
    body,
  };
}
