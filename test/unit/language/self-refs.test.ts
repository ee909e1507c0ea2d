import assert from 'node:assert/strict';
import { schemaRegistry } from '../../../core/language/index.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';

const ENDLESS = 'refers to itself without going into the value: it could never be checked';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Which references `check` tells of, and whether the schema is refused. */
function told(schemas: Schemas, name = 'a@1'): readonly string[] {
  const registry = schemaRegistry(new Map(Object.entries(schemas)));
  return registry.check(name).map(({ path, message }) => {
    assert.equal(message, ENDLESS);
    return path;
  });
}

function refused(schemas: Schemas, compiled: string | JsonSchema): string {
  try {
    schemaRegistry(new Map(Object.entries(schemas))).compile(compiled);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'CONFIG_INVALID');
    return (error as Error).message;
  }
  return '';
}

const here = { $ref: '#' };

describe('A schema that refers to itself without going into the value', () => {
  it('is told of where the reference stands, whatever it stands in', () => {
    const schemas: readonly (readonly [string, JsonSchema])[] = [
      ['/$ref', here],
      ['/$ref', { $ref: 'a@1' }],
      ['/$ref', { $ref: './a@1.json#/' }],
      ['/$ref', { $id: 'https://example.com/a', $ref: 'https://example.com/a#' }],
      ['/allOf/0/$ref', { allOf: [here, { type: 'object' }] }],
      ['/anyOf/1/$ref', { anyOf: [{ type: 'object' }, here] }],
      ['/oneOf/0/$ref', { oneOf: [here, true] }],
      ['/not/$ref', { not: here }],
      ['/if/$ref', { if: here, then: { type: 'object' } }],
      ['/then/$ref', { if: { type: 'object' }, then: here }],
      ['/else/$ref', { if: { type: 'object' }, then: true, else: here }],
      ['/dependentSchemas/default/$ref', { dependentSchemas: { default: here } }],
      ['/dependencies/default/$ref', { dependencies: { other: ['x'], default: here } }],
      ['/allOf/0/anyOf/0/not/$ref', { allOf: [{ anyOf: [{ not: here }] }] }],
    ];
    for (const [path, schema] of schemas) {
      assert.deepEqual(told({ 'a@1': schema }), [path], JSON.stringify(schema));
      assert.equal(refused({ 'a@1': schema }, 'a@1'), `Schema "a@1" ${ENDLESS} (at ${path}).`);
    }
  });

  it('may be a part of a schema, and be referred to in any way', () => {
    const schemas: readonly (readonly [string, JsonSchema])[] = [
      ['/$defs/x/$ref', { properties: { p: { $ref: '#/$defs/x' } }, $defs: { x: { $ref: '#/$defs/x' } } }],
      ['/properties/p/allOf/0/$ref', { properties: { p: { allOf: [{ $ref: '#/properties/p' }] } } }],
      ['/allOf/0/allOf/0/$ref', { allOf: [{ allOf: [{ $ref: '#/allOf/0' }] }] }],
      ['/$defs/a~1b %/not/$ref', { $defs: { 'a/b %': { not: { $ref: '#/$defs/a~1b%20%25' } } } }],
      ['/$defs/x/not/$ref', { $defs: { x: { $dynamicAnchor: 'n', not: { $ref: '#n' } } } }],
      ['/$defs/x/not/$ref', { $defs: { x: { $id: 'x', not: { $ref: '#' } } } }],
      ['/default/not/$ref', { items: { $ref: '#/default' }, default: { not: { $ref: '#/default' } } }],
    ];
    for (const [path, schema] of schemas)
      assert.deepEqual(told({ 'a@1': schema }), [path], JSON.stringify(schema));
  });

  it('is told of at each reference of the circle, in the schema that it stands in', () => {
    const schemas = {
      'a@1': { allOf: [{ $ref: 'b@1#/$defs/x' }, { type: 'object' }] },
      'b@1': { type: 'object', $defs: { x: { anyOf: [{ $ref: '#/$defs/y' }] }, y: { $ref: 'a@1' } } },
      'c@1': { properties: { a: { $ref: 'a@1' } } },
      'd@1': { type: 'object' },
    };
    assert.deepEqual(told(schemas), ['/allOf/0/$ref']);
    assert.deepEqual(told(schemas, 'b@1'), ['/$defs/x/anyOf/0/$ref', '/$defs/y/$ref']);
    assert.deepEqual(told(schemas, 'c@1'), []);
    assert.match(refused(schemas, 'c@1'), /^Schema "a@1" refers to itself .* \(at \/allOf\/0\/\$ref\)\.$/);
    assert.equal(refused(schemas, 'd@1'), '');
  });

  it('is refused without a name as well', () => {
    assert.equal(refused({}, { allOf: [here] }), `A schema ${ENDLESS} (at /allOf/0/$ref).`);
    assert.match(
      refused({}, { $defs: { x: { $anchor: 'n', $ref: '#n' } }, $ref: '#n' }),
      /\/\$defs\/x\/\$ref/,
    );
    const schemas = { 'a@1': { not: { $ref: 'a@1' } }, 'b@1': { type: 'object' } };
    assert.match(refused(schemas, { properties: { p: { $ref: 'a@1' } } }), /^Schema "a@1" refers to itself/);
    assert.equal(refused(schemas, { properties: { p: { $ref: 'b@1' } } }), '');
  });

  it('is no schema that goes into the value first', () => {
    const schemas: readonly JsonSchema[] = [
      ...[
        'additionalProperties',
        'items',
        'contains',
        'propertyNames',
        'unevaluatedItems',
        'unevaluatedProperties',
      ].map((keyword) => ({ [keyword]: here })),
      ...['properties', 'patternProperties'].map((keyword) => ({ [keyword]: { allOf: here } })),
      { prefixItems: [here] },
      { allOf: [{ properties: { p: { anyOf: [here] } } }] },
      { $ref: '#/$defs/x', $defs: { x: { items: { $ref: '#/$defs/x' } } } },
      { anyOf: [{ $ref: '#/$defs/x' }, { $ref: '#/$defs/x' }], $defs: { x: { type: 'object' } } },
      { $defs: { x: { $id: 'x', type: 'object' } }, properties: { p: { $ref: '#/$defs/x' } } },
      { default: { $ref: '#' }, const: { allOf: [here] }, examples: [here] },
    ];
    for (const schema of schemas) {
      assert.deepEqual(told({ 'a@1': schema }), [], JSON.stringify(schema));
      assert.equal(refused({ 'a@1': schema }, 'a@1'), '');
      assert.equal(refused({}, schema), '');
    }
  });

  it('is found among many schemas and at any depth', () => {
    const count = 5_000;
    const chain = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`x${i}`, { allOf: [{ $ref: `#/$defs/x${i + 1}` }] }]),
    );
    const long = { $defs: { ...chain, [`x${count}`]: { type: 'object' } } };
    assert.deepEqual(told({ 'a@1': { ...long, $defs: { ...long.$defs, z: here }, $ref: '#/$defs/z' } }), [
      '/$ref',
      '/$defs/z/$ref',
    ]);
    const round = { $defs: { ...chain, [`x${count}`]: { $ref: '#/$defs/x0' } } };
    assert.equal(told({ 'a@1': round }).length, 50);
  });
});
