import assert from 'node:assert/strict';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { schemaRegistry, shaper } from '../../../../core/language/index.ts';
import { checkValue } from '../../../../core/language/types/check-value.ts';
import { inferExpression, schemaTypes } from '../../../../core/language/types/index.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';
import { propertyRuns } from '../../../support/properties.ts';

const at = { file: 'x.jsonata', line: 1, column: 1 };
const types = schemaTypes(new Map());
const registry = schemaRegistry(new Map());

/** A schema, and values among which there is one of each kind that fits it. */
interface Kind {
  readonly schema: JsonSchema;
  readonly values: readonly unknown[];
}

const KINDS: readonly Kind[] = [
  { schema: { type: 'string' }, values: ['x', 'y', ''] },
  { schema: { enum: ['x', 'y'] }, values: ['x', 'y'] },
  { schema: { type: ['string', 'null'] }, values: ['x', 'y', '', null] },
  { schema: { type: ['integer', 'null'], minimum: 0, maximum: 2 }, values: [0, 1, 2, null] },
  { schema: { type: 'integer', minimum: 0, maximum: 1 }, values: [0, 1] },
  { schema: { type: ['integer', 'string'] }, values: [0, 1, 3, 'x', 'y', ''] },
  { schema: { type: 'boolean' }, values: [true, false] },
  { schema: { type: 'array', items: { enum: ['x', 'y'] } }, values: [[], ['x'], ['y', 'x'], ['x', 'y']] },
  { schema: { type: 'array', items: { enum: ['x', null] }, maxItems: 1 }, values: [[], ['x'], [null]] },
  {
    schema: { type: ['object', 'null'], properties: { d: { type: ['string', 'null'] } } },
    values: [{}, { e: 1 }, { d: 'x' }, { d: 'y' }, { d: '' }, { d: null }, null],
  },
];
const WANTED: readonly JsonSchema[] = [
  { type: 'string' },
  { type: 'integer', minimum: 1 },
  { enum: ['x', 1] },
  { type: 'array', items: { type: 'string' } },
  { type: ['string', 'null'] },
];

const NAMES = ['a', 'b', 'c'] as const;
const member = fc.record({ kind: fc.constantFrom(...KINDS), required: fc.boolean() });
const objects = fc.record({ a: member, b: member, c: member });

const ref = fc.constantFrom(...NAMES, 'a.d', '$$.a');
const literal = fc.constantFrom('"x"', '"y"', '""', 'null', '0', '1', 'true');
const filled = (template: string): fc.Arbitrary<string> =>
  fc
    .tuple(ref, ref, literal, literal)
    .map(([one, other, x, y]) =>
      template.replaceAll('%a', one).replaceAll('%b', other).replaceAll('%x', x).replaceAll('%y', y),
    );
const followed = fc
  .constantFrom(
    ...[
      '%a',
      '$exists(%a)',
      '$not(%a)',
      '$not($exists(%a))',
      '$boolean(%a)',
      '%a = %x',
      '%a != %x',
      '%x = %a',
    ],
    ...['%a in [%x, %y]', '$not(%a in [%x, %y])', '$not(%a = %x)', '%a > 0', '%a <= 0', '$count(%a) > 0'],
    ...['$count(%a) != 0', '$type(%a) = "string"', '$type(%a) != "null"', '$type(%a) != "string"', '%a = %b'],
    ...['($has := $exists(%a); $has)', '$string(%a) != "null"', '%a[$ = "x"]'],
    ...[
      '$length(%a) > 0',
      '$exists(%a[0])',
      '$exists(%a[$ != null])',
      '(%a ? %b : false)',
      '$type(%a) = "array"',
    ],
  )
  .chain(filled);
const conditions = fc.oneof(
  followed,
  fc.tuple(followed, fc.constantFrom('and', 'or'), followed).map(([a, by, b]) => `(${a}) ${by} (${b})`),
  fc.tuple(followed, fc.constantFrom('and', 'or'), followed).map(([a, by, b]) => `$not((${a}) ${by} (${b}))`),
);
const value = fc.oneof(
  { arbitrary: ref, weight: 4 },
  { arbitrary: literal, weight: 1 },
  { arbitrary: fc.constantFrom('a[0]', '$sift($, function($v) { $v != null }).a'), weight: 1 },
  {
    arbitrary: fc
      .constantFrom(
        '$boolean($v)',
        '$k != "a"',
        '$type($v) != "null"',
        '$contains($k, "b")',
        '$v or $k = "a"',
      )
      .map((condition) => `$sift($, function($v, $k) { ${condition} }).a`),
    weight: 1,
  },
);
/** An expression, and what it depends on. */
interface Chosen {
  readonly source: string;
  readonly condition: string;
}

const chosen: fc.Arbitrary<Chosen> = fc.oneof(
  fc
    .tuple(conditions, value, value)
    .map(([condition, one, other]) => ({ condition, source: `(${condition}) ? ${one} : ${other}` })),
  fc
    .tuple(value, value)
    .map(([one, other]) => ({ condition: `$exists(${one})`, source: `${one} ?? ${other}` })),
  fc.tuple(value, value).map(([one, other]) => ({ condition: one, source: `${one} ?: ${other}` })),
  fc
    .tuple(value, value)
    .map(([one, other]) => ({ condition: '', source: `$merge([{ "r": ${one} }, { "r": ${other} }]).r` })),
  value.map((source) => ({ condition: '', source })),
);

/** All inputs that there can be, one of each kind. */
function inputsOf(
  given: Readonly<Record<string, { readonly kind: Kind; readonly required: boolean }>>,
): unknown[] {
  return Object.entries(given).reduce<Record<string, unknown>[]>(
    (inputs, [name, { kind, required }]) =>
      inputs.flatMap((input) => [
        ...kind.values.map((one) => ({ ...input, [name]: one })),
        ...(required ? [] : [input]),
      ]),
    [{}],
  );
}

describe('Complaints of a mapping', () => {
  it('are never made without a message that fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        objects,
        fc.option(conditions),
        chosen,
        fc.constantFrom(...WANTED),
        async (given, filter, { source, condition }, wanted) => {
          const schema = {
            type: 'object',
            required: Object.entries(given).flatMap(([name, { required }]) => (required ? [name] : [])),
            properties: Object.fromEntries(
              Object.entries(given).map(([name, { kind }]) => [name, kind.schema]),
            ),
          };
          const taken = { type: 'object', required: ['r'], properties: { r: wanted } };
          const body = types.of(schema);
          const { holds } = inferExpression({ source: filter ?? 'true', at }, body);
          const { type } = inferExpression({ source, at }, filter === null ? body : holds);
          const output = { forms: [{ kind: 'object' as const, members: new Map([['r', { type }]]) }] };
          const told = checkValue(output, types.wanted(taken), CHECK);
          if (told.length === 0) return;
          const asked = jsonata(`$boolean(${filter ?? 'true'})`);
          const choice = jsonata(`(${condition === '' ? 'true' : condition}) ? true : false`);
          const expression = jsonata(source);
          const branches = new Set<unknown>();
          const valid = registry.compile(taken);
          for (const input of inputsOf(given)) {
            try {
              if ((await asked.evaluate(input)) !== true) continue;
              branches.add(await choice.evaluate(input));
              const r: unknown = await expression.evaluate(input);
              const made = r === undefined ? {} : { r: JSON.parse(JSON.stringify(r)) as unknown };
              if (valid(shaper(taken)(made)).length > 0) return;
            } catch {
              return;
            }
          }
          const said = told.map(({ message }) => message).join('; ');
          // What is wrong with a branch that no message takes is told all the same.
          if (branches.size < (condition === '' ? 1 : 2)) return;
          assert.fail(
            `${source} behind ${filter} for ${JSON.stringify(wanted)} of ${JSON.stringify(schema)}: ${said}`,
          );
        },
      ),
      { numRuns: propertyRuns(2_000) },
    );
  }).timeout(60_000);
});

const CHECK = { taker: 'it', hasFormat: () => true, matches: () => true };
