import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cronMistake, isTimezone } from '../../../core/language/cron.ts';
import { CONNECTIONS_FORM, HUB_FORM, MAPPING_FORM, schemaRegistry } from '../../../core/language/index.ts';
import { nearest } from '../../../core/language/nearest.ts';
import { ProblemList } from '../../../core/language/problem.ts';
import { parseSize } from '../../../core/language/size.ts';
import { readYaml } from '../../../core/language/yaml-file.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { propertyRuns } from '../../support/properties.ts';

describe('cronMistake', () => {
  it('accepts five and six fields, names, ranges, lists and steps', () => {
    for (const cron of [
      '* * * * *',
      '*/5 * * * * *',
      '0 6 * * 1-5',
      '0 0 1,15 jan-mar mon',
      '0-30/10 * * * sunday',
      '0 0 * * 7',
    ]) {
      assert.equal(cronMistake(cron), undefined, cron);
    }
  });

  it('names the field that is wrong', () => {
    assert.match(cronMistake('60 * * * *') ?? '', /"60" does not fit the field "minute"/);
    assert.match(cronMistake('* * * * * 8') ?? '', /day of week/);
    assert.match(cronMistake('* * 0 * *') ?? '', /day of month/);
    assert.match(cronMistake('* 5-2 * * *') ?? '', /hour/);
    assert.match(cronMistake('*/0 * * * *') ?? '', /minute/);
    assert.match(cronMistake('@daily') ?? '', /five fields/);
    assert.match(cronMistake('* * * foo *') ?? '', /month/);
  });

  it('knows time zones', () => {
    assert.ok(isTimezone('Europe/Berlin') && isTimezone('UTC'));
    assert.ok(!isTimezone('Mars/Base'));
  });
});

describe('parseSize', () => {
  it('reads bytes and units', () => {
    assert.deepEqual(
      [parseSize(5), parseSize('1.5MiB'), parseSize('10kB'), parseSize('7B')],
      [5, 1_572_864, 10_000, 7],
    );
    assert.throws(() => parseSize('1 MiB'), RangeError);
  });
});

describe('nearest', () => {
  it('finds what was probably meant and nothing far away', () => {
    assert.equal(nearest('custmer', ['customer', 'account']), 'customer');
    assert.equal(nearest('Status', ['state', 'status']), 'status');
    assert.equal(nearest('xyz', ['customer']), undefined);
    assert.equal(nearest('x', []), undefined);
  });
});

describe('readYaml', () => {
  const read = (text: string): ReturnType<typeof readYaml> => readYaml('x.yaml', text, new ProblemList());

  it('tells the place of each value and of each key', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }), (data) => {
        const text = JSON.stringify(data, null, 2);
        const lines = text.split('\n');
        const file = read(text);
        assert.deepEqual(file?.value, data);
        for (const name of Object.keys(data)) {
          const at = file?.position([name], 'key');
          assert.ok(at !== undefined && lines[at.line - 1]?.slice(at.column - 1).startsWith(`"${name}"`));
          const valueAt = file?.position([name]);
          const first = JSON.stringify(data[name])[0] as string;
          assert.equal(lines[(valueAt?.line ?? 0) - 1]?.[(valueAt?.column ?? 0) - 1], first);
        }
      }),
    );
  });

  it('tells where the text of a scalar begins, in every style', () => {
    const file = read('a: id\nb: "id"\nc: |\n  $sum(\n    x)\nd: >\n  a\n  b\ne: "a\\tb"\nf: \'it\'\'s\'\n');
    const at = (name: string): unknown => {
      const { at: place, folded } = file?.expression([name]) ?? {};
      return [place?.line, place?.column, folded === true];
    };
    assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'f'].map(at), [
      [1, 4, false],
      [2, 5, false],
      [4, 3, false],
      [7, 3, false],
      [9, 5, false],
      [10, 5, false],
    ]);
  });

  it('never throws, whatever the file', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab:- \n\t[]{}"\'|>&*!%@#,?0') }),
        (text) => void read(text),
      ),
      {
        numRuns: propertyRuns(2_000),
      },
    );
  });
});

describe('The forms of project files', () => {
  it('describe each of their keys', () => {
    const walk = (schema: JsonSchema, path: string): void => {
      assert.equal(typeof schema['description'], 'string', `${path} has no description`);
      for (const [name, property] of Object.entries(
        (schema['properties'] ?? {}) as Record<string, JsonSchema>,
      ))
        walk(property, `${path}.${name}`);
      for (const key of ['items', 'additionalProperties']) {
        const child = schema[key];
        if (typeof child === 'object' && child !== null) walk(child as JsonSchema, `${path}.${key}`);
      }
    };
    walk(HUB_FORM, 'hub');
    walk(CONNECTIONS_FORM, 'connections');
    walk(MAPPING_FORM, 'mapping');
  });

  it('accept their own examples', () => {
    const registry = schemaRegistry(new Map());
    const walk = (schema: JsonSchema): void => {
      for (const example of (schema['examples'] ?? []) as unknown[])
        assert.deepEqual(registry.compile(schema)(example), []);
      for (const property of Object.values((schema['properties'] ?? {}) as Record<string, JsonSchema>))
        walk(property);
      for (const key of ['items', 'additionalProperties']) {
        const child = schema[key];
        if (typeof child === 'object' && child !== null) walk(child as JsonSchema);
      }
    };
    for (const form of [HUB_FORM, CONNECTIONS_FORM, MAPPING_FORM]) walk(form);
  });
});
