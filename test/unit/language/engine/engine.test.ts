import assert from 'node:assert/strict';
import jsonata from 'jsonata';
import { compileExpression, DEFAULT_EXPRESSION_LIMITS } from '../../../../core/language/index.ts';
import { compileProgram } from '../../../../core/language/engine/index.ts';
import { bothEndings } from './both.ts';

const ORDER = {
  id: 'o1',
  total: 1.005,
  status: 'paid',
  customer: { firstName: 'Ada', lastName: 'L', tags: ['a', 'b'] },
  lines: [
    { sku: 'B', quantity: 2, unitPrice: 2.675, options: [{ name: 'x' }, { name: 'y' }] },
    { sku: 'A', quantity: 1, unitPrice: 0.1, options: [] },
    { sku: 'C', quantity: 7, unitPrice: 10 },
  ],
  one: [{ sku: 'C' }],
  none: [],
  nested: [[{ sku: 'D' }, { sku: 'E' }], [{ sku: 'F' }]],
  length: 3,
};

/** Each says something that the others do not. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'paths and sequences': [
    ...['id', 'missing.name', 'lines.sku', 'one.sku', 'one', 'none', 'none.sku', 'nested.sku', 'length'],
    ...[
      'nested[0].sku',
      'lines[0].sku',
      'lines[-1].sku',
      'lines.sku[0]',
      '(lines.sku)[0]',
      'lines[9]',
      'one[]',
    ],
    ...[
      'lines.options.name',
      'lines.options[0].name',
      'lines[].sku',
      'one.sku[]',
      'none[]',
      'lines.{ "x": sku }',
    ],
    ...[
      'none.{ "x": sku }',
      'nested.{ "x": sku }',
      '$.[id, total]',
      'lines.[sku, quantity]',
      '[lines.sku, [1], one]',
    ],
    ...[
      '*',
      '**.sku',
      'customer.*',
      'lines.*[0]',
      '$$.id & $.id',
      '`id`',
      '"id"',
      'lines.constructor',
      'toString',
    ],
  ],
  'predicates, sorting, grouping': [
    ...[
      'lines[quantity > 1].sku',
      'lines[sku = "A" or sku = "B"].quantity',
      'lines[[0, 2]].sku',
      'lines[[0..1]].sku',
    ],
    ...[
      'lines[options]',
      'lines^(sku).sku',
      'lines^(>quantity, sku).sku',
      'lines^(unitPrice * quantity)[0].sku',
    ],
    ...[
      'lines{sku: quantity}',
      'lines.{sku: quantity}',
      'lines{"all": $sum(quantity)}',
      '{ "a": missing, "b": [missing] }',
    ],
    ...['lines[quantity > 100]', 'missing[true]', 'lines.sku[$ = "A"]', 'lines[quantity > 1][0].sku'],
  ],
  'variables of tuples and parents': [
    ...[
      'lines@$l.options.{ "line": $l.sku, "name": name }',
      'lines#$i.{ "i": $i, "sku": sku }',
      'lines.options.%.sku',
    ],
    ...[
      'lines@$l#$i[$i > 0].$l.sku',
      'lines.options.{ "o": name, "p": %.sku, "r": %.%.id }',
      'lines#$i^(sku).$i',
    ],
    ...['lines@$l.options@$o[$o.name = "y"].{ $l.sku: $o.name }', '(lines.options).%.sku'],
  ],
  functions: [
    ...[
      '$map(lines, function($l, $i, $all) { $l.sku & $i & $count($all) })',
      '$filter(lines, function($l) { $l.quantity > 1 }).sku',
    ],
    ...[
      '$reduce(lines.quantity, function($a, $b) { $a + $b }, 10)',
      '$sift(customer, function($v, $k) { $k = "lastName" })',
    ],
    ...[
      '$each(customer, function($v, $k) { $k })',
      '$single(lines, function($l) { $l.sku = "A" })',
      '$sort(lines, function($a, $b) { $a.sku > $b.sku }).sku',
    ],
    ...[
      '($f := $substring(?, 0, 1); $f("xyz"))',
      '($twice := function($f) { function($x) { $f($f($x)) } }; $twice(function($n) { $n * 3 })(2))',
    ],
    ...[
      '(function($n) { $n <= 1 ? 1 : $n * 2 })(4)',
      '($even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? false : $even($n - 1) }; $even(1001))',
    ],
    ...[
      '"ab" ~> $uppercase ~> $length',
      '($f := $uppercase ~> $trim; $f(" x "))',
      'id ~> $substringBefore("1") ~> $uppercase()',
    ],
    ...[
      'customer.firstName.$uppercase()',
      'lines.sku.$lowercase()',
      '(function($s)<s-:s> { $s & "!" })("x")',
      'customer.firstName.(function($s)<s-:s> { $s & "!" })()',
    ],
    ...[
      '$match("a1b22", /[a-z]([0-9]+)/).groups',
      '$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")',
      '$split("a, b,c", /,\\s*/)',
      '$contains("abc", /B/i)',
    ],
    ...[
      '$replace("aXbX", /X/, function($m) { $lowercase($m.match) & $m.start })',
      '$distinct([1, 2, 1])',
      '$distinct(lines.options.name)',
      '$distinct([1, 1])',
    ],
    ...[
      '$map([{"a": 1}], $keys)',
      '$map([{}], $keys)',
      '($map([{}], $keys))',
      '-($map([{}], $keys))',
      '[true ? $map([{}], $keys) : 1, ($x := $map([{}], $keys))]',
      '[$map([{}], function($v) { (1; true ? $keys($v)) })]',
      '[($map([{"a": {}}], function($v) { (1; $each($v, function($o) { $keys($o) })) }))]',
      '($sum(-0))',
      '($f := function($x){ ($reverse($x))[0] }; $f([1, 2]))',
      '$zip([1, 2], [3, 4, 5])',
      '$spread(customer)',
      '$merge(lines)',
    ],
    ...[
      '$formatNumber(1234.5, "#,##0.00")',
      '$fromMillis(0, "[Y]-[M01]")',
      '$toMillis("2026-03-14T09:26:53Z")',
      '$formatInteger(12, "w")',
      '$base64encode("x")',
      '$type($sum)',
    ],
    ...[
      '$string(0.1 + 0.2) & 1e21 & [1, {"a": 1.10}]',
      '$pad("x", -3, "#")',
      '$lookup(lines, "sku")',
      '$clone(customer)',
      '$round(2.5) & $round(-0.4) & $round(1.005, 2) & $round(15, -1)',
    ],
  ],
  'operators and blocks': [
    ...[
      '1/0 > 5',
      'null = null',
      '{ "a": 1 } = { "a": 1 }',
      'lines.sku = ["B", "A", "C"]',
      '"A" in lines.sku',
      'missing ?? 5',
      '"" ?: 7',
      'total ? "y" : "n"',
    ],
    ...[
      '($x := 1; ($x := 2; $x) + $x)',
      '($x := 1; missing ? $x := 2; $x)',
      '[1..3].($ * 2)',
      '[$count(none)..2]',
      '-total',
      '(id; total)',
      '()',
    ],
    ...['$ ~> |lines|{ "quantity": quantity + 1 }, ["unitPrice", "options"]|', 'customer ~> |$|{}, "tags"|'],
  ],
};

const FAILING: Readonly<Record<string, string>> = {
  'id * 2': 'T2001',
  '2 * id': 'T2002',
  'id < 2': 'T2009',
  'customer < 2': 'T2010',
  '-id': 'D1002',
  '$number(id)': 'D3030',
  '$uppercase(total)': 'T0410',
  'total.$uppercase()': 'T0411',
  '$sum(lines.sku)': 'T0412',
  '(1/0) + 1': 'D1001',
  '"" & 1/0': 'D3001',
  'string(1)': 'T1005',
  'id(1)': 'T1006',
  '1 ~> id': 'T2006',
  'string(?)': 'T1007',
  'id(?)': 'T1008',
  '{ total: 1 }': 'T1003',
  '{ "a": 1, $lowercase("A"): 2 }': 'D1009',
  '{ "_jsonata_function": 1 }': 'D1013',
  'lines^(options)': 'T2008',
  '[{"a": 1}, {"a": "x"}]^(a)': 'T2007',
  '$reduce([1, 2], function($a) { $a })': 'D3050',
  '$single(lines)': 'D3138',
  '$single(none)': 'D3139',
  '$match("a", /x*/)': 'D1004',
  '$replace("a", "", "b")': 'D3010',
  '$ ~> |lines|5|': 'T2011',
  '$ ~> |lines|{}, 5|': 'T2012',
  '["a"..2]': 'T2003',
  '$error("no")': 'D3137',
  '$assert(false)': 'D3141',
  '$sqrt(-1)': 'D3060',
  '$sort([1, "a"])': 'D3070',
};

describe('The engine', () => {
  for (const [what, sources] of Object.entries(SAME)) {
    it(`means what the interpreter means: ${what}`, async () => {
      for (const source of sources) {
        const { engine, interpreter } = await bothEndings(source, ORDER);
        assert.notEqual(interpreter, undefined, source);
        assert.ok('value' in engine, `${source} ends with ${JSON.stringify(engine)}`);
        assert.deepEqual(engine, interpreter, source);
      }
    });
  }

  it('fails with the codes of the interpreter', async () => {
    for (const [source, code] of Object.entries(FAILING)) {
      const { engine, interpreter } = await bothEndings(source, ORDER);
      assert.deepEqual(engine, { code }, source);
      assert.deepEqual(interpreter, { code }, source);
    }
  });

  it('reads regular expressions as JavaScript does', async () => {
    const input = { t: 'a\u00a0b\r\n\u2028c d\u3000.e[x]\vy' };
    for (const pattern of [
      ...[/\s/, /\S+/, /./, /[\s.]/, /[^\s]+/, /\./, /\[.\]/, /\bc\b/, /(?<n>c) (d)/, /B/i],
      ...[/^a/, /y$/, /[\]x]+/, /a{1,2}?/, /(a|b)+?/, /\w+\s\w+/, /[a-z\d]/, /\u00a0/, /(?:)c/],
    ]) {
      const source = `[$match(t, /${pattern.source}/${pattern.flags}), $replace(t, /${pattern.source}/${pattern.flags}, "_")]`;
      const { engine, interpreter } = await bothEndings(source, input);
      assert.deepEqual(engine, interpreter, source);
    }
  });

  it('takes a message that is a list as one item', async () => {
    for (const source of [
      '$',
      '$count($)',
      'a',
      '$[0]',
      '$.a',
      '{ "x": a }',
      '*',
      '**',
      '$keys()',
      '$string()',
      '[1, 2][$ > 1]',
    ])
      for (const input of [[{ a: 1 }, { a: 2 }], [{ a: 1 }], [[1]], []]) {
        const { engine, interpreter } = await bothEndings(source, input);
        if (interpreter !== undefined)
          assert.deepEqual(engine, interpreter, `${source} of ${JSON.stringify(input)}`);
      }
  });

  it('lets a binding hide a function of its name', async () => {
    const expression = compileExpression(text('$count & $sum([1, 2])'), DEFAULT_EXPRESSION_LIMITS);
    assert.equal(await expression.evaluate({}, { count: 5 }), '53');
    assert.throws(() => expression.evaluateSync?.({}, { count: 5, sum: 1 }), { code: 'EXPRESSION_FAILED' });
    assert.equal(await expression.evaluate({}, { other: 5 }), '3');
  });

  it('gives one time to the whole evaluation', () => {
    let time = 0;
    const program = compileProgram(jsonata('[$millis(), $millis()]').ast(), {
      limits: { timeoutMs: 0, stack: 0, sequence: 0 },
      now: () => (time += 1),
    });
    assert.ok('evaluate' in program);
    assert.deepEqual(program.evaluate({}).value, [1, 1]);
    assert.deepEqual(program.evaluate({}).value, [2, 2]);
  });

  it('says why and where it leaves an expression to the interpreter', async () => {
    for (const [source, reason, column] of [
      ['{ "a": 1, "b": [$x := 1, $x] }', 'a member of a constructor binds a variable for the others', 20],
      ['$ ~> |$$.a|{ "b": 1 }|', 'the pattern of a transform looks at $$', 8],
    ] as const) {
      const expression = compileExpression(text(source), DEFAULT_EXPRESSION_LIMITS);
      assert.equal(expression.evaluateSync, undefined);
      assert.equal(expression.fallback?.reason, reason);
      assert.equal(expression.fallback.at.column, column, source);
      await expression.evaluate({ a: { c: 1 } });
    }
    assert.equal(
      compileExpression(text('$map(a, $uppercase)'), DEFAULT_EXPRESSION_LIMITS).fallback,
      undefined,
    );
  });
});

describe('An expression that is nested deeper than the stack', () => {
  it('is left to the interpreter, or refused where it can not even be parsed', () => {
    const outcomes = new Set<string>();
    for (const terms of [3_000, 4_000, 5_000, 6_000, 12_000]) {
      try {
        const { fallback } = compileExpression(text(`1${'+a'.repeat(terms)}`), DEFAULT_EXPRESSION_LIMITS);
        outcomes.add(fallback?.reason ?? 'compiled');
      } catch (error) {
        outcomes.add((error as { code: string }).code);
      }
    }
    outcomes.delete('compiled');
    assert.deepEqual([...outcomes], ['it is nested too deep', 'CONFIG_INVALID']);
  });
});

describe('Decimals in an expression that the engine does not take', () => {
  it('are refused before anything runs', () => {
    assert.throws(() => compileExpression(text('[$x := 1, $decimal("1")]'), DEFAULT_EXPRESSION_LIMITS), {
      code: 'CONFIG_INVALID',
      message: /^\$decimal needs the engine, which does not take this expression: a member of a constructor/,
      details: { file: 'mappings/a/b.yaml', line: 1, column: 5 },
    });
  });
});

describe('The engine, safely', () => {
  const run = (source: string, input: unknown = {}): unknown =>
    compileExpression(text(source), { ...DEFAULT_EXPRESSION_LIMITS, timeoutMs: 200 }).evaluateSync?.(input);

  it('reaches nothing that data does not have', () => {
    for (const name of [
      'constructor',
      'toString',
      '__proto__',
      'hasOwnProperty',
      '`valueOf`',
      'a.constructor',
    ])
      assert.equal(run(`${name}.x ?? ${name}`, { a: { b: 1 } }), undefined, name);
    for (const name of ['length', 'map', 'push', 'at']) assert.equal(run(name, [{ a: 1 }]), undefined, name);
    assert.equal(run('a.length', { a: 'text' }), undefined);
  });

  it('sets nothing that all objects share', () => {
    const hostile = JSON.parse('{"k": "__proto__", "o": {"__proto__": {"x": 1}, "b": 2}}') as unknown;
    assert.deepEqual(run('{ k: {"polluted": true} }', hostile), {});
    assert.deepEqual(run('$merge([o, {"c": 1}])', hostile), { b: 2, c: 1 });
    assert.deepEqual(run('o ~> |$|{ $$.k: {"polluted": true} }|', hostile), { b: 2 });
    assert.deepEqual(run('$sift(o, function($v) { true })', hostile), { b: 2 });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('leaves the message alone', () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    const frozen = freeze(structuredClone(ORDER));
    for (const source of Object.values(SAME).flat()) run(source, frozen);
    assert.deepEqual(frozen, ORDER);
  });

  for (const [what, source, details] of [
    ['a path over itself, time and again', '**.**.**.**.**.**.**', { jsonata: 'D2015' }],
    ['a search that never ends', '($f := function($n) { $f($n + 1) }; $f(0))', { jsonata: 'D1012' }],
    [
      'a recursion that is no tail call',
      '($f := function($n) { $f($n + 1) + 1 }; $f(0))',
      { jsonata: 'D1011' },
    ],
    [
      'lambdas that call each other',
      '$map([1], function($x) { ($f := function($g) { [$g($g)] }; $f($f)) })',
      { jsonata: 'D1011' },
    ],
    [
      'comparing all with all',
      '$count($filter([1..90000], function($x) { $count($filter([1..90000], function($y) { $x = $y })) > 0 }))',
      { jsonata: 'D1012' },
    ],
  ] as const) {
    it(`ends ${what}`, () => {
      assert.throws(
        () => run(source, JSON.parse(`${'{"a":[{"b":1},'.repeat(60)}1${']}'.repeat(60)}`)),
        (error: { code: string; details: { jsonata?: string } }) => {
          assert.equal(error.code, 'EXPRESSION_LIMIT');
          assert.equal(error.details.jsonata, details.jsonata);
          return true;
        },
      );
    });
  }

  for (const [what, source] of [
    ['a text', '$reduce([1..40], function($a, $b) { $a & $a }, "xxxxxxxx")'],
    ['joined texts', '$join([1..90000].$$.a, $$.a)'],
    ['what replaces', '$replace($$.a, "x", $$.a)'],
    [
      'an object',
      '($a := {"l": $, "r": $}; $b := {"l": $a, "r": $a}; $reduce([1..30], function($x) { {"l": $x, "r": $x} }, $b))',
    ],
    ['nested objects', `$${'.{"l": $, "r": $}'.repeat(40)}`],
  ] as const) {
    it(`ends ${what} that grows without end`, () => {
      assert.throws(
        () => run(source, { a: 'x'.repeat(20_000) }),
        (error: { code: string }) => {
          assert.match(error.code, /^EXPRESSION_(LIMIT|FAILED)$/);
          return true;
        },
      );
    });
  }

  it('has a clear error for a message that is nested very deep', () => {
    const deep = JSON.parse(`${'['.repeat(3_000)}1${']'.repeat(3_000)}`) as unknown;
    assert.throws(() => run('{ "x": $ , "y": $string($) & "" }', deep), { code: 'EXPRESSION_LIMIT' });
  });
});

describe('An expression that is watched', () => {
  it('tells the place of each part that it evaluates, whoever evaluates it', async () => {
    for (const [source, expected] of [
      ['a.b = 1 ? "x" : c', ['a', 'b', '=', '1', '?', 'x"']],
      ['lines.{ "n": $round(p, 2) }', ['lines', '{', 'n"', '(p', 'p', '2']],
      ['[$x := 1, a.b]', ['[', ':=', '1', 'a', 'b']],
    ] as const) {
      const seen = new Set<number>();
      const options = { onEvaluate: (offset: number) => seen.add(offset) };
      const expression = compileExpression(text(source), DEFAULT_EXPRESSION_LIMITS, options);
      await expression.evaluate({ a: { b: 1 }, lines: [{ p: 1 }] });
      for (const part of expected)
        assert.ok(seen.has(source.indexOf(part)), `${source}: ${part} of ${[...seen].join()}`);
      assert.ok(!seen.has(source.lastIndexOf('c')) || source.includes('lines'), source);
    }
  });
});

function text(source: string): { source: string; at: { file: string; line: number; column: number } } {
  return { source, at: { file: 'mappings/a/b.yaml', line: 1, column: 1 } };
}
