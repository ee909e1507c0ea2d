import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { compileExpression, DEFAULT_EXPRESSION_LIMITS } from '../../../../core/language/index.ts';
import {
  DATE_LETTERS,
  OWN_FUNCTIONS,
  OWN_FUNCTIONS_BY_NAME,
} from '../../../../core/language/functions/index.ts';
import { BUILT_INS } from '../../../../core/language/types/built-ins.ts';

const page = await readFile(new URL('../../../../docs/expressions.md', import.meta.url), 'utf8');

/** `expression /* what it gives *​/`, a line each, in blocks of JSONata. */
const examples = [...page.matchAll(/^```jsonata\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.trimEnd().split('\n'))
  .map((line) => /^(.*) \/\* (.*) \*\/$/.exec(line) ?? [line]);

describe('docs/expressions.md', () => {
  for (const [line = '', source = '', result] of examples) {
    it(`says what ${source === '' ? line : source} gives`, async () => {
      assert.ok(result !== undefined, 'an example needs its result behind it');
      const text = { source, at: { file: 'mappings/a/b.yaml', line: 1, column: 1 } };
      const given = await compileExpression(text, DEFAULT_EXPRESSION_LIMITS).evaluate({});
      assert.deepEqual(given, JSON.parse(result));
    });
  }

  it('names every function that there is, and no other', () => {
    const named = new Set([...page.matchAll(/\$([a-zA-Z0-9]+)\b/g)].map(([, name = '']) => name));
    const others = [...named].filter((name) => !BUILT_INS.has(name) && !OWN_FUNCTIONS_BY_NAME.has(name));
    assert.deepEqual(others, OTHERS);
    for (const { name } of OWN_FUNCTIONS) assert.ok(named.has(name), name);
    for (const name of BUILT_IN.split(' ')) assert.ok(named.has(name) && BUILT_INS.has(name), name);
  });
});

/** What the page says there is not, and parameters of examples. */
const OTHERS = ['eval', 'v', 'i'];

/** As https://docs.jsonata.org lists them, without `$eval`. */
const BUILT_IN =
  'string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join match ' +
  'replace base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl number abs floor ' +
  'ceil round power sqrt random formatNumber formatBase formatInteger parseInteger sum max min average boolean not ' +
  'exists count append sort reverse shuffle distinct zip keys lookup spread merge sift each error assert type now ' +
  'millis fromMillis toMillis map filter single reduce clone';

describe('The letters of date patterns', () => {
  it('in the reference are all there are', () => {
    const known = new Set(DATE_LETTERS.flatMap(({ letters }) => letters));
    const write = OWN_FUNCTIONS_BY_NAME.get('formatDate');
    for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      for (const width of [1, 2, 3, 4, 5]) {
        const field = letter.repeat(width);
        const taken = doesNotThrow(() => write?.call(['2026-03-01T17:45:10Z', field], { now: () => 0 }));
        assert.equal(taken, known.has(field) || letter === 'S', field);
      }
    }
  });
});

function doesNotThrow(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
