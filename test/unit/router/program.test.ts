import assert from 'node:assert/strict';
import { DEFAULT_EXPRESSION_LIMITS, schemaRegistry } from '../../../core/language/index.ts';
import type { ActionSpec } from '../../../core/model/connector.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import type { ExpressionText, Mapping, MapTemplate, Step, Target } from '../../../core/model/mapping.ts';
import type { Message } from '../../../core/model/message.ts';
import { DEFAULT_RETRY } from '../../../core/model/retry.ts';
import { compileMapping } from '../../../core/router/index.ts';
import type { Enrich, Routed } from '../../../core/router/index.ts';

const at = { file: 'mappings/sales/orders.yaml', line: 1, column: 1 };
const expression = (source: string): ExpressionText => ({ source, at });
const mapOf = (source: string): MapTemplate => ({ kind: 'expression', expression: expression(source) });

const ORDER: JsonSchema = {
  type: 'object',
  required: ['Ref'],
  properties: { Ref: { type: 'string' }, Lines: { type: 'array', items: { type: 'object' } } },
};
const SCHEMAS = new Map<string, JsonSchema>([
  ['sales/order@1', { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }],
]);
const CREATE: ActionSpec = { summary: 'Makes an order.', effect: 'none', input: ORDER };

interface Given {
  readonly steps?: readonly Step[];
  readonly schema?: string;
  readonly target?: Partial<Target>;
}

async function run(
  { steps = [], schema, target = {} }: Given,
  body: unknown,
  more: { from?: number; enrich?: Enrich } = {},
): Promise<Routed> {
  const mapping: Mapping = {
    name: 'sales/orders',
    domain: 'sales',
    from: { kind: 'topic', topic: 'any', at },
    message: { schema, keys: {} },
    steps,
    targets: [
      {
        name: 'erp',
        to: { kind: 'action', connection: 'erp', action: 'create' },
        retry: DEFAULT_RETRY,
        at,
        ...target,
      },
    ],
    at,
  };
  const [program] = compileMapping(mapping, {
    schemas: schemaRegistry(SCHEMAS),
    schemaNames: new Set(SCHEMAS.keys()),
    limits: DEFAULT_EXPRESSION_LIMITS,
    action: (_connection, action) => (action === 'create' ? CREATE : undefined),
  });
  assert.ok(program);
  const message: Message = {
    id: '01900000-0000-7000-8000-000000000000',
    source: 'shop/sales/orders',
    type: 'sales/order@1',
    time: '2026-01-01T00:00:00.000Z',
    journeyId: '01900000-0000-7000-8000-000000000000',
    keys: {},
    contentType: 'application/json',
    headers: {},
    body,
  };
  return program.run(
    message,
    more.from ?? 0,
    more.enrich ?? (() => Promise.reject(new Error('nothing to enrich with'))),
  );
}

const withCode = (code: string) => (error: unknown) => error instanceof CrossdockError && error.code === code;
const filter = (source: string): Step => ({ kind: 'filter', when: expression(source), at });

describe('a mapping on its way to a target', () => {
  it('shapes the mapped output to what the action wants', async () => {
    const routed = await run(
      { target: { map: mapOf('{ "Ref": id, "Lines": lines.{ "Item": sku } }') } },
      { id: 'o1', lines: [{ sku: 'A' }] },
    );
    assert.deepEqual(routed, { kind: 'output', output: { Ref: 'o1', Lines: [{ Item: 'A' }] } });
  });

  it('refuses an output without a required field before the target has to', async () => {
    await assert.rejects(run({ target: { map: mapOf('{ "Lines": [] }') } }, {}), (error) => {
      assert.ok(error instanceof CrossdockError);
      assert.equal(error.code, 'OUTPUT_INVALID');
      assert.match(error.message, /Ref/);
      return true;
    });
  });

  it('refuses a message that does not fit its schema, and says where', async () => {
    await assert.rejects(
      run({ schema: 'sales/order@1' }, { id: 7 }),
      (error) => error instanceof CrossdockError && error.code === 'MESSAGE_INVALID' && error.path === '/id',
    );
  });

  it('ends at a filter that says no, by the step that said so', async () => {
    assert.deepEqual(await run({ steps: [filter('status = "paid"')] }, { status: 'open' }), {
      kind: 'filtered',
      step: 'filter#0',
    });
    assert.deepEqual(await run({ target: { when: expression('total > 100') } }, { total: 5 }), {
      kind: 'filtered',
      step: 'when',
    });
  });

  it('takes a missing value, an empty text and an empty list for no', async () => {
    for (const body of [{}, { yes: '' }, { yes: [] }, { yes: null }, { yes: {} }]) {
      assert.equal((await run({ steps: [filter('yes')] }, body)).kind, 'filtered', JSON.stringify(body));
    }
  });

  it('joins the answer of an enrichment to the message', async () => {
    const steps: Step[] = [
      {
        kind: 'enrich',
        as: 'account',
        connection: 'crm',
        action: 'find',
        input: mapOf('{ "email": email }'),
        at,
      },
    ];
    const asked: unknown[] = [];
    const enrich: Enrich = (connection, action, input) => {
      asked.push([connection, action, input]);
      return Promise.resolve({ code: 'K-1' });
    };
    const routed = await run(
      { steps, target: { map: mapOf('{ "Ref": account.code & email }') } },
      { email: 'a@b' },
      { enrich },
    );
    assert.deepEqual(asked, [['crm', 'find', { email: 'a@b' }]]);
    assert.deepEqual(routed, { kind: 'output', output: { Ref: 'K-1a@b' } });
  });

  it('splits into the items found: none, one or many', async () => {
    const steps: Step[] = [{ kind: 'split', items: expression('lines'), at }];
    for (const [lines, items] of [
      [undefined, []],
      [{ n: 1 }, [{ n: 1 }]],
      [
        [{ n: 1 }, { n: 2 }],
        [{ n: 1 }, { n: 2 }],
      ],
    ]) {
      assert.deepEqual(await run({ steps }, { lines }), { kind: 'split', step: 'split#0', items, next: 1 });
    }
  });

  it('goes on behind the split with one of its items, without the schema of the whole', async () => {
    const steps: Step[] = [{ kind: 'split', items: expression('lines'), at }];
    const routed = await run(
      { steps, schema: 'sales/order@1', target: { map: mapOf('{ "Ref": sku }') } },
      { sku: 'A' },
      { from: 1 },
    );
    assert.deepEqual(routed, { kind: 'output', output: { Ref: 'A' } });
  });

  it('ends with the error of an expression that fails, and never goes on half done', async () => {
    await assert.rejects(
      run({ steps: [filter('$number(id) > 1')] }, { id: 'x' }),
      withCode('EXPRESSION_FAILED'),
    );
    await assert.rejects(
      run({ steps: [filter('($f := function($n) { $f($n + 1) }; $f(0))')] }, {}),
      withCode('EXPRESSION_LIMIT'),
    );
  });

  it('holds what goes to a topic that bears the name of a schema to that schema', async () => {
    const target = { to: { kind: 'topic', topic: 'sales/order@1' } as const };
    await assert.rejects(
      run({ target: { ...target, map: mapOf('{ "no": "id" }') } }, {}),
      withCode('OUTPUT_INVALID'),
    );
    assert.equal((await run({ target }, { id: 'o1' })).kind, 'output');
  });

  it('tells expressions of the message itself as $message', async () => {
    const routed = await run({ target: { map: mapOf('{ "Ref": $message.source }') } }, {});
    assert.deepEqual(routed, { kind: 'output', output: { Ref: 'shop/sales/orders' } });
  });
});
