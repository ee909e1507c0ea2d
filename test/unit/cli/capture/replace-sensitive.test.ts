import assert from 'node:assert/strict';
import fc from 'fast-check';
import { replaceSensitive } from '../../../../cli/capture/replace-sensitive.ts';
import { UsageError } from '../../../../cli/usage-error.ts';
import { schemaRegistry } from '../../../../core/language/index.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';
import { propertyRuns } from '../../../support/properties.ts';

const SENSITIVE = { type: 'string', 'x-sensitive': true };
const none = new Map<string, JsonSchema>();

/** One value under a schema, without what is sensitive. */
function harmless(
  value: unknown,
  schema: JsonSchema,
  schemas: ReadonlyMap<string, JsonSchema> = none,
): ReturnType<typeof replaceSensitive> & { readonly value: unknown } {
  const result = replaceSensitive([{ name: 'input', value, schema }], { schemas });
  return { ...result, value: result.values[0] };
}

function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((node, part) => (node as Record<string | number, unknown>)[part], value);
}

describe('Sensitive values of a captured message', () => {
  it('are replaced wherever a schema can mark them', () => {
    const schemas = new Map<string, JsonSchema>([
      ['people/person@1', { type: 'object', properties: { name: SENSITIVE, boss: { $ref: '#' } } }],
      ['sales/defs@1', { $defs: { mail: { ...SENSITIVE, format: 'email' } } }],
    ]);
    const schema: JsonSchema = {
      type: 'object',
      $defs: { secret: SENSITIVE, 'named one': { $dynamicAnchor: 'named', ...SENSITIVE } },
      properties: {
        person: { $ref: 'people/person@1' },
        mail: { $ref: 'sales/defs@1#/$defs/mail' },
        local: { $ref: '#/$defs/secret' },
        escaped: { $ref: '#/$defs/named%20one' },
        listed: { $ref: '#/properties/tuple/prefixItems/1' },
        named: { $ref: '#named' },
        list: { type: 'array', items: { type: 'object', properties: { note: SENSITIVE } } },
        tuple: { type: 'array', prefixItems: [{ type: 'string' }, SENSITIVE] },
        either: { anyOf: [{ type: 'null' }, SENSITIVE] },
        both: { allOf: [{ properties: { a: SENSITIVE } }, { properties: { b: { type: 'string' } } }] },
        when: { if: { required: ['x'] }, then: { properties: { x: SENSITIVE } } },
        whole: { type: 'object', 'x-sensitive': true },
      },
      patternProperties: { '^p_': SENSITIVE },
      additionalProperties: { type: 'object', additionalProperties: SENSITIVE },
    };
    const value = {
      person: { name: 'Person One', boss: { name: 'Person Two' } },
      mail: 'person.three@corp.test',
      local: 'Person Four',
      escaped: 'Person Thirteen',
      listed: 'Person Fourteen',
      named: 'Person Fifteen',
      list: [{ note: 'Person Five', other: 'kept one' }],
      tuple: ['kept two', 'Person Six'],
      either: 'Person Seven',
      both: { a: 'Person Eight', b: 'kept three' },
      when: { x: 'Person Nine' },
      whole: { deep: [{ deeper: 'Person Ten', count: 4711 }], flag: true },
      p_x: 'Person Eleven',
      extra: { any: 'Person Twelve' },
    };
    const { value: fresh, replaced, marks } = harmless(value, schema, schemas);
    assert.equal(marks, true);
    assert.doesNotMatch(JSON.stringify(fresh), /person (?:one|t|f|s|e|n)|corp\.test|4711/i);
    assert.deepEqual(
      [member(fresh, 'list', 0, 'other'), member(fresh, 'tuple', 0), member(fresh, 'both', 'b')],
      ['kept one', 'kept two', 'kept three'],
    );
    assert.equal(replaced.length, 17);
    assert.equal(typeof member(fresh, 'whole', 'deep', 0, 'count'), 'number');
  });

  it('keep type, length, format and pattern', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        name: SENSITIVE,
        phone: SENSITIVE,
        mail: { ...SENSITIVE, format: 'email' },
        born: { ...SENSITIVE, format: 'date' },
        seen: { ...SENSITIVE, format: 'date-time' },
        ref: { ...SENSITIVE, format: 'uuid' },
        site: { ...SENSITIVE, format: 'uri' },
        code: { ...SENSITIVE, pattern: '^K-[0-9]{4}$' },
        country: { ...SENSITIVE, enum: ['DE', 'FR', 'IT'] },
        income: { type: 'integer', minimum: 1000, maximum: 9999, 'x-sensitive': true },
        share: { type: 'number', multipleOf: 0.5, 'x-sensitive': true },
        short: { ...SENSITIVE, minLength: 2, maxLength: 2 },
      },
    };
    const value = {
      name: 'Émilie Ørsted-Kim',
      phone: '+49 (40) 123-45',
      mail: 'emilie@corp.test',
      born: '1984-02-29',
      seen: '2026-03-01T17:45:10.123Z',
      ref: 'a1b2c3d4-0000-4000-8000-123456789abc',
      site: 'https://emilie.test/about',
      code: 'K-1001',
      country: 'FR',
      income: 4200,
      share: 12.5,
      short: 'Xy',
    };
    const result = harmless(value, schema);
    assert.deepEqual(schemaRegistry(none).compile(schema)(result.value), []);
    assert.deepEqual(result.unfit, []);
    const fresh = result.value as Record<keyof typeof value, string>;
    assert.match(fresh.name, /^\p{Lu}\p{Ll}{5} \p{Lu}\p{Ll}{5}-\p{Lu}\p{Ll}{2}$/u);
    assert.match(fresh.phone, /^\+\d\d \(\d\d\) \d{3}-\d\d$/);
    assert.match(fresh.mail, /^[a-z]{6}@example\.com$/);
    assert.match(fresh.seen, /^19\d\d-\d\d-\d\dT12:00:00\.000Z$/);
    for (const [name, before] of Object.entries(value))
      assert.notEqual(fresh[name as keyof typeof value], before);
  });

  it('stay within the bounds of a number, and are its multiples', () => {
    const number = (bounds: object): JsonSchema => ({ type: 'number', ...bounds, 'x-sensitive': true });
    const properties = {
      income: number({ minimum: 1000, maximum: 2000, multipleOf: 0.5 }),
      share: number({ exclusiveMinimum: 0, exclusiveMaximum: 0.1 }),
      year: number({ minimum: 1900, maximum: 1999, multipleOf: 1 }),
      level: number({ minimum: 7, maximum: 8, multipleOf: 1 }),
      debt: number({ maximum: -5000 }),
      rate: number({ minimum: 0.25, maximum: 1, multipleOf: 0.25 }),
    };
    const schema = { type: 'object', properties };
    const value = { income: 1500.5, share: 0.05, year: 1957, level: 7, debt: -5001, rate: 0.5 };
    const result = harmless(value, schema);
    assert.deepEqual(result.unfit, []);
    assert.deepEqual(schemaRegistry(none).compile(schema)(result.value), []);
    for (const [name, before] of Object.entries(value)) assert.notEqual(member(result.value, name), before);
    // Of a single allowed value there is no other one.
    const only = harmless({ x: 5 }, { properties: { x: number({ minimum: 5, maximum: 5 }) } });
    assert.deepEqual(only.unfit, ['input.x']);
  });

  it('have the same stand-in everywhere: in other texts, in capitals, in addresses and in member names', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { mail: SENSITIVE, name: SENSITIVE, again: SENSITIVE, note: { type: 'string' } },
    };
    const { value } = harmless(
      {
        mail: 'ada.keller@corp.test',
        name: 'Ada Keller',
        again: 'Ada Keller',
        note: 'For ADA KELLER, see https://crm.test/?q=ada.keller%40corp.test',
        byMail: { 'ada.keller@corp.test': 1 },
      },
      schema,
    );
    const { mail, name, again, note, byMail } = value as Record<string, string>;
    assert.equal(again, name);
    assert.equal(
      note,
      `For ${name?.toUpperCase()}, see https://crm.test/?q=${encodeURIComponent(mail ?? '')}`,
    );
    assert.deepEqual(Object.keys(byMail as unknown as object), [mail]);
  });

  it('are looked for with care: names of members, words of a list and parts of words stay', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        lastName: SENSITIVE,
        firstName: SENSITIVE,
        country: SENSITIVE,
        status: { enum: ['paid', 'open'] },
        text: { type: 'string' },
      },
    };
    const value = {
      lastName: 'Paid',
      firstName: 'Ada',
      country: 'DE',
      status: 'paid',
      text: 'Adair in DE, says Ada',
    };
    const fresh = harmless(value, schema).value as typeof value;
    assert.equal(fresh.status, 'paid');
    assert.equal(fresh.text, `Adair in DE, says ${fresh.firstName}`);
    assert.deepEqual(Object.keys(fresh), Object.keys(value));
  });

  it('are the same stand-ins each time', () => {
    const schema = { type: 'object', additionalProperties: SENSITIVE };
    const value = { a: 'Grace Hopper', b: 'grace@navy.test' };
    assert.deepEqual(harmless(value, schema).value, harmless(value, schema).value);
  });

  it('tell nothing of the value but its look', () => {
    const schema = { ...SENSITIVE };
    assert.equal(harmless('Keller', schema).value, harmless('Watson', schema).value);
  });

  it('may be named where the schema marks nothing; what looks personal is told', () => {
    const value = {
      customer: { name: 'Ada', phone: '+49 40 1234567', note: 'x' },
      account: 'DE89 3704 0044 0532 0130 00',
      card: 4111111111111111,
      product: { name: 'Green tea' },
      lines: [{ text: 'for ada@corp.test' }],
    };
    const input = [{ name: 'input', value, schema: { type: 'object' } }];
    const { suspicions, marks } = replaceSensitive(input, { schemas: none });
    assert.equal(marks, false);
    assert.deepEqual(
      suspicions.map(({ path }) => path),
      [
        'input.customer.name',
        'input.customer.phone',
        'input.customer.note',
        'input.account',
        'input.card',
        'input.lines[0].text',
      ],
    );
    const named = replaceSensitive(input, { schemas: none, alsoSensitive: ['lines.text', 'card'] });
    assert.deepEqual(
      named.replaced.map(({ path }) => path),
      ['input.card', 'input.lines[0].text'],
    );
  });

  it('are covered by a path as it is printed, with or without indexes, and by what is around them', () => {
    const input = {
      name: 'input',
      value: { customer: { id: 'C-1', note: 'x' }, lines: [{ sku: 'MUG-1' }, { sku: 'PEN-9' }], memo: null },
    };
    const given = { name: 'given.account', value: { code: 'K-1' } };
    const replaced = (...alsoSensitive: readonly string[]): readonly string[] =>
      replaceSensitive([input, given], { schemas: none, alsoSensitive }).replaced.map(({ path }) => path);
    const skus = ['input.lines[0].sku', 'input.lines[1].sku'];
    for (const path of [
      'lines.sku',
      'lines[].sku',
      'lines[0].sku',
      'lines[*].sku',
      'input.lines[1].sku',
      'lines',
    ])
      assert.deepEqual(replaced(path), skus, path);
    assert.deepEqual(replaced('customer["note"]'), ['input.customer.note']);
    assert.deepEqual(replaced('customer.*'), ['input.customer.id', 'input.customer.note']);
    assert.deepEqual(replaced('given.account'), ['given.account.code']);
    assert.deepEqual(replaced('memo'), []);
  });

  it('are refused where the path is nowhere, with the nearest one', () => {
    const value = { customer: { note: 'x' }, lines: [{ sku: 'MUG-1' }] };
    const refused = (path: string): string => {
      const run = (): unknown =>
        replaceSensitive([{ name: 'input', value }], { schemas: none, alsoSensitive: ['customer', path] });
      try {
        run();
      } catch (error) {
        assert.ok(error instanceof UsageError);
        return error.message;
      }
      return 'not refused';
    };
    const says = (path: string): string => `--sensitive ${path} is nowhere in the message.`;
    assert.equal(refused('line[].sku'), `${says('line[].sku')} Did you mean "lines[].sku"?`);
    assert.equal(refused('note'), `${says('note')} There is: customer.note.`);
    assert.match(refused('lines.sku.deeper'), /There is: customer, customer\.note, lines, lines\[\]/);
    assert.match(refused(''), /is nowhere/);
  });

  it('leave no trace in anything that is made of the replaced message', () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{3,9}(?: [A-Z][a-z]{3,9})?$/);
    const mail = fc.emailAddress();
    const number = fc.integer({ min: 10_000, max: 99_999_999 });
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        people: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: SENSITIVE,
              mail: { ...SENSITIVE, format: 'email' },
              income: { type: 'integer', 'x-sensitive': true },
            },
          },
        },
        notes: { type: 'array', items: { type: 'string' } },
      },
    };
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, mail, income: number }), { minLength: 1, maxLength: 6 }),
        (people) => {
          const notes = people.map(
            (one) => `${one.name} <${one.mail}> earns ${one.income}, ${one.name.toUpperCase()}`,
          );
          const { value, survivors } = harmless({ people, notes }, schema);
          const fresh = value as { people: typeof people; notes: string[] };
          // What a mapping might make of it.
          const output = fresh.people.map((one) => ({
            [one.mail]: `${one.name} ${one.income}`.toLowerCase(),
          }));
          const text = JSON.stringify({ fresh, output }).toLowerCase();
          for (const one of people)
            for (const original of [one.name, one.mail, String(one.income)])
              assert.ok(
                !text.includes(JSON.stringify(original).slice(1, -1).toLowerCase()),
                `${original} in ${text}`,
              );
          assert.deepEqual(survivors({ fresh, output }), []);
          // The same value, the same stand-in; different values, different ones.
          const pairs = new Map(people.map((one, at) => [one.name, fresh.people[at]?.name]));
          people.forEach((one, at) => assert.equal(fresh.people[at]?.name, pairs.get(one.name)));
          assert.equal(new Set(pairs.values()).size, pairs.size);
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });
});
