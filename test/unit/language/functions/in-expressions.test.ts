import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compileExpression,
  compileMap,
  DEFAULT_EXPRESSION_LIMITS as LIMITS,
} from '../../../../core/language/index.ts';
import { Decimal } from '../../../../core/language/functions/index.ts';

const AT = { file: 'mappings/a/b.yaml', line: 3, column: 10 };

function run(source: string, input: unknown = {}): unknown {
  const { evaluateSync } = compileExpression({ source, at: AT }, LIMITS);
  assert.ok(evaluateSync, `${source} needs the interpreter`);
  return evaluateSync(input);
}

describe('Decimals in expressions', () => {
  for (const [source, result] of [
    ['$decimal(0.1) + 0.2', 0.3],
    ['0.3 - $decimal(0.1)', 0.2],
    ['$decimal(1.1) * 3', 3.3],
    ['$decimal(1) / 8', 0.125],
    ['$string(1 / $decimal(3))', '0.3333333333333333333333333333333333'],
    ['$decimal(-7.5) % 2', -1.5],
    ['-$decimal("1.50")', -1.5],
    ['$decimal("1.50") = 1.5', true],
    ['1.5 = $decimal("1.50")', true],
    ['$decimal("1.50") != $decimal(1.5)', false],
    ['$decimal(1) = "1"', false],
    ['$decimal(1) = null', false],
    ['$decimal(0.1) + 0.2 < 0.3', false],
    ['$decimal(2) >= 1.99', true],
    ['1 < $decimal(2)', true],
    ['$decimal(1.5) in [1, 1.5]', true],
    ['1.5 in [1, $decimal(1.5)]', true],
    ['{ "a": $decimal("1.50") } = { "a": 1.5 }', true],
    ['$decimal("46.70") & " EUR"', '46.7 EUR'],
    ['$string($decimal("46.70"))', '46.7'],
    ['$string({ "a": [$decimal("0.1234567890123456")] })', '{"a":[0.1234567890123456]}'],
    ['$string({ "a": 0.1 + 0.2 })', '{"a":0.3}'],
    ['$sum([0.1, $decimal(0.2), 0.3])', 0.6],
    ['$max([1, $decimal(2.5), 2])', 2.5],
    ['$min([$decimal(1), 2.5])', 1],
    ['$average([$decimal(0.1), 0.2])', 0.15],
    ['$abs($decimal(-1.5))', 1.5],
    ['$floor($decimal(-1.5))', -2],
    ['$ceil($decimal(1.2))', 2],
    ['$round($decimal(2.345), 2)', 2.34],
    ['$round($decimal(12.5))', 12],
    ['$round($decimal(125), -1)', 120],
    ['$round($decimal(125), -1e10)', 0],
    ['$round($decimal(12.5), 0/0)', 12],
    ['$number($decimal(1.5)) + 0.25', 1.75],
    ['$boolean($decimal(0))', false],
    ['$not($decimal(0.1))', false],
    ['$decimal(0) ? "y" : "n"', 'n'],
    ['$decimal(0) or false', false],
    ['$exists($decimal(0))', true],
    ['$type($decimal(1))', 'number'],
    ['$sort([2, $decimal(1.5), 1])', [1, 1.5, 2]],
    ['[{"p": $decimal(2)}, {"p": 1}]^(p).p', [1, 2]],
    ['[{"p": $decimal(2)}, {"p": 1}]^(>p).p', [2, 1]],
    ['$distinct([1.5, $decimal("1.50"), 2])', [1.5, 2]],
    ['$map([1, 2], function($v) { $decimal($v) / 4 })', [0.25, 0.5]],
    ['$reduce([0.1, 0.2], function($a, $v) { $a + $decimal($v) }, 0)', 0.3],
    ['$map(["1.10", "2.20"], $decimal)', [1.1, 2.2]],
    ['"1.10" ~> $decimal ~> $roundTo(?, 1)', 1.1],
    ['[3, 4][$decimal(1)]', 4],
    ['$distinct([$decimal("1.50"), 1.5, 2])', [1.5, 2]],
    ['$spread($decimal(1))', 1],
    ['$clone($decimal(1)) + 0.1', 1.1],
    ['$decimal(1) + missing', undefined],
    ['missing * $decimal(1)', undefined],
    ['missing < $decimal(1)', undefined],
    ['$count($decimal(1))', 1],
    ['$append($decimal(1), [2])', [1, 2]],
    ['$decimal(1).x', undefined],
    ['$decimal(1).*', undefined],
    ['$keys($decimal(1))', undefined],
    ['{ "n": missing ~> $decimal }', {}],
    ['$decimal(missing) + 1', undefined],
    ['$parseDecimal("1.234", missing, ".")', undefined],
    ['lines.price.$decimal()', [1.5, 2]],
  ] as const) {
    it(`${source} is ${JSON.stringify(result)}`, () => {
      const given = run(source, { lines: [{ price: '1.50' }, { price: 2 }] });
      assert.deepEqual(given, result);
      // Plain JSON, through and through.
      assert.deepEqual(given === undefined ? undefined : JSON.parse(JSON.stringify(given)), result);
    });
  }

  for (const [source, code] of [
    ['$decimal(1) + "a"', 'T2002'],
    ['true * $decimal(1)', 'T2001'],
    ['$decimal(1) < "a"', 'T2009'],
    ['$decimal(1) < true', 'T2010'],
    ['$sum([$decimal(1), "a"])', 'T0412'],
    ['$round($decimal(1.25), "1")', 'T0410'],
    ['$round($decimal(1.25), $decimal(1))', 'T0410'],
    ['$sqrt($decimal(4))', 'T0410'],
    ['$power($decimal(2), 2)', 'T0410'],
    ['$formatNumber($decimal(2), "0.00")', 'T0410'],
    ['$uppercase($decimal(2))', 'T0410'],
    ['[1..$decimal(3)]', 'T2004'],
    ['"a" - $decimal(1)', 'T2001'],
    ['$substring("abc", $decimal(1))', 'T0410'],
    ['$join([$decimal(1)])', 'T0412'],
    ['$sift($decimal(1), function($v) { true })', 'T0410'],
    ['$merge([{ "a": 1 }, $decimal(1)])', 'T0412'],
    ['{ $decimal(1): 2 }', 'T1003'],
    ['1 + $decimal(1) / 0', 'X1002'],
    ['$decimal(1) + 1/0', 'X1001'],
    ['$decimal("12345678901234567.89")', 'X1004'],
    ['{ "a": [$decimal("0.12345678901234567890")] }', 'X1004'],
  ] as const) {
    it(`${source} fails with ${code}`, () => {
      assert.throws(
        () => run(source),
        (error: { code: string; details: { jsonata?: string } }) => {
          assert.equal(error.code, 'EXPRESSION_FAILED');
          assert.equal(error.details.jsonata, code);
          return true;
        },
      );
    });
  }

  it('fail at the place where they stand', () => {
    assert.throws(() => run('{\n  "a": 1,\n  "b": 2 + $decimal(n)\n}', { n: '1,5' }), {
      path: 'mappings/a/b.yaml:5:22',
      message: /"1,5" is not a decimal number like "1234.50" \(X1001\)/,
    });
    assert.throws(() => run('$decimal(1) / 0'), { path: 'mappings/a/b.yaml:3:22' });
  });

  it('end as a limit when they grow without end', () => {
    assert.throws(() => run('$reduce([1..100], function($a, $b) { $a * $a }, $decimal("1.1"))'), {
      code: 'EXPRESSION_LIMIT',
      details: { ...AT, column: 17, jsonata: 'X1003' },
    });
  });

  it('are refused where the interpreter would have to calculate with them', () => {
    const nested = (source: string): string => '('.repeat(1_500) + source + ')'.repeat(1_500);
    assert.ok(compileExpression({ source: nested('1'), at: AT }, LIMITS).fallback);
    assert.throws(() => compileExpression({ source: nested('$decimal(1)'), at: AT }, LIMITS), {
      code: 'CONFIG_INVALID',
      message: /^\$decimal needs the engine, which does not take this expression: it is nested too deep/,
    });
  });

  it('are numbers in a map', () => {
    const expression = (source: string) => ({ kind: 'expression', expression: { source, at: AT } }) as const;
    const map = compileMap(
      {
        kind: 'object',
        fields: {
          Net: expression('$decimal(0.1) + 0.2'),
          Lines: expression('lines.{ "Net": $decimal(n) * 3 }'),
        },
      },
      LIMITS,
    );
    assert.deepEqual(map.evaluateSync?.({ lines: [{ n: 0.1 }, { n: 0.7 }] }), {
      Net: 0.3,
      Lines: [{ Net: 0.3 }, { Net: 2.1 }],
    });
  });

  it('sum up as whole cents do', () => {
    const cents = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 9 }), (list, quantity) => {
        const lines = list.map((units) => ({ price: units / 100, quantity }));
        const total = run('$sum(lines.($decimal(price) * quantity))', { lines });
        const whole = list.reduce((sum, units) => sum + units * quantity, 0);
        assert.equal(total, Decimal.ofUnits(BigInt(whole), 2).toNumber());
      }),
    );
  });
});

describe('Own functions in expressions', () => {
  it('see one time', () => {
    assert.equal(run('$today() = $substring($now(), 0, 10)'), true);
    assert.equal(run('$today("Europe/Berlin") = $formatDate($now(), "iso-date", "Europe/Berlin")'), true);
  });

  it('are values like other functions', () => {
    assert.deepEqual(run('["01.03.2026", "02.03.2026"].$parseDate("eu-date")'), ['2026-03-01', '2026-03-02']);
    assert.deepEqual(run('$map(["01.03.2026"], $parseDate(?, "eu-date"))'), '2026-03-01');
    assert.deepEqual(run('($f := $toZone; $f("2026-03-01T00:00:00Z", "UTC"))'), '2026-03-01T00:00:00.000Z');
    assert.equal(run('missing ~> $parseDate("eu-date")'), undefined);
  });

  it('check what they are given', () => {
    assert.throws(() => run('$parseDate(true, "eu-date")'), { code: 'EXPRESSION_FAILED', message: /T0410/ });
    assert.throws(() => run('$toZone("2026-03-01T00:00:00Z", n)', { n: 1 }), { message: /T0410/ });
    assert.throws(() => run('$startOf("2026-03-01", n)', { n: 1 }), { message: /T0410/ });
  });
});
