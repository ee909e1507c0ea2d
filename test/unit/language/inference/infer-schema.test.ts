import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inferSchema, schemaRegistry, type InferOptions } from '../../../../core/language/index.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';
import { propertyRuns } from '../../../support/properties.ts';

const properties = (schema: JsonSchema): Record<string, JsonSchema> =>
  schema['properties'] as Record<string, JsonSchema>;

function infer(samples: readonly unknown[], options?: InferOptions): Record<string, JsonSchema> {
  return properties(inferSchema(samples, options).schema);
}

/** As a project would hold it. */
function faultsOf(schema: JsonSchema, samples: readonly unknown[]): readonly unknown[] {
  const registry = schemaRegistry(new Map([['made@1', schema]]));
  const validate = registry.compile('made@1');
  return [...registry.check('made@1'), ...samples.flatMap((sample) => validate(sample))];
}

describe('A schema that is made of samples', () => {
  it('requires what all samples have, in the order in which it came up', () => {
    const { schema, report } = inferSchema([
      { id: 'a', note: 'x', total: 1 },
      { id: 'b', total: 2 },
    ]);
    assert.deepEqual(schema['required'], ['id', 'total']);
    assert.deepEqual(Object.keys(properties(schema)), ['id', 'note', 'total']);
    assert.deepEqual(report.missing, [{ path: 'note', seen: 1, of: 2 }]);
    assert.equal(report.samples, 2);
    assert.equal(report.fields, 3);
  });

  it('merges types: whole numbers and others are numbers, null makes a list of types', () => {
    const made = infer([
      { a: 1, b: 1, c: 'x', d: null, e: 1 },
      { a: 2, b: 2.5, c: null, d: null, e: 'x' },
    ]);
    assert.equal(made['a']?.['type'], 'integer');
    assert.equal(made['b']?.['type'], 'number');
    assert.deepEqual(made['c']?.['type'], ['string', 'null']);
    assert.deepEqual(made['d'], { description: 'Always null in the samples.' });
    assert.deepEqual(made['e']?.['type'], ['string', 'integer']);
  });

  it('merges the items of all lists', () => {
    const made = infer([
      { lines: [{ sku: 'a', qty: 1 }, { sku: 'b' }] },
      { lines: [] },
      { lines: [{ sku: 'c', qty: 2 }] },
    ]);
    const items = made['lines']?.['items'] as JsonSchema;
    assert.deepEqual(items['required'], ['sku']);
    assert.deepEqual(Object.keys(properties(items)), ['sku', 'qty']);
  });

  it('recognises formats when all of three or more texts have them', () => {
    const dates = ['2026-03-01', '2026-03-02', '2026-03-03'];
    const sample = (i: number): unknown => ({
      day: dates[i],
      at: `${dates[i]}T12:00:00Z`,
      id: `0192a3b4-0000-7000-8000-00000000000${i}`,
      mail: `a${i}@example.com`,
      link: `https://example.com/${i}`,
      article: `SKU:${i}`,
      some: i === 0 ? dates[i] : 'soon',
    });
    const made = infer([0, 1, 2].map(sample));
    assert.deepEqual(
      Object.entries(made).map(([name, schema]) => [name, schema['format']]),
      [
        ['day', 'date'],
        ['at', 'date-time'],
        ['id', 'uuid'],
        ['mail', 'email'],
        ['link', 'uri'],
        ['article', undefined],
        ['some', undefined],
      ],
    );
    assert.equal(infer([0, 1].map(sample))['day']?.['format'], undefined);
  });

  it('makes enums only when asked, of texts with few values that came up several times', () => {
    const samples = Array.from({ length: 12 }, (_, i) => ({
      status: i % 3 === 0 ? 'open' : 'paid',
      id: `o-${i}`,
      day: '2026-03-01',
    }));
    assert.deepEqual(infer(samples)['status']?.['enum'], undefined);
    const made = infer(samples, { enums: true });
    assert.deepEqual(made['status'], { enum: ['open', 'paid'] });
    assert.equal(made['id']?.['enum'], undefined);
    assert.equal(made['day']?.['format'], 'date');
  });

  it('marks what sounds or looks sensitive, and shows no example of it, nor of anything below it', () => {
    const { schema, report } = inferSchema([
      {
        id: 'o-1',
        contactEmail: 'a@example.com',
        payer: 'DE89 3704 0044 0532 0130 00',
        customer: { name: 'Ada Lovelace', code: 'C-1' },
        card: { kind: 'visa', digits: '4111111111111111' },
        apiKey: 'k',
        product: { name: 'Mug' },
      },
    ]);
    assert.deepEqual(report.sensitive, ['contactEmail', 'payer', 'customer.name', 'card', 'apiKey']);
    const text = JSON.stringify(schema);
    for (const secret of ['a@example', 'DE89', 'Ada', 'visa', '4111', '"k"'])
      assert.ok(!text.includes(secret), secret);
    assert.deepEqual(properties(schema)['id']?.['examples'], ['o-1']);
    assert.equal(properties(properties(schema)['card'] as JsonSchema)['kind']?.['x-sensitive'], true);
    assert.ok(text.includes('"Mug"'));
    assert.ok(!JSON.stringify(infer([{ id: 'o-1' }], { examples: false })).includes('o-1'));
  });

  it('takes objects whose names are data for maps', () => {
    const { schema, report } = inferSchema([
      { prices: { '4711': { net: 1 }, '4712': { net: 2 }, '4713': { net: 3 } }, size: { w: 1, h: 2, d: 3 } },
    ]);
    assert.deepEqual(Object.keys(properties(schema)['prices'] as object), ['type', 'additionalProperties']);
    assert.ok(properties(schema)['size']?.['properties'] !== undefined);
    assert.deepEqual(report.maps, [{ path: 'prices', names: 3 }]);
  });

  it('takes objects with many names that come and go for maps, unless their values differ in type', () => {
    const words = (i: number): string[] =>
      Array.from({ length: 8 }, (_, n) => `word${'abcdefgh'[n]}${'xyz'[i]}`);
    const samples = [0, 1, 2].map((i) => ({ stock: Object.fromEntries(words(i).map((word) => [word, 1])) }));
    assert.deepEqual(inferSchema(samples).report.maps, [{ path: 'stock', names: 24 }]);
    const mixed = samples.map(({ stock }, i) => ({ stock: { ...stock, [`other${i}`]: 'text' } }));
    assert.deepEqual(inferSchema(mixed).report.maps, []);
  });

  it('knows that CSV and XML have texts only', () => {
    const samples = [
      { qty: '1', net: '1.50', note: '', ref: 'A1', line: { sku: 'a' } },
      { qty: '2', net: '2', note: '', ref: 'A2', line: [{ sku: 'b' }, { sku: 'c', free: 'yes' }] },
      { qty: '-3', net: '', note: 'x', ref: 'A3', line: { sku: 'd' } },
      { qty: '003', net: '7', note: 'x', ref: 'A3', line: { sku: 'd' } },
    ];
    const made = infer(samples, { texts: true });
    assert.equal(made['qty']?.['pattern'], '^-?[0-9]+$');
    assert.equal(made['net']?.['pattern'], '^$|^-?[0-9]+([.][0-9]+)?$');
    assert.equal(made['note']?.['pattern'], undefined);
    assert.deepEqual(made['line']?.['type'], ['object', 'array']);
    assert.deepEqual(made['line']?.['required'], ['sku']);
    assert.deepEqual((made['line']?.['items'] as JsonSchema)['required'], ['sku']);
    assert.deepEqual(faultsOf(inferSchema(samples, { texts: true }).schema, samples), []);
  });

  it('refuses what has too many members to be described', () => {
    const wide = [Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`m${i}`, 1]))];
    assert.throws(() => inferSchema(wide), /more than 50000 different members/);
    let deep: unknown = 1;
    for (let i = 0; i < 200; i++) deep = [deep];
    assert.throws(() => inferSchema([deep]), /nested deeper/);
  });

  it('fits every sample that it was made of, whatever they are, and is a schema that a project may hold', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '',
        '1',
        '-2.5',
        '2026-03-01',
        '2026-13-01',
        'a@example.com',
        'https://example.com/a b',
      ),
      fc.emailAddress(),
      fc.uuid(),
      fc.webUrl(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    const name = fc.oneof(
      fc.constantFrom('id', 'lines', 'email', '4711', '$ref', 'type', 'constructor'),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false, 0, 1, -1.5, 1e300),
        text,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 6, noNullPrototype: true }),
      ),
    }));
    const object = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true });
    const samples = fc.oneof(
      fc.array(value, { minLength: 1, maxLength: 6 }),
      fc.array(object, { minLength: 1, maxLength: 6 }),
      text.chain((one) => fc.array(fc.constant({ one }), { minLength: 3, maxLength: 5 })),
    );
    const options = fc.record({ enums: fc.boolean(), closed: fc.boolean(), texts: fc.boolean() });
    fc.assert(
      fc.property(samples, options, (all, how) => {
        // Readers leave `__proto__` out.
        const read = JSON.parse(JSON.stringify(all), (key, v: unknown) =>
          key === '__proto__' ? undefined : v,
        ) as unknown[];
        const { schema } = inferSchema(read, how);
        assert.deepEqual(faultsOf(JSON.parse(JSON.stringify(schema)) as JsonSchema, read), []);
      }),
      { numRuns: propertyRuns(150) },
    );
  });
});
