import {
  addressSetting,
  authSchema,
  DURATION_PATTERN,
  type EffectClass,
  type JsonSchema,
  textSetting as text,
} from '../../core/sdk.ts';

export type Format = 'json' | 'form' | 'xml';

/** `with:` of a `rest` connection, after the schema has accepted it and filled in the defaults. */
export interface RestSettings {
  readonly base_url: string;
  readonly auth?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly format?: Format;
  readonly timeout?: string;
  readonly check?: string;
  readonly actions?: Readonly<Record<string, RestAction>>;
  readonly sources?: Readonly<Record<string, RestSource>>;
}

/** A field of the input, by path, or a constant. */
export type Parameter = string | { readonly const: string | number | boolean };

/** A request whose address is made from the input. */
export interface RestLookup {
  readonly path: string;
  readonly query?: Readonly<Record<string, Parameter>>;
}

export interface RestAction extends RestLookup {
  readonly summary?: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly format?: Format;
  readonly body?: string;
  readonly effect?: EffectClass;
  readonly reads?: boolean;
  readonly idempotency_header?: string;
  readonly ref?: string;
  readonly ok_statuses?: readonly number[];
  /** `null` as YAML reads it, or written out. */
  readonly not_found?: null | 'null' | 'error';
  readonly probe?: RestLookup & { readonly found?: string; readonly ref?: string };
  readonly input?: JsonSchema;
  readonly output?: JsonSchema;
}

export interface RestSource {
  readonly summary?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly records?: string;
  readonly key?: string;
  readonly cursor?: { readonly field: string; readonly start?: string | number; readonly overlap?: string };
  readonly pagination?: Pagination;
  readonly max_pages?: number;
  readonly body?: JsonSchema;
}

export type Pagination =
  | { readonly type: 'none' }
  | { readonly type: 'link_header' }
  | { readonly type: 'next_url'; readonly path: string }
  | { readonly type: 'cursor'; readonly param: string; readonly path: string }
  | {
      readonly type: 'page';
      readonly param: string;
      readonly first?: number;
      readonly size_param?: string;
      readonly size?: number;
    }
  | { readonly type: 'offset'; readonly param: string; readonly size_param?: string; readonly size: number };

const inlineSchema = (description: string): JsonSchema => ({
  type: 'object',
  description,
  examples: [{ type: 'object', required: ['id'], properties: { id: { type: 'string' } } }],
});
const path = text('Path behind base_url; `{field}` is replaced by a field of the input, encoded.');
const headers: JsonSchema = {
  type: 'object',
  description: 'Headers of every request. Credentials belong in `auth`.',
  examples: [{ 'Accept-Language': 'en' }],
  additionalProperties: { type: 'string' },
  propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
};
const format: JsonSchema = {
  enum: ['json', 'form', 'xml'],
  default: 'json',
  description: 'How bodies are written, and read where the answer does not say what it is.',
};
const parameters: JsonSchema = {
  type: 'object',
  description:
    'Query parameters: name → field of the input, or `{ const: value }`. Without a value it is left out.',
  additionalProperties: {
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        required: ['const'],
        additionalProperties: false,
        properties: {
          const: {
            type: ['string', 'number', 'boolean'],
            description: 'The same value always.',
            examples: ['active'],
          },
        },
      },
    ],
  },
};

const action: JsonSchema = {
  type: 'object',
  description: 'One request of the API.',
  required: ['path'],
  additionalProperties: false,
  properties: {
    summary: text('What it does, for lists.', { examples: ['Makes a deal.'] }),
    method: {
      enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      default: 'POST',
      description: 'HTTP method.',
    },
    path,
    query: parameters,
    headers: { ...headers, description: 'Headers of this request.' },
    format: { enum: ['json', 'form', 'xml'], description: 'How its body is written, if not as the others.' },
    body: text(
      'Field of the input that is sent as the body; `*` is the whole input. Default: the input without what went into path and query.',
      { examples: ['*'] },
    ),
    effect: {
      enum: ['idempotent', 'key', 'probe', 'none'],
      description:
        'What a repeat would do. Default: idempotent for GET, HEAD, PUT and DELETE; key with idempotency_header; probe with probe; else none.',
    },
    reads: { type: 'boolean', description: 'It changes nothing. Default: true for GET and HEAD.' },
    idempotency_header: text(
      'Header that carries the idempotency key of the delivery, such as Idempotency-Key.',
    ),
    ref: text("Path in the answer to the target's own id for what was made."),
    ok_statuses: {
      type: 'array',
      description: 'Statuses that mean success beside 2xx, for example 409 where a repeat answers so.',
      items: { type: 'integer', minimum: 300, maximum: 499 },
    },
    not_found: {
      enum: [null, 'null', 'error'],
      default: 'error',
      description: 'What 404 means for an action that reads: no result (null), or an error.',
    },
    probe: {
      type: 'object',
      description: 'A GET that tells whether the action has already happened.',
      required: ['path'],
      additionalProperties: false,
      properties: {
        path,
        query: parameters,
        found: text(
          'Path in the answer that is there and not empty if it happened. Default: any 2xx says so, 404 says not.',
        ),
        ref: text("Path in the answer to the target's own id.", { examples: ['items.0.id'] }),
      },
    },
    input: inlineSchema('JSON Schema of what the mapping must produce.'),
    output: inlineSchema('JSON Schema of the answer.'),
  },
};

const page = (type: string, description: string, required: string[], properties: object): JsonSchema => ({
  type: 'object',
  description,
  required: ['type', ...required],
  additionalProperties: false,
  properties: { type: { const: type, description: 'The kind.' }, ...properties },
});
const size = {
  type: 'integer',
  minimum: 1,
  description:
    'Records on a page. After a full page, a shorter one is the last. Before, the next one is asked for as well: the target may have a greatest size of its own.',
};
const sizeParam = text('Query parameter that asks for the size.', { examples: ['limit'] });

const pagination: JsonSchema = {
  type: 'object',
  description: 'How the next page is found.',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    page('none', 'There is only one.', [], {}),
    page('link_header', 'A Link header with rel="next" (RFC 8288).', [], {}),
    page('next_url', 'The address of the next page is in the body.', ['path'], {
      path: text('Path in the body.', { examples: ['links.next'] }),
    }),
    page('cursor', 'A token for the next page is in the body.', ['param', 'path'], {
      param: text('Query parameter that takes the token.'),
      path: text('Path in the body.'),
    }),
    page('page', 'Pages are numbered.', ['param'], {
      param: text('Query parameter that takes the number.', { examples: ['page'] }),
      first: { type: 'integer', minimum: 0, default: 1, description: 'Number of the first page.' },
      size_param: sizeParam,
      size,
    }),
    page('offset', 'Records are numbered from 0.', ['param', 'size'], {
      param: text('Query parameter that takes the number of the first record.', { examples: ['offset'] }),
      size_param: sizeParam,
      size,
    }),
  ],
};

const source: JsonSchema = {
  type: 'object',
  description: 'One list of the API that is asked for again and again.',
  required: ['path'],
  additionalProperties: false,
  properties: {
    summary: text('What comes out, for lists.', { examples: ['Customers that changed.'] }),
    path: text('Path behind base_url.'),
    query: {
      type: 'object',
      description:
        'Query parameters. `{cursor}` stands for the cursor; a parameter with it is left out while there is none.',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    headers: { ...headers, description: 'Headers of this request.' },
    records: {
      type: 'string',
      default: '',
      description: 'Path to the list in the answer. Default: the answer is the list.',
    },
    key: text(
      'Path in a record to its id. With it a record that comes again as it was is a duplicate; one whose body differs is not. Where bodies differ without a change, let `message.id` of the mapping tell.',
    ),
    cursor: {
      type: 'object',
      description: 'How far we are: the greatest value seen of a field that grows with each change.',
      required: ['field'],
      additionalProperties: false,
      properties: {
        field: text(
          'Path in a record, for example updatedAt. A number beyond 2^53 is asked from a little before; better it is a string.',
        ),
        start: {
          type: ['string', 'number'],
          description: 'Where the first run begins. Default: at the beginning.',
          examples: ['2026-01-01T00:00:00Z'],
        },
        overlap: {
          type: 'string',
          pattern: DURATION_PATTERN,
          examples: ['5m'],
          description:
            'Ask again for this much time before the cursor, for targets that show changes late. Needs a cursor that is a time; one without a zone is taken for UTC and asked for without one.',
        },
      },
    },
    pagination,
    max_pages: {
      type: 'integer',
      minimum: 1,
      default: 100,
      description: 'Pages in one run; the next run goes on from there.',
    },
    body: inlineSchema('JSON Schema of a record.'),
  },
};

/** Schema of `with:` in connections.yaml. */
export const restSettings: JsonSchema = {
  type: 'object',
  required: ['base_url'],
  additionalProperties: false,
  properties: {
    base_url: addressSetting('Where the API lives; paths are put behind it.', 'https://crm.example.com/v2'),
    auth: authSchema,
    headers,
    format,
    timeout: {
      type: 'string',
      pattern: DURATION_PATTERN,
      default: '30s',
      examples: ['30s'],
      description: 'For one request, from first byte out to last byte in.',
    },
    check: text('Path of a harmless GET that needs the credentials, for `crossdock connections check`.'),
    actions: {
      type: 'object',
      description: 'What mappings can do with this API, by name.',
      additionalProperties: action,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_.-]*$' },
    },
    sources: {
      type: 'object',
      description: 'What mappings can start from, by name.',
      additionalProperties: source,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_.-]*$' },
    },
  },
};
