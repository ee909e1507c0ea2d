/**
 * The only thing that moves through the hub. Immutable. Its attributes are those of CloudEvents 1.0 where
 * CloudEvents has one (id, source, type, time, datacontenttype); the body is what the sender sent, parsed.
 */
export interface Message {
  /** UUIDv7, given by the hub on acceptance. Partition bounds are computed from its time bits. */
  readonly id: string;
  /** Where it came from: `<connection>/<mapping>` or `topic/<topic>`. De-duplication is within one source. */
  readonly source: string;
  /** CloudEvents type: the name of the message's schema (`sales/order@1`), else the mapping's name. */
  readonly type: string;
  /** When the hub accepted it, ISO 8601 UTC with milliseconds. */
  readonly time: string;
  /** The id of the message that all of this journey descends from; a first message carries its own id. */
  readonly journeyId: string;
  /** The message this one was made from (split, topic). */
  readonly causationId?: string;
  /** The source's own id for it, after which duplicates are recognised. */
  readonly key?: string;
  /** Business keys to search a journey by: `{ order: '4711' }`. */
  readonly keys: Readonly<Record<string, string>>;
  /** Media type of the payload bytes, for example `application/json`. */
  readonly contentType: string;
  /** The few transport headers worth keeping, lower-case names, never credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload, parsed. The bytes themselves are in the store, as they came. */
  readonly body: unknown;
}

/** A message before it is accepted: what a source hands to intake. */
export interface Draft {
  readonly contentType: string;
  /** The payload exactly as it came. */
  readonly payload: Buffer;
  /** The payload, parsed. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The source's own id for it, if the mapping names none: a delivery id header, for example. */
  readonly key?: string;
}

/** A message without its body: what travels beside the payload bytes. */
export type MessageAttributes = Omit<Message, 'body'>;
