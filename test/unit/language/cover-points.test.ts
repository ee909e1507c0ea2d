import assert from 'node:assert/strict';
import { compileExpression, coverPoints, DEFAULT_EXPRESSION_LIMITS } from '../../../core/language/index.ts';

const textOf = (source: string): Parameters<typeof coverPoints>[0] => ({
  source,
  at: { file: 'mappings/a/b.yaml', line: 1, column: 1 },
});

/** The lines of an expression, and those of them that an evaluation reaches. */
async function lines(
  source: string,
  input: unknown,
): Promise<readonly [all: readonly number[], reached: readonly number[]]> {
  const text = textOf(source);
  const seen = new Set<number>();
  await compileExpression(text, DEFAULT_EXPRESSION_LIMITS, {
    onEvaluate: (offset) => seen.add(offset),
  }).evaluate(input);
  const { spots } = coverPoints(text);
  const linesOf = (some: typeof spots): number[] =>
    [...new Set(some.map(({ at }) => at.line))].sort((a, b) => a - b);
  return [linesOf(spots), linesOf(spots.filter(({ offset }) => seen.has(offset)))];
}

describe('What can be covered of an expression', () => {
  it('is each of its lines that says something', async () => {
    const source =
      '(\n  $net := function($l) {\n    $l.price\n  };\n  /* why */\n  {\n    "a":\n      $sum(lines.$net($)),\n    "b": x > 1\n      ? "big"\n      : "small"\n  }\n)';
    const [all, reached] = await lines(source, { lines: [{ price: 1 }], x: 2 });
    assert.deepEqual(all, [2, 3, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(reached, [2, 3, 6, 7, 8, 9, 10]);
  });

  it('is reached as a whole where there is no choice', async () => {
    const sources = [
      'a.b[c = 1].d',
      'a.b^(>c).{ "x": d }',
      '$map(a.b, function($v, $i) { $v.c + $i })',
      'a.b{ $string(c): $sum(d) }',
      '$filter(a.b, $exists ~> $boolean)',
      '[1..3].($ * -1)',
      'a ~> |b|{ "c": 2 }|',
      '"x" & a.b[0].c in [1, 2]',
      '$replace("ab", /b/, "c")',
      'a.b [0] .c',
      '(a.b) [0]',
      'a.b [ c = 1 ] ^( c ) # $i .c',
      'a.b { $string(c): $sum(d) }',
      'a.b ~> $count()',
      '$map(a.b.c, $power( ? , 2))',
    ];
    for (const source of sources) {
      const input = { a: { b: [1, 2].map((d) => ({ c: 1, d })) } };
      const [all, reached] = await lines(source.replaceAll(' ', '\n'), input);
      const missing = all.filter((line) => !reached.includes(line));
      assert.deepEqual(missing, [], `${source}: lines ${missing.join()}`);
    }
  });

  it('is both parts of each choice', () => {
    const { choices } = coverPoints(textOf('a ? bb : c ?: "d"'));
    assert.deepEqual(
      choices.map(({ at, then, else: other }) => ({ column: at.column, then, else: other })),
      [
        { column: 3, then: [4], else: [12, 9, 15] },
        // Of `?:` the first part is the condition itself.
        { column: 13, then: [], else: [15] },
      ],
    );
  });
});
