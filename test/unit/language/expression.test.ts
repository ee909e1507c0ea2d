import assert from 'node:assert/strict';
import {
  checkExpression,
  compileExpression,
  compileMap,
  DEFAULT_EXPRESSION_LIMITS,
} from '../../../core/language/index.ts';
import type { ExpressionText, MapTemplate } from '../../../core/model/mapping.ts';

const LIMITS = { ...DEFAULT_EXPRESSION_LIMITS, timeoutMs: 150 };

function text(source: string): ExpressionText {
  return { source, at: { file: 'mappings/a/b.yaml', line: 3, column: 10 } };
}

function run(source: string, input: unknown = {}, bindings?: Record<string, unknown>): Promise<unknown> {
  return compileExpression(text(source), LIMITS).evaluate(input, bindings);
}

describe('compileExpression', () => {
  it('evaluates on the message and on bindings', async () => {
    assert.equal(
      await run(
        '$message.id & "-" & $join(a.b, "+")',
        { a: [{ b: 'x' }, { b: 'y' }] },
        { message: { id: 'm' } },
      ),
      'm-x+y',
    );
    assert.equal(await run('missing'), undefined);
  });

  it('gives plain JSON: no marked lists, no objects without a prototype, nothing of the input changed', async () => {
    const input = { a: [{ b: 1 }, { b: 2 }], c: [[]], d: [5] };
    const before = structuredClone(input);
    const result = await run('{ "x": a.b[$ > 0], "y": d[], "z": c.{ "e": $ }, "o": $merge([a]) }', input);
    assert.deepEqual(result, { x: [1, 2], y: [5], z: {}, o: { b: 2 } });
    assert.deepEqual(Object.keys((result as { x: unknown[] }).x), ['0', '1']);
    assert.equal(Object.getPrototypeOf(result), Object.prototype);
    assert.deepEqual(input, before);
  });

  it('works on frozen messages', async () => {
    const list = Object.freeze([Object.freeze({ b: 1 })]);
    assert.deepEqual(await run('a[].b', Object.freeze({ a: list })), [1]);
  });

  for (const [name, source, jsonata] of [
    ['never ends', '($f := function($n) { $f($n + 1) }; $f(0))', 'D1012'],
    ['recurses without end', '($f := function($n) { 1 + $f($n + 1) }; $f(0))', 'D1011'],
    ['makes an endless list', '[1..100000000].($)', 'D2014'],
    ['makes a long list', '[1..1000000].($)', 'D2015'],
  ] as const) {
    it(`ends an expression that ${name}`, async () => {
      await assert.rejects(run(source), (error: { code: string; details: { jsonata: string } }) => {
        assert.equal(error.code, 'EXPRESSION_LIMIT');
        assert.equal(error.details.jsonata, jsonata);
        return true;
      });
    });
  }

  for (const [name, source] of [
    ['a string that doubles', '$reduce([1..64], function($a, $b) { $a & $a }, "xxxxxxxx")'],
    ['a result that multiplies', '$reduce([1..40], function($a, $b) { {"l": $a, "r": $a} }, {"x": 1})'],
    ['a result that is endlessly deep', '$reduce([1..1000], function($a, $b) { {"a": $a} }, 1)'],
    ['a width out of a message', '$pad("x", 1000000000)'],
  ] as const) {
    it(`ends ${name}`, async () => {
      await assert.rejects(run(source), { code: 'EXPRESSION_LIMIT' });
    });
  }

  it('matches regular expressions in linear time', async () => {
    const hostile = { a: `${'a'.repeat(5_000)}!` };
    assert.equal(await run('$contains(a, /^(a+)+$/)', hostile), false);
    assert.deepEqual(await run('$match("aXbxc", /(x)/i).groups'), ['X', 'x']);
    assert.equal(await run('$replace("2026-11-22", /([0-9]+)-([0-9]+)-([0-9]+)/, "$3.$2.$1")'), '22.11.2026');
    assert.deepEqual(await run('$split("a1b22c", /[0-9]+/)'), ['a', 'b', 'c']);
    assert.equal(await run('$contains("É", /é/i)'), true);
  });

  it('pads as JSONata does', async () => {
    assert.equal(
      await run(
        '$pad("ab", 5, "#-") & $pad("ab", -5, "#-") & $pad("😀", 3) & $pad("abc", 2) & $pad("x", 3, "")',
      ),
      'ab#-##-#ab😀  abcx  ',
    );
  });

  it('names the code of JSONata, file, line and column', async () => {
    await assert.rejects(run('{\n  "a": 1,\n  "b": $number($lowercase(x))\n}', { x: 'Q' }), {
      code: 'EXPRESSION_FAILED',
      message: 'Unable to cast value to a number: "q" (D3030)',
      path: 'mappings/a/b.yaml:5:18',
      details: { file: 'mappings/a/b.yaml', line: 5, column: 18, jsonata: 'D3030' },
    });
    assert.throws(() => compileExpression(text('a + "b" * c'), LIMITS).evaluateSync?.({ a: 1, c: 2 }), {
      code: 'EXPRESSION_FAILED',
      details: { file: 'mappings/a/b.yaml', line: 3, column: 18, jsonata: 'T2001' },
    });
    await assert.rejects(run('$error("no stock")'), {
      code: 'EXPRESSION_FAILED',
      message: 'no stock (D3137)',
    });
  });

  it('refuses functions and numbers out of range as results', async () => {
    for (const source of ['$sum', '{ "a": $sum }', 'function($x) { $x }', '1/0', '{ "a": $number("0x") }']) {
      await assert.rejects(run(source), { code: 'EXPRESSION_FAILED' });
    }
    assert.equal(await run('1/0 > 5'), true);
  });

  it('has no $eval, however it is come by', () => {
    for (const source of ['$eval("1")', '"1" ~> $eval', '$map(["1"], $eval)', '($e := $eval; $e("1"))']) {
      assert.throws(() => compileExpression(text(source), LIMITS), { code: 'CONFIG_INVALID' });
    }
  });

  it('takes date pictures only as they are written out', () => {
    for (const good of [
      '$toMillis(a, "[Y]-[M]")',
      'a ~> $toMillis("[Y]")',
      '$fromMillis(a)',
      '$map(a, function($x) { $toMillis($x) })',
    ]) {
      assert.deepEqual(checkExpression(text(good)), []);
    }
    for (const bad of [
      '$toMillis(a, b)',
      'a ~> $toMillis(b)',
      '$map(a, $toMillis)',
      '($f := $toMillis; $f(a, b))',
      '$toMillis(?, b)(a)',
    ]) {
      assert.equal(checkExpression(text(bad)).length, 1, bad);
    }
  });

  it('knows the names that an expression defines for itself', () => {
    for (const good of [
      '($x := 1; $x)',
      'function($y) { $y }',
      'a@$l.b#$i.($l & $i)',
      '$message.id',
      'a#$i[$i = 1]',
      '$f := $map',
    ]) {
      assert.deepEqual(checkExpression(text(good)), [], good);
    }
  });

  it('says how JSONata writes what JavaScript writes otherwise', () => {
    const told = (source: string): string | undefined => checkExpression(text(source))[0]?.hint;
    for (const source of [
      'a == 1',
      'a === 1',
      'a !== 1',
      'a && b',
      'a || b',
      '!a',
      'a = !b',
      '$map(a, x => x)',
    ])
      assert.match(told(source) ?? '', /^JSONata writes =, and, or/, source);
    for (const source of ['10:30', '2026-01-01T10:00:00Z'])
      assert.match(told(source) ?? '', /^a text needs quotes/, source);
    for (const source of ['a =', 'Hello world', 'a >', '"!" b', '$a = = b'])
      assert.equal(told(source), undefined, source);
    assert.throws(() => compileExpression(text('a == 1'), LIMITS), /; JSONata writes =/);
  });

  it('keeps concurrent evaluations apart', async () => {
    const expression = compileExpression(text('($x := n; $sum([1..200].($ * 0)) + $x)'), LIMITS);
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => expression.evaluate({ n })));
    assert.deepEqual(
      results,
      Array.from({ length: 50 }, (_, n) => n),
    );
  });

  it('goes on after an evaluation that failed', async () => {
    const [failed, next] = await Promise.allSettled([run('$number("x")'), run('$join(["a"], "")')]);
    assert.equal(failed.status, 'rejected');
    assert.equal(next.status, 'fulfilled');
  });

  it('refuses an expression that is too long to be one', () => {
    assert.throws(() => compileExpression(text(`"${'x'.repeat(70_000)}"`), LIMITS), {
      code: 'CONFIG_INVALID',
    });
  });

  it('gives many members a deep enough stack', async () => {
    const source = `$merge([{${Array.from({ length: 900 }, (_, i) => `"k${i}": a`).join(', ')}}])`;
    assert.equal(Object.keys((await run(source, { a: 1 })) as object).length, 900);
  });
});

describe('compileMap', () => {
  const leaf = (source: string): MapTemplate => ({ kind: 'expression', expression: text(source) });
  const template: MapTemplate = {
    kind: 'object',
    fields: {
      Ref: leaf('id'),
      Missing: leaf('nothing'),
      Currency: { kind: 'const', value: 'EUR' },
      Buyer: { kind: 'object', fields: { Name: leaf('name & "!"'), Code: leaf('nothing') } },
      List: { kind: 'array', items: [leaf('id'), leaf('nothing'), { kind: 'const', value: null }] },
    },
  };

  it('fills in its leaves and leaves out those that find nothing', async () => {
    const map = compileMap(template, LIMITS);
    const expected = { Ref: 7, Currency: 'EUR', Buyer: { Name: 'x!' }, List: [7, null] };
    assert.deepEqual(map.evaluateSync?.({ id: 7, name: 'x' }), expected);
    assert.deepEqual(await map.evaluate({ id: 7, name: 'x' }), expected);
  });

  it('waits for the interpreter where a leaf needs it', async () => {
    const map = compileMap({ kind: 'object', fields: { a: leaf('[$x := 1, l]'), b: leaf('id') } }, LIMITS);
    assert.equal(map.evaluateSync, undefined);
    assert.deepEqual(await map.evaluate({ l: [1, 2], id: 3 }), { a: [1, 1, 2], b: 3 });
  });

  it('names the leaf that failed', async () => {
    for (const source of ['id * 2', '[$x := 1, id * 2]']) {
      const map = compileMap(
        {
          kind: 'object',
          fields: { Lines: { kind: 'array', items: [{ kind: 'object', fields: { Qty: leaf(source) } }] } },
        },
        LIMITS,
      );
      await assert.rejects(
        map.evaluate({ id: 'x' }),
        (error: { message: string; path: string; details: { line: number } }) => {
          assert.match(error.message, /^Lines\[0\]\.Qty: The left side of the "\*" operator/);
          assert.equal(error.path, 'Lines[0].Qty');
          assert.equal(error.details.line, 3);
          return true;
        },
      );
    }
  });

  it('takes one expression for the whole', async () => {
    assert.deepEqual(await compileMap(leaf('{ "a": id }'), LIMITS).evaluate({ id: 1 }), { a: 1 });
  });
});
