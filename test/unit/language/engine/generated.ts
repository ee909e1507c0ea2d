import fc from 'fast-check';

/*
 * Expressions and data that are made up: they mostly make sense to JSONata, now and then to nobody.
 */

const NAMES = ['a', 'b', 'c', 'd'] as const;

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    2.5,
    -3,
    1e21,
    0.1,
    '',
    'a',
    'x',
    '12',
    '0.5',
    '😀b',
    ' x  y ',
  ),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
);

const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    {
      weight: 3,
      arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie('data'), { maxKeys: 4, noNullPrototype: true }),
    },
    { weight: 2, arbitrary: fc.array(tie('data'), { maxLength: 3 }) },
  ),
}));

/** What an expression is evaluated on. */
export const someData = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(fc.constantFrom<string>(...NAMES), data, { maxKeys: 4, noNullPrototype: true }),
  },
  { weight: 2, arbitrary: fc.array(data, { maxLength: 3 }) },
  { weight: 1, arbitrary: scalar },
);

const OF_ONE =
  'exists boolean not string count uppercase lowercase trim length number round sum max min average abs floor ceil ' +
  'keys spread merge reverse type distinct sort clone sqrt zip append join';
const OF_TWO =
  'append lookup substringBefore substringAfter contains split join round power pad substring zip formatBase match replace';
const HIGHER = 'map filter single sift each';
const OPERATORS = '& + - * / % = != < <= > >= and or in .. ?? ?:';

const from = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '));

type Parts = Record<'expression' | 'path' | 'step' | 'lambda' | 'object', string>;

/** An expression that parses, or nearly. */
export const someExpression = fc.letrec<Parts>((tie) => {
  const x = tie('expression');
  const name = fc.constantFrom<string>(...NAMES, '"d"', '*', '**');
  const literal = fc.constantFrom('"x"', '""', '"12"', '12', '-1.5', '0', '1', 'true', 'false', 'null');
  const context = fc.constantFrom('$', '$$', '$x', '$y', '$message.id', '$message.list', '$message');
  const filter = fc.oneof(
    fc.constantFrom('[0]', '[-1]', '[1]', '[$ > 0]', '[$exists(a)]', '[[0, 1]]', '[]', '[true]'),
    x.map((e) => `[${e}]`),
  );
  const step = fc.oneof(
    { weight: 6, arbitrary: name },
    { weight: 2, arbitrary: fc.tuple(name, filter).map(([n, f]) => `${n}${f}`) },
    { weight: 1, arbitrary: fc.tuple(name, filter, filter).map(([n, f, g]) => `${n}${f}${g}`) },
    { weight: 1, arbitrary: x.map((e) => `(${e})`) },
    { weight: 1, arbitrary: fc.array(x, { maxLength: 2 }).map((items) => `[${items.join(', ')}]`) },
    { weight: 1, arbitrary: tie('object') },
    { weight: 1, arbitrary: from(OF_ONE).map((f) => `$${f}($)`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('$uppercase()', '$string()', '$keys()', '$number()', '$length()'),
    },
  );
  return {
    step,
    path: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('.')),
      },
      { weight: 2, arbitrary: context },
      { weight: 2, arbitrary: fc.tuple(context, step).map(([c, s]) => `${c}.${s}`) },
      { weight: 1, arbitrary: fc.tuple(name, step).map(([n, s]) => `${n}@$x.${s}`) },
      { weight: 1, arbitrary: fc.tuple(name, step).map(([n, s]) => `${n}#$y.${s}`) },
      {
        weight: 1,
        arbitrary: fc.tuple(name, name, fc.constantFrom('%.a', '%.%.b', '%')).map((s) => s.join('.')),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(name, fc.constantFrom('^(a)', '^(>b, a)', '^($)')).map((s) => s.join('')),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(name, x, x).map(([n, key, value]) => `${n}{$string(${key}): ${value}}`),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(name, name, x).map(([n, m, e]) => `${n}@$x.${m}#$y[${e}].{"p": $x, "q": $y}`),
      },
    ),
    object: fc.oneof(
      fc.tuple(x, x).map(([p, q]) => `{"p": ${p}, "q": ${q}}`),
      fc.tuple(x, x).map(([key, value]) => `{$string(${key}): ${value}}`),
    ),
    lambda: fc.oneof(
      x.map((e) => `function($x) { ${e} }`),
      fc.tuple(x, x).map(([e, f]) => `function($x, $y) { ${e} = $y ? ${f} : $x }`),
      fc.tuple(from(OF_ONE)).map(([f]) => `function($x) { $${f}($x) }`),
      from(OF_ONE).map((f) => `$${f}`),
      x.map((e) => `function($x)<s-:x> { $x & ${e} }`),
      fc.tuple(from('append lookup join substringBefore'), x).map(([f, e]) => `$${f}(?, ${e})`),
    ),
    expression: fc.oneof(
      { maxDepth: 3 },
      { weight: 8, arbitrary: tie('path') },
      { weight: 3, arbitrary: literal },
      {
        weight: 4,
        arbitrary: fc.tuple(x, from(OPERATORS), x).map(([l, o, r]) => `(${l} ${o === '..' ? '+' : o} ${r})`),
      },
      { weight: 1, arbitrary: fc.tuple(x, x).map(([l, r]) => `[$count(${l})..$count(${r})]`) },
      { weight: 3, arbitrary: fc.tuple(from(OF_ONE), x).map(([f, e]) => `$${f}(${e})`) },
      { weight: 2, arbitrary: fc.tuple(from(OF_TWO), x, x).map(([f, e, g]) => `$${f}(${e}, ${g})`) },
      { weight: 1, arbitrary: fc.tuple(x, from(OF_ONE)).map(([e, f]) => `(${e} ~> $${f})`) },
      {
        weight: 1,
        arbitrary: fc.tuple(x, from(OF_ONE), from(OF_ONE)).map(([e, f, g]) => `(${e} ~> $${f}() ~> $${g})`),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(from(HIGHER), x, tie('lambda')).map(([f, e, l]) => `$${f}(${e}, ${l})`),
      },
      { weight: 1, arbitrary: fc.tuple(x, x).map(([e, g]) => `$reduce(${e}, function($x, $y) { ${g} })`) },
      { weight: 1, arbitrary: fc.tuple(x, x).map(([e, g]) => `$sort(${e}, function($x, $y) { ${g} })`) },
      { weight: 1, arbitrary: fc.tuple(tie('lambda'), x).map(([l, e]) => `($f := ${l}; $f(${e}))`) },
      { weight: 1, arbitrary: fc.tuple(x, x).map(([e, g]) => `($x := ${e}; $y := ${g}; [$x, $y])`) },
      { weight: 1, arbitrary: fc.tuple(x, x, x).map(([e, g, h]) => `($x := ${e}; (${g} ? $x := ${h}; $x))`) },
      { weight: 1, arbitrary: tie('object') },
      { weight: 1, arbitrary: fc.array(x, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`) },
      { weight: 1, arbitrary: fc.tuple(x, x, x).map(([e, g, h]) => `(${e} ? ${g} : ${h})`) },
      { weight: 1, arbitrary: fc.tuple(x, x).map(([e, g]) => `(${e} ? ${g})`) },
      { weight: 1, arbitrary: x.map((e) => `-(${e})`) },
      { weight: 1, arbitrary: fc.tuple(x, filter).map(([e, f]) => `(${e})${f}`) },
      { weight: 1, arbitrary: fc.tuple(name, tie('object')).map(([n, o]) => `($ ~> |${n}|${o}, ["a"]|)`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('$match(a, /[a-z]/)', '$replace(a, /x|2/, "$0!")', '$split(b, /x/)'),
      },
    ),
  };
}).expression;
