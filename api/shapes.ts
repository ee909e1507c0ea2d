/** The small JSON Schemas that the endpoints are put together from. */

export const UUID = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUIDv7.',
} as const;

// The format alone lets leap seconds and `+01` through, of which no time can be made.
export const TIME = {
  type: 'string',
  format: 'date-time',
  pattern: ':[0-5][0-9](\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$',
  description: 'RFC 3339, for example 2026-03-01T12:00:00.000Z.',
} as const;

export const TEXT = { type: 'string' } as const;
/** Without NUL, which the database takes in no text. */
export const NAME = { type: 'string', pattern: '^[^\\u0000]+$', maxLength: 200 } as const;
export const COUNT = { type: 'integer', minimum: 0 } as const;
export const FLAG = { type: 'boolean' } as const;

/** Name → text. */
export const TEXTS = { type: 'object', additionalProperties: TEXT } as const;
/** Whatever JSON object. */
export const OBJECT = { type: 'object', additionalProperties: true } as const;

/** Query parameters of every paged list. */
export const PAGING = {
  limit: { type: 'integer', minimum: 1, maximum: 500, description: 'Items on a page; default 50.' },
  after: { type: 'string', maxLength: 500, description: 'What `next` of the last page said.' },
} as const;

/** Query parameters that narrow a list to a time; half open. */
export const PERIOD = {
  since: { ...TIME, description: 'From this time on.' },
  until: { ...TIME, description: 'Before this time.' },
} as const;

/** An object that has these members and no others, all of them but the `optional` ones. */
export function closed<const P extends object, const O extends string & keyof P = never>(
  properties: P,
  optional: readonly O[] = [],
) {
  const required = Object.keys(properties).filter((name) => !(optional as readonly string[]).includes(name));
  return {
    type: 'object',
    properties,
    required: required as unknown as readonly Exclude<keyof P, O>[],
    additionalProperties: false,
  } as const;
}

/** A page of `item`, newest first. `next` is there when there may be more. */
export function pageOf<const S>(item: S) {
  return closed({ items: { type: 'array', items: item }, next: TEXT }, ['next']);
}

/** A complete list of `item`. */
export function listOf<const S>(item: S) {
  return closed({ items: { type: 'array', items: item } });
}

/** `{id}` in a path. */
export const ID_PARAM = closed({ id: UUID });

/** Why an operator acts: kept in the audit log. */
export const WHY = { type: 'string', maxLength: 1000, description: 'Why; kept in the audit log.' } as const;
