import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mapForm } from '../../../../core/language/editor/map-form.ts';
import { inlineRefs } from '../../../../core/language/index.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';

function accepts(input: JsonSchema, map: unknown): boolean {
  return new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).validate(
    mapForm(input),
    map,
  );
}

function types(input: JsonSchema): unknown {
  return mapForm(input)['type'];
}

describe('The form of a map for an action', () => {
  it('lets an expression stand anywhere, and constants of the right type', () => {
    assert.deepEqual(types({ type: 'string' }), ['string', 'object']);
    assert.deepEqual(types({ type: 'integer' }), ['string', 'object', 'number']);
    assert.deepEqual(types({ type: ['boolean', 'null'] }), ['string', 'object', 'boolean', 'null']);
    assert.deepEqual(types({ anyOf: [{ type: 'number' }, { type: 'string' }] }), [
      'string',
      'object',
      'number',
    ]);
    assert.deepEqual(types({ const: 5 }), ['string', 'object', 'number']);
  });

  it('lets anything stand where nothing is known', () => {
    for (const open of [{}, { anyOf: [{ type: 'string' }, {}] }, { not: { type: 'string' } }])
      for (const map of ['a', 1, null, true, [], { a: 'b' }, { const: [] }]) assert.ok(accepts(open, map));
  });

  it('merges the parts of a whole, and of several forms requires nothing', () => {
    const whole = {
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'string' } },
      allOf: [{ $ref: '#/$defs/more' }],
      $defs: { more: { required: ['b'], properties: { b: { type: 'integer' } } } },
    };
    assert.ok(accepts(whole, { a: 'x', b: 1 }));
    assert.ok(!accepts(whole, { a: 'x' }));
    assert.ok(!accepts(whole, { a: 'x', b: true }));
    const forms = {
      oneOf: [
        {
          type: 'object',
          required: ['a'],
          properties: { a: { type: 'string' } },
          additionalProperties: false,
        },
        {
          type: 'object',
          required: ['b'],
          properties: { b: { type: 'string' } },
          additionalProperties: false,
        },
      ],
    };
    assert.ok(accepts(forms, { a: 'x' }));
    assert.ok(accepts(forms, { b: 'x' }));
    assert.ok(!accepts(forms, { c: 'x' }));
  });

  it('takes names of all kinds where the names are free', () => {
    const map = {
      type: 'object',
      additionalProperties: { type: 'object', properties: { net: { type: 'number' } } },
    };
    assert.ok(accepts(map, { EUR: { net: 'total' }, CHF: 'prices.CHF' }));
    assert.ok(!accepts(map, { EUR: { net: true } }));
  });

  it('comes to an end where a schema comes back to itself', () => {
    const tree = {
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    };
    assert.ok(accepts(tree, { name: 'a', children: [{ name: 'b', children: 'deeper' }] }));
  });

  it('stays of a size that can be borne', () => {
    // Each refers to the next one twice.
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        {
          type: 'object',
          properties: { a: { $ref: `#/$defs/d${i + 1}` }, b: { $ref: `#/$defs/d${i + 1}` } },
        },
      ]),
    );
    const form = mapForm({ $ref: '#/$defs/d0', $defs: { ...$defs, d40: { type: 'string' } } });
    assert.ok(JSON.stringify(form).length < 8_000_000);
  });
});

describe('A schema with its references inlined', () => {
  it('has what they lead to in their place, in other schemas as well', () => {
    const schemas = new Map<string, JsonSchema>([
      [
        'sales/line@1',
        { type: 'object', properties: { sku: { $ref: '#/$defs/sku' } }, $defs: { sku: { type: 'string' } } },
      ],
    ]);
    const order = {
      properties: {
        first: { $ref: 'line@1', description: 'The first.' },
        sku: { $ref: 'sales/line@1#/$defs/sku' },
        lost: { $ref: 'nowhere@1' },
        enum: { enum: [{ $ref: 'x' }] },
      },
    };
    assert.deepEqual(inlineRefs(order, schemas, 'sales/order@1'), {
      properties: {
        first: { type: 'object', properties: { sku: { type: 'string' } }, description: 'The first.' },
        sku: { type: 'string' },
        lost: { description: 'Refers to nowhere@1.' },
        enum: { enum: [{ $ref: 'x' }] },
      },
    });
  });
});
