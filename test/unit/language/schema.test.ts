import assert from 'node:assert/strict';
import { applyDefaults, schemaRegistry, secretPaths, shaper } from '../../../core/language/index.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';

const none = schemaRegistry(new Map());

function messages(schema: JsonSchema, value: unknown): string[] {
  return none
    .compile(schema)(value)
    .map(({ path, message }) => `${path} ${message}`);
}

describe('schemaRegistry', () => {
  it('tells of all faults, by path, in words, without the value', () => {
    assert.deepEqual(
      messages(
        {
          type: 'object',
          required: ['a'],
          additionalProperties: false,
          properties: {
            a: {},
            n: { type: 'integer', minimum: 1 },
            s: { type: ['string', 'null'], pattern: '^[A-Z]+$' },
            e: { enum: ['x', 'y'] },
            d: { format: 'date-time' },
            l: { type: 'array', minItems: 2, items: { type: 'string', maxLength: 1 } },
            c: { const: 5 },
          },
        },
        { n: 0, s: 'secret', e: 'z', d: 'yesterday', l: ['ab'], c: 6, u: 1 },
      ),
      [
        ' "a" is missing',
        ' unknown key "u"',
        '/n must be >= 1',
        '/s must match ^[A-Z]+$',
        '/e must be one of x, y',
        '/d must be a valid date-time',
        '/l must have at least 2 items',
        '/l/0 must have at most 1 character',
        '/c must be 5',
      ],
    );
    assert.deepEqual(messages({ type: ['string', 'null'] }, 5), [' must be a string or null']);
  });

  it('lets a schema refer to others by name, by relative path, by $id and to parts of them', () => {
    const schemas = new Map<string, JsonSchema>([
      [
        'sales/order@1',
        {
          properties: {
            a: { $ref: 'sales/customer@1' },
            b: { $ref: './customer@1.json' },
            c: { $ref: 'https://example.com/address' },
            d: { $ref: 'common/address@1#/$defs/zip' },
          },
        },
      ],
      ['sales/customer@1', { type: 'string' }],
      [
        'common/address@1',
        { $id: 'https://example.com/address', type: 'object', $defs: { zip: { type: 'integer' } } },
      ],
    ]);
    const registry = schemaRegistry(schemas);
    assert.deepEqual(registry.check('sales/order@1'), []);
    const validate = registry.compile('sales/order@1');
    assert.deepEqual(validate({ a: 'x', b: 'y', c: {}, d: 1 }), []);
    assert.deepEqual(
      validate({ a: 1, b: 1, c: 1, d: 'x' }).map(({ path }) => path),
      ['/a', '/b', '/c', '/d'],
    );
    assert.deepEqual(registry.compile({ $ref: 'sales/customer@1' })(1).length, 1);
  });

  it('finds what another schema refers to in itself, whatever the way to it and the names are', () => {
    for (const other of ['common/address@1', 'größe@1', 'a b@1', '100%/[x]%41@1', '注文@1']) {
      const schemas = new Map<string, JsonSchema>([
        [
          'order@1',
          {
            properties: { a: { $ref: '#/$defs/address' }, b: { $ref: other } },
            $defs: { address: { $ref: other }, zip: { type: 'string' } },
          },
        ],
        [
          other,
          {
            properties: { zip: { $ref: '#/$defs/zip' }, next: { $ref: '#' } },
            $defs: { zip: { type: 'integer' } },
          },
        ],
      ]);
      const registry = schemaRegistry(schemas);
      assert.deepEqual([...registry.check('order@1'), ...registry.check(other)], [], other);
      const address = { zip: 'x', next: { zip: 'x' } };
      const paths = registry
        .compile('order@1')({ a: address, b: address })
        .map(({ path }) => path);
      assert.deepEqual(paths.sort(), ['/a/next/zip', '/a/zip', '/b/next/zip', '/b/zip'], other);
    }
  });

  it('takes members that are named like keywords for members, and data that looks like a schema for data', () => {
    const schemas = new Map<string, JsonSchema>([
      [
        'a@1',
        {
          properties: { default: { $ref: 'b@1' }, enum: { $ref: 'b@1' }, properties: { $ref: 'b@1' } },
          default: { $ref: 'none@1', pattern: '(?=a)' },
          examples: [{ properties: { $ref: 'none@1' }, pattern: '(?=a)' }],
        },
      ],
      ['b@1', { type: 'string' }],
    ]);
    const registry = schemaRegistry(schemas);
    assert.deepEqual(registry.check('a@1'), []);
    const paths = registry
      .compile('a@1')({ default: 1, enum: 1, properties: 1 })
      .map(({ path }) => path);
    assert.deepEqual(paths, ['/default', '/enum', '/properties']);
  });

  it('lets a schema refer to itself', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } }, additionalProperties: false };
    const validate = schemaRegistry(new Map([['tree@1', tree]])).compile('tree@1');
    assert.deepEqual(validate({ child: { child: {} } }), []);
    assert.equal(validate({ child: { child: { x: 1 } } })[0]?.path, '/child/child');
    assert.deepEqual(messages(tree, { child: { child: { x: 1 } } }), ['/child/child unknown key "x"']);
  });

  it('never loads anything', () => {
    assert.throws(() => none.compile({ $ref: 'https://example.com/schema.json' }), {
      code: 'CONFIG_INVALID',
    });
    assert.throws(() => none.compile('sales/order@1'), {
      code: 'CONFIG_INVALID',
      message: /no schema "sales\/order@1"/,
    });
  });

  it('matches patterns in linear time', () => {
    const started = process.cpuUsage().user;
    assert.equal(messages({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(20_000)}!`).length, 1);
    assert.ok(process.cpuUsage().user - started < 2_000_000);
    assert.deepEqual(messages({ pattern: '^\\p{Lu}' }, 'É'), []);
    assert.throws(() => none.compile({ pattern: '(?=a)' }), { code: 'CONFIG_INVALID' });
  });

  it('follows references to anchors, in the same schema and from another', () => {
    const registry = schemaRegistry(
      new Map<string, JsonSchema>([
        [
          'sales/a@1',
          { properties: { own: { $ref: '#text' } }, $defs: { x: { $anchor: 'text', type: 'string' } } },
        ],
        ['sales/b@1', { properties: { other: { $ref: 'a@1#text' } } }],
      ]),
    );
    assert.deepEqual(registry.check('sales/a@1'), []);
    assert.deepEqual(
      [{ own: 's' }, { own: 1 }].map((value) => registry.compile('sales/a@1')(value).length),
      [0, 1],
    );
    assert.deepEqual(
      [{ other: 's' }, { other: 1 }].map((value) => registry.compile('sales/b@1')(value).length),
      [0, 1],
    );
  });

  it('refuses references that lead elsewhere by the way to them, wherever they stand', () => {
    const schema = { $dynamicAnchor: 'n', properties: { $dynamicRef: { items: { $dynamicRef: '#n' } } } };
    assert.deepEqual(schemaRegistry(new Map([['sales/a@1', schema]])).check('sales/a@1'), [
      {
        path: '/properties/$dynamicRef/items/$dynamicRef',
        keyword: '$dynamicRef',
        message: '$dynamicRef is not supported: say with $ref where it leads',
      },
    ]);
    assert.throws(() => none.compile(schema), {
      code: 'CONFIG_INVALID',
      message: /\$dynamicRef is not supported/,
    });
  });

  it('holds a member against its own schema and against each pattern that its name matches', () => {
    const schema = {
      properties: { tax_de: { maximum: 100 } },
      patternProperties: { '^tax_': { minimum: 0 } },
    };
    assert.deepEqual(messages(schema, { tax_de: 19 }), []);
    assert.equal(messages(schema, { tax_de: -1 }).length, 1);
    assert.equal(messages(schema, { tax_de: 101 }).length, 1);
  });

  it('accepts tuples, our own keywords and what OpenAPI adds', () => {
    assert.deepEqual(
      messages({ prefixItems: [{ type: 'string' }], 'x-secret': true, 'x-sensitive': true }, ['a', 1]),
      [],
    );
    assert.deepEqual(
      messages({ type: 'object', discriminator: { propertyName: 'x' }, example: 1, nullable: true }, {}),
      [],
    );
  });

  it('tells of a choice by the branch that was meant', () => {
    const schema = {
      type: 'object',
      required: ['type'],
      discriminator: { propertyName: 'type' },
      oneOf: [
        { properties: { type: { const: 'a' }, x: { type: 'string' } }, required: ['x'] },
        { properties: { type: { const: 'b' }, y: { type: 'string' } }, required: ['y'] },
      ],
    };
    assert.deepEqual(messages(schema, { type: 'a' }), [' "x" is missing']);
    assert.deepEqual(messages(schema, { type: 'c' }), ['/type must be one of a, b']);
  });

  it('tells of a choice between members as one, and of other members beside it', () => {
    const members = (...names: readonly string[]): JsonSchema => ({ required: names });
    const anyOf = { required: ['id'], anyOf: [members('mail'), members('phone'), members('street', 'city')] };
    assert.deepEqual(messages(anyOf, {}), [
      ' needs one of "mail", "phone", "street" with "city"',
      ' "id" is missing',
    ]);
    assert.deepEqual(messages({ items: anyOf }, [{ id: 1, phone: 1 }, { id: 2 }]), [
      '/1 needs one of "mail", "phone", "street" with "city"',
    ]);
    const oneOf = { type: 'object', oneOf: [members('a'), members('b'), members('c')] };
    assert.deepEqual(messages(oneOf, { other: 1 }), [' needs one of "a", "b", "c"']);
    assert.deepEqual(messages(oneOf, { a: 1, c: 1 }), [' must have only one of "a", "c"']);
    assert.deepEqual(messages(oneOf, 5), [' must be an object']);
  });

  it('takes no member that every object inherits for one of the value', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const text = {
        type: 'object',
        properties: { [name]: { type: 'string' } },
        additionalProperties: false,
      };
      assert.deepEqual(messages(text, {}), []);
      assert.deepEqual(messages(text, { [name]: 1 }), [`/${name} must be a string`]);
      assert.deepEqual(messages({ ...text, required: [name] }, {}), [` "${name}" is missing`]);
      assert.deepEqual(messages({ ...text, required: [name] }, { [name]: 'mine' }), []);
    }
    assert.deepEqual(messages({ dependentRequired: { constructor: ['id'] } }, {}), []);
    assert.deepEqual(messages({ dependentSchemas: { toString: { required: ['id'] } } }, {}), []);
  });

  it('caps the number of faults', () => {
    assert.equal(
      messages(
        { items: { type: 'string' } },
        Array.from({ length: 10_000 }, () => 1),
      ).length,
      50,
    );
  });
});

describe('applyDefaults', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      a: { default: 1 },
      b: { type: 'object', properties: { c: { default: [1] } } },
      d: { type: 'object', default: {}, properties: { e: { default: 2 } } },
      l: { items: { $ref: '#/$defs/item' } },
      auth: {
        oneOf: [
          { properties: { type: { const: 'x' }, in: { default: 'header' } } },
          { properties: { type: { const: 'y' }, in: { default: 'query' } } },
        ],
      },
    },
    $defs: { item: { type: 'object', properties: { n: { default: 0 } } } },
  };

  it('fills in what is missing, in objects, lists, references and the branch that is meant', () => {
    assert.deepEqual(applyDefaults(schema, { b: {}, l: [{}, { n: 5 }], auth: { type: 'y' } }), {
      a: 1,
      b: { c: [1] },
      d: { e: 2 },
      l: [{ n: 0 }, { n: 5 }],
      auth: { type: 'y', in: 'query' },
    });
  });

  it('changes neither the value nor the schema', () => {
    const value = Object.freeze({ b: Object.freeze({}) });
    const filled = applyDefaults(schema, value) as { b: { c: number[] } };
    filled.b.c.push(2);
    assert.deepEqual((applyDefaults(schema, value) as { b: { c: number[] } }).b.c, [1]);
    assert.deepEqual(value, { b: {} });
  });
});

describe('secretPaths', () => {
  it('finds the secrets of a value, in lists and in the branch that is meant', () => {
    const schema: JsonSchema = {
      properties: {
        token: { 'x-secret': true },
        list: { type: 'array', 'x-secret': true },
        items: { items: { properties: { key: { 'x-secret': true } } } },
        auth: {
          oneOf: [
            { properties: { type: { const: 'a' }, value: { 'x-secret': true } } },
            { properties: { type: { const: 'b' }, value: {} } },
          ],
        },
      },
    };
    assert.deepEqual(
      [
        ...secretPaths(schema, {
          token: 'x',
          list: ['y'],
          items: [{ key: 'z', other: 1 }],
          auth: { type: 'b', value: 'v' },
        }),
      ],
      ['token', 'list[0]', 'items[0].key'],
    );
    assert.deepEqual([...secretPaths(schema, { auth: { type: 'a', value: 'v' } })], ['auth.value']);
  });
});

describe('shaper', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      lines: { type: 'array', items: { $ref: '#/$defs/line' } },
      name: { type: 'string' },
      part: { allOf: [{ properties: { codes: { type: 'array' } } }] },
    },
    $defs: {
      line: { type: 'object', properties: { tags: { type: 'array' }, sub: { $ref: '#/$defs/line' } } },
    },
  };
  const shape = shaper(schema);

  it('makes a list of a single item where a list is wanted, however deep', () => {
    assert.deepEqual(shape({ lines: { tags: 'a', sub: { tags: 'b' } }, part: { codes: 1 } }), {
      lines: [{ tags: ['a'], sub: { tags: ['b'] } }],
      part: { codes: [1] },
    });
  });

  it('changes nothing else, above all no types', () => {
    for (const value of [{ name: 5, other: 'x' }, { lines: [] }, { lines: null }, {}, null, 'x', [1]]) {
      assert.equal(shape(value), value);
    }
  });

  it('leaves what it was given as it was', () => {
    const value = Object.freeze({ lines: Object.freeze([Object.freeze({ tags: 'a' })]) });
    assert.deepEqual(shape(value), { lines: [{ tags: ['a'] }] });
    assert.deepEqual(value, { lines: [{ tags: 'a' }] });
  });
});
