import { splitKey } from '../model/business-keys.ts';
import type { MessageAttributes } from '../model/message.ts';

/** The columns of `messages m` that make a message's attributes. */
export const MESSAGE_COLUMNS = `m.id, m.journey_id, m.causation_id, m.source, m.type, m.accepted_at, m.key, m.keys,
  m.content_type, m.headers`;

/** What a query for MESSAGE_COLUMNS gives. */
export interface MessageRow {
  readonly id: string;
  readonly journey_id: string;
  readonly causation_id: string | null;
  readonly source: string;
  readonly type: string;
  readonly accepted_at: Date;
  readonly key: string | null;
  readonly keys: readonly string[];
  readonly content_type: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The attributes in a row; those that it has not are undefined. */
export function attributesOf(row: MessageRow): MessageAttributes {
  return {
    id: row.id,
    journeyId: row.journey_id,
    causationId: row.causation_id ?? undefined,
    source: row.source,
    type: row.type,
    time: row.accepted_at.toISOString(),
    key: row.key ?? undefined,
    keys: Object.fromEntries(row.keys.map(splitKey)),
    contentType: row.content_type,
    headers: row.headers,
  };
}
