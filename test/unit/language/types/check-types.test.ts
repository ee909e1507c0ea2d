import assert from 'node:assert/strict';
import {
  checkTypes,
  inferExpression,
  inFull,
  schemaTypes,
  wordsOf,
  type Problem,
} from '../../../../core/language/index.ts';
import type { ExpressionText, Mapping } from '../../../../core/model/mapping.ts';
import { ofOrder, problemsIn, setting } from '../corpus/setting.ts';

const at = { file: 'mappings/a/b.yaml', line: 1, column: 1 };
const text = (source: string): ExpressionText => ({ source, at });
const order = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: { type: 'string' },
    note: { type: ['string', 'null'] },
    lines: {
      type: 'array',
      items: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    },
  },
};
const types = schemaTypes(new Map([['a/order@1', order]]));

describe('Types in words', () => {
  const input = types.named('a/order@1');
  const words: readonly (readonly [string, string])[] = [
    ['id', 'string'],
    ['note', 'string or null, or nothing'],
    ['lines', 'list of { n: whole number }'],
    ['lines.n', 'one or more whole number, or nothing'],
    ['lines[0].n', 'whole number, or nothing'],
    ['$count(lines) > 1', 'boolean'],
    ['{ "k": id, "l"& id: 1 }', '{ k: string }'],
    ['id & "x"', 'string'],
    ['$now()', 'string (date-time)'],
    ['id = "a" ? "x" : 5', '"x" or 5'],
    ['lines.{ "a": n }', 'one or more { a: whole number }, or nothing'],
    ['()', 'nothing'],
    ['$error("no")', 'never a value'],
    ['unknown', 'anything'],
    ['$uppercase', 'function $uppercase'],
  ];
  for (const [source, said] of words) {
    it(`say that ${source} is ${said}`, () => {
      assert.ok(input !== undefined);
      assert.equal(wordsOf(inferExpression(text(source), input).type, inFull()), said);
    });
  }
});

describe('An expression that is deeper than the stack', () => {
  for (const [open, close] of [
    ['a[', ']'],
    ['(a)[', ']'],
    ['1+', ''],
    ['a ? ', ' : b'],
  ] as const) {
    it(`is looked at as far as it goes: ${open}…${close}`, () => {
      const source = `${open.repeat(2_500)}1${close.repeat(2_500)}`;
      assert.deepEqual(inferExpression(text(source), { forms: [{ kind: 'any' }] }).findings, []);
    });
  }
});

describe('Checked types of a mapping', () => {
  const mapping: Mapping = {
    name: 'a/b',
    domain: 'a',
    from: { kind: 'topic', topic: 'a/order@1', at },
    message: { keys: {} },
    steps: [{ kind: 'filter', when: text('note'), at }],
    targets: [
      {
        name: 'x',
        to: { kind: 'action', connection: 'erp', action: 'put' },
        map: { kind: 'object', fields: { ref: { kind: 'expression', expression: text('idd') } } },
        retry: { immediate: 0, delays: [], maxAge: 0, repeatInDoubt: false },
        at,
      },
    ],
    at,
  };

  it('need nothing but data: problems and what each place is', () => {
    const { problems, notes } = checkTypes(mapping, {
      schemas: types,
      action: () => ({
        summary: '',
        effect: 'none',
        input: { type: 'object', required: ['ref', 'n'], properties: {} },
      }),
      position: () => at,
      end: () => undefined,
      hasFormat: () => true,
      matches: () => true,
    });
    assert.deepEqual(
      problems.map(({ code, path }) => [code, path]),
      [['required-not-mapped', 'to[0].map']],
    );
    assert.deepEqual(
      notes.map(({ path, type }) => [path, wordsOf(type)]),
      [
        ['message', '{ id: string, note?: string or null, lines: list }'],
        ['steps[0].filter', 'string or null, or nothing'],
        ['to[0].map.ref', 'anything'],
      ],
    );
  });
});

describe('Fixes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a misspelt name', setting('text: customer.fistName')],
    ['a misspelt name in a folded block', setting('text: >-\n  id &\n  customer.fistName')],
    ['a misspelt name behind escapes', setting('text: "\\"a\\" & customer.fistName"')],
    ['a misspelt function', setting('text: $uppercse(id)')],
    ['a misspelt variable', setting('text: $mesage.id')],
    ['a field that the target does not take', setting('txt: id')],
    ['a value that there is not', setting('flag: \'status = "payed"\'')],
    [
      'an unknown key',
      `mesage: { id: id }\n${ofOrder('to: [{ target: x, connection: erp, action: log }]\n')}`,
    ],
    ['an unknown connection', ofOrder('to: [{ target: x, connection: epr, action: log }]\n')],
    ['an unknown action', ofOrder('to: [{ target: x, connection: erp, action: lgo }]\n')],
  ];
  for (const [name, source] of cases) {
    it(`put ${name} right`, async () => {
      const [problem] = (await problemsIn(source)).filter(({ fix }) => fix !== undefined);
      assert.ok(problem?.fix !== undefined);
      const fixed = applied(source, problem.fix);
      const left = await problemsIn(fixed);
      assert.deepEqual(
        left.filter(({ code }) => code === problem.code),
        [],
        fixed,
      );
    });
  }
});

function applied(source: string, { from, to, text: replacement }: NonNullable<Problem['fix']>): string {
  const lines = source.split('\n');
  assert.equal(from.line, to.line);
  const line = lines[from.line - 1] ?? '';
  lines[from.line - 1] = line.slice(0, from.column - 1) + replacement + line.slice(to.column - 1);
  return lines.join('\n');
}
