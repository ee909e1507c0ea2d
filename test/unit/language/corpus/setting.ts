import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadProject, type Problem } from '../../../../core/language/index.ts';
import type { ActionSpec, Connector } from '../../../../core/model/connector.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';

/** A mapping with mistakes, and all that is said of it. */
export interface BrokenMapping {
  readonly name: string;
  readonly mapping: string;
  readonly files?: Readonly<Record<string, string>>;
  /** `line:column code message; hint`, each; a code in brackets is a warning. */
  readonly says: readonly string[];
}

/** A mapping of which nothing is to be said. */
export type GoodMapping = Omit<BrokenMapping, 'says'>;

const text = { type: 'string' };
const closed = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

/** What the corpus's mappings work on. The order is open, as most schemas are. */
const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  'sales/order@1': {
    type: 'object',
    required: ['id', 'status', 'createdAt', 'currency', 'customer', 'lines'],
    properties: {
      id: { type: 'string', minLength: 1 },
      status: { enum: ['open', 'paid', 'cancelled'] },
      createdAt: { type: 'string', format: 'date-time' },
      shipBy: { type: 'string', format: 'date' },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      total: { type: 'number', minimum: 0 },
      share: { type: 'number', exclusiveMinimum: 0 },
      paid: { type: 'boolean' },
      note: { type: 'string', maxLength: 500 },
      coupon: { type: ['string', 'null'] },
      discount: { type: ['number', 'null'] },
      either: { type: ['integer', 'string'] },
      tags: { type: 'array', items: text },
      customer: {
        type: 'object',
        required: ['id', 'firstName', 'lastName'],
        properties: {
          id: text,
          firstName: text,
          lastName: text,
          email: { type: 'string', format: 'email' },
          phone: text,
        },
      },
      lines: { type: 'array', minItems: 1, items: { $ref: 'sales/line@1' } },
      extras: { type: 'array', items: { $ref: 'sales/line@1' } },
      labels: { type: 'object', additionalProperties: text },
      codes: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
      payment: {
        oneOf: [{ $ref: '#/$defs/card' }, { $ref: '#/$defs/invoice' }],
      },
      contact: {
        type: 'object',
        properties: { email: text, phone: text },
        anyOf: [{ required: ['email'] }, { required: ['phone'] }],
      },
    },
    $defs: {
      card: {
        type: 'object',
        required: ['type', 'last4'],
        properties: { type: { const: 'card' }, last4: text },
      },
      invoice: {
        type: 'object',
        required: ['type', 'due'],
        properties: { type: { const: 'invoice' }, due: { type: 'string', format: 'date' } },
      },
    },
  },
  'sales/line@1': closed(
    {
      sku: { type: 'string', minLength: 1, maxLength: 20 },
      name: text,
      quantity: { type: 'integer', minimum: 1 },
      unitPrice: { type: 'number', minimum: 0 },
      size: { enum: ['S', 'M', 'L'] },
    },
    ['sku', 'quantity', 'unitPrice'],
  ),
  'sales/tree@1': {
    type: 'object',
    required: ['name', 'children'],
    properties: { name: text, children: { type: 'array', items: { $ref: '#' } }, parent: { $ref: '#' } },
  },
  'sales/summary@1': closed({ ref: text, skus: { type: 'array', items: text }, count: { type: 'integer' } }, [
    'ref',
    'skus',
  ]),
  'sales/refund@1': {
    allOf: [
      { $ref: 'sales/order@1' },
      { type: 'object', required: ['reason', 'total'], properties: { reason: { enum: ['broken', 'late'] } } },
    ],
  },
};

const fields: Readonly<Record<string, unknown>> = {
  text,
  short: { type: 'string', maxLength: 5 },
  long: { type: 'string', minLength: 3 },
  code: { type: 'string', pattern: '^[A-Z]{2}$' },
  day: { type: 'string', format: 'date' },
  at: { type: 'string', format: 'date-time' },
  mail: { type: 'string', format: 'email' },
  count: { type: 'integer', minimum: 1, maximum: 100 },
  price: { type: 'number', minimum: 0 },
  flag: { type: 'boolean' },
  stage: { enum: ['open', 'won', 'lost'] },
  level: { enum: [1, 2, 3] },
  maybe: { type: ['string', 'null'] },
  either: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^[0-9]+$' }] },
  names: { type: 'array', items: text },
  three: { type: 'array', items: text, minItems: 1, maxItems: 3 },
  several: { anyOf: [{ type: 'array', items: text }, { type: 'null' }] },
  lines: {
    type: 'array',
    items: closed({ sku: text, qty: { type: 'integer' }, net: { type: 'number' } }, ['sku', 'qty']),
  },
  address: closed({ street: text, zip: text }, ['zip']),
  pay: {
    oneOf: [
      closed({ by: { const: 'card' }, last4: text }, ['by', 'last4']),
      closed({ by: { const: 'invoice' }, due: { type: 'string', format: 'date' } }, ['by', 'due']),
    ],
  },
  any: {},
};

const action = (more: Partial<ActionSpec>): ActionSpec => ({
  summary: 'Does something.',
  effect: 'idempotent',
  ...more,
});

/** `set` takes much and needs nothing; `must` needs two fields and takes any others; `find` answers, `ask` says how. */
const erp: Connector = {
  name: 'erp',
  summary: 'Takes things.',
  status: 'stable',
  config: { type: 'object' },
  sources: {
    webhook: { kind: 'push', summary: 'Tells of orders.', options: {} },
    hook: {
      kind: 'push',
      summary: 'Tells of ticks.',
      options: {},
      body: closed({ scheduledAt: { type: 'string', format: 'date-time' } }, ['scheduledAt']),
    },
  },
  actions: {
    set: action({ input: closed(fields) }),
    must: action({
      input: {
        type: 'object',
        required: ['ref', 'amount'],
        properties: { ref: text, amount: { type: 'number' } },
      },
    }),
    log: action({}),
    find: action({ reads: true, input: closed({ email: text }, ['email']) }),
    ask: action({
      reads: true,
      output: closed({ code: text, limit: { type: 'number' }, group: { enum: ['a', 'b'] } }, ['code']),
    }),
  },
  examples: [],
  open: () => Promise.reject(new Error('nothing is opened while a project is read')),
};

/** A mapping of an order, from line 3 on. */
export function ofOrder(rest: string): string {
  return `from: { connection: erp, source: webhook }\nmessage: { schema: sales/order@1 }\n${rest}`;
}

/** One that hands an order to the action `set`: the map begins in line 8, column 7. */
export function setting(map: string): string {
  return ofOrder(`to:\n  - target: x\n    connection: erp\n    action: set\n    map:\n${indented(map)}`);
}

/** The same with the action `must`. */
export function must(map: string): string {
  return setting(map).replace('action: set', 'action: must');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `      ${line}`))
    .join('\n');
}

/** What is said of a mapping (and of files beside it): `line:column code message; hint`, the mapping being `x.yaml`. */
export async function findings(
  mapping: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return (await problemsIn(mapping, files)).map(({ file, line, column, code, severity, message, hint }) => {
    const name = file === 'mappings/sales/x.yaml' ? '' : `${path.basename(file)}:`;
    const kind = severity === 'warning' ? `(${code})` : code;
    return `${name}${line}:${column} ${kind} ${message}${hint === undefined ? '' : `; ${hint}`}`;
  });
}

export async function problemsIn(
  mapping: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly Problem[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'crossdock-corpus-'));
  const all: Readonly<Record<string, string>> = {
    'config/connections.yaml': 'erp: { connector: erp }\n',
    'mappings/sales/x.yaml': mapping,
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [`schemas/${name}.json`, JSON.stringify(schema)]),
    ),
    ...files,
  };
  try {
    for (const [name, content] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), content);
    }
    return (await loadProject({ root, env: {}, connectors: [erp] })).problems;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
