import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { ActionSpec, Connector } from '../../../core/model/connector.ts';
import { formatProblem, loadProject, type Loaded } from '../../../core/language/index.ts';

const open: Connector['open'] = () => Promise.reject(new Error('nothing is opened while a project is read'));

const action = (more: Partial<ActionSpec> = {}): ActionSpec => ({
  summary: 'Does something.',
  effect: 'idempotent',
  ...more,
});

/** A connector with settings of every sort, to read projects with. */
const store: Connector = {
  name: 'store',
  summary: 'A system to sell things with.',
  status: 'stable',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: { type: 'string', description: 'Where it is.', 'x-address': true },
      port: { type: 'integer', description: 'Its port.', default: 443 },
      mode: { enum: ['live', 'test'], description: 'Which of the two.', default: 'live' },
      auth: {
        type: 'object',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [
          { properties: { type: { const: 'none' } }, additionalProperties: false },
          {
            properties: { type: { const: 'bearer' }, token: { type: 'string', 'x-secret': true } },
            required: ['token'],
            additionalProperties: false,
          },
        ],
      },
      contract: { type: 'string', description: 'A file that says what it offers.' },
    },
  },
  sources: {
    webhook: {
      kind: 'push',
      summary: 'It tells of orders.',
      options: {
        type: 'object',
        additionalProperties: false,
        properties: {
          events: { type: 'array', items: { type: 'string' } },
          max: { type: 'integer', default: 10 },
        },
      },
    },
    poll: { kind: 'pull', summary: 'It is asked.', options: { type: 'object' } },
  },
  actions: {
    'find-account': action({
      reads: true,
      output: { type: 'object', properties: { code: { type: 'string' } }, additionalProperties: false },
    }),
    'put-order': action({
      input: {
        type: 'object',
        additionalProperties: false,
        required: ['ref'],
        properties: {
          ref: { type: 'string' },
          buyer: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } },
          lines: { type: 'array', items: { type: 'object', required: ['sku'], properties: { sku: {} } } },
        },
      },
    }),
    log: action(),
    broken: action({ input: { type: 'object', properties: { a: { type: 'nonsense' } } } }),
  },
  examples: [],
  describe: async (config, files) => {
    const { contract } = config as { contract?: string };
    if (contract === undefined) return {};
    let text: string;
    try {
      text = (await files.read(contract)).toString();
    } catch {
      throw new CrossdockError('CONFIG_INVALID', `There is no file "${contract}".`, { path: '/contract' });
    }
    return {
      actions: Object.fromEntries(
        text
          .trim()
          .split('\n')
          .map((name) => [name, action()]),
      ),
    };
  },
  open,
};

/** A project without a mistake. Cases replace, add or (null) leave out files. */
export const GOOD: Readonly<Record<string, string>> = {
  'config/hub.yaml': 'namespace: acme\nintake: { max_body: 2MiB }\n',
  'config/connections.yaml': `shop:
  connector: store
  with:
    url: https://shop.example
    auth: { type: bearer, token: '\${env:SHOP_TOKEN}' }
erp:
  connector: store
  with: { url: https://erp.example }
  limits: { concurrency: 4, rate: 300/m, timeout: 20s }
`,
  'schemas/sales/order@1.json': `{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string" },
    "status": { "enum": ["open", "paid"] },
    "customer": { "$ref": "sales/customer@1" },
    "lines": { "type": "array", "items": { "type": "object", "required": ["sku"], "properties": { "sku": { "type": "string" } } } }
  }
}
`,
  'schemas/sales/customer@1.yaml': `type: object
additionalProperties: false
properties:
  name: { type: string }
  email: { type: string, format: email }
`,
  'mappings/sales/orders.yaml': `description: Orders.
from:
  connection: shop
  source: webhook
message:
  schema: sales/order@1
  id: id
  keys: { order: id }
steps:
  - filter: status = "paid"
  - enrich: { as: account, connection: erp, action: find-account, with: { email: customer.email } }
to:
  - target: erp
    connection: erp
    action: put-order
    map:
      ref: id
      buyer: { name: customer.name & "/" & account.code }
      lines: 'lines.{ "sku": sku }'
`,
};

export const ENV: Readonly<Record<string, string>> = { SHOP_TOKEN: 'very-secret-token' };

/** Writes the files to a folder of their own, reads them as a project and clears up. */
export async function load(
  files: Readonly<Record<string, string | Buffer | null>>,
  env: Readonly<Record<string, string>> = ENV,
): Promise<Loaded> {
  const root = await mkdtemp(path.join(tmpdir(), 'crossdock-project-'));
  try {
    for (const [name, text] of Object.entries({ ...GOOD, ...files })) {
      if (text === null) continue;
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    return await loadProject({ root, env, connectors: [store] });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export async function problemsOf(
  files: Readonly<Record<string, string | Buffer | null>>,
  env?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  return (await load(files, env)).problems.map(formatProblem);
}

/** One mistake in an otherwise good project, and every line that is said about it. */
export interface BrokenProject {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Buffer | null>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** The good file with one text in it replaced. */
export function edit(file: string, from: string, to: string): Record<string, string> {
  const text = GOOD[file] ?? '';
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { [file]: text.replace(from, to) };
}
