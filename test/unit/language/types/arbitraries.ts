import fc from 'fast-check';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';

/** A schema, and values that fit it. */
export interface Described {
  readonly schema: JsonSchema;
  readonly value: fc.Arbitrary<unknown>;
}

const NAMES = ['a', 'b', 'c', 'd'] as const;

const scalars: readonly Described[] = [
  { schema: { type: 'string' }, value: fc.constantFrom('', 'x', 'yy', '2026-01-02', '12') },
  { schema: { type: 'string', minLength: 1, maxLength: 3 }, value: fc.constantFrom('x', 'yy', 'zzz') },
  { schema: { enum: ['x', 'y', 'z'] }, value: fc.constantFrom('x', 'y', 'z') },
  { schema: { type: 'integer', minimum: 0, maximum: 3 }, value: fc.constantFrom(0, 1, 2, 3) },
  { schema: { type: 'number' }, value: fc.constantFrom(0, -1.5, 2, 7.25) },
  { schema: { type: 'boolean' }, value: fc.boolean() },
  { schema: { type: 'null' }, value: fc.constant(null) },
  { schema: { type: ['string', 'null'] }, value: fc.constantFrom('x', '', null) },
  { schema: { type: 'string', format: 'date-time' }, value: fc.constant('2026-03-01T12:00:00Z') },
  { schema: {}, value: fc.constantFrom(null, 'x', 5, [], [1, 2], ['x'], { a: 1 }, [{ a: 'x' }], [[1], [2]]) },
  { schema: { const: 'x' }, value: fc.constant('x') },
  {
    schema: { anyOf: [{ type: 'integer' }, { type: 'string', maxLength: 1 }] },
    value: fc.constantFrom(1, 'x', ''),
  },
];

/** Schemas of objects, lists and scalars, at most `depth` levels deep. */
export function describedValues(depth: number): fc.Arbitrary<Described> {
  const scalar = fc.constantFrom(...scalars);
  if (depth <= 0) return scalar;
  const inner = describedValues(depth - 1);
  return fc.oneof(
    { arbitrary: scalar, weight: 2 },
    { arbitrary: describedObjects(depth), weight: 3 },
    {
      arbitrary: fc.tuple(inner, fc.constantFrom<Bounds>([0, 3], [1, 3], [1, 1], [2, 2], [0, 1])).map(listOf),
      weight: 3,
    },
    { arbitrary: fc.tuple(inner, inner).map(pairOf), weight: 1 },
    { arbitrary: inner.map(dictionaryOf), weight: 1 },
    { arbitrary: fc.tuple(describedObjects(depth), describedObjects(depth)).map(eitherOf), weight: 1 },
  );
}

export function describedObjects(depth: number): fc.Arbitrary<Described> {
  const member = fc.record({ described: describedValues(depth - 1), required: fc.boolean() });
  const members = fc.dictionary(fc.constantFrom(...NAMES), member, {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  });
  return fc.tuple(members, fc.boolean()).map(([given, closed]) => {
    const entries = Object.entries(given);
    const required = entries.flatMap(([name, one]) => (one.required ? [name] : []));
    return {
      schema: {
        type: 'object',
        required,
        properties: Object.fromEntries(entries.map(([name, one]) => [name, one.described.schema])),
        ...(closed ? { additionalProperties: false } : {}),
      },
      value: fc.record(Object.fromEntries(entries.map(([name, one]) => [name, one.described.value])), {
        requiredKeys: required,
        noNullPrototype: true,
      }),
    };
  });
}

type Bounds = readonly [min: number, max: number];

function listOf([inner, [min, max]]: readonly [Described, Bounds]): Described {
  return {
    schema: { type: 'array', items: inner.schema, minItems: min, maxItems: max },
    value: fc.array(inner.value, { minLength: min, maxLength: max }),
  };
}

function pairOf([one, other]: [Described, Described]): Described {
  return {
    schema: { type: 'array', prefixItems: [one.schema, other.schema], items: false, minItems: 2 },
    value: fc.tuple(one.value, other.value),
  };
}

function dictionaryOf({ schema, value }: Described): Described {
  return {
    schema: { type: 'object', additionalProperties: schema },
    value: fc.dictionary(fc.constantFrom(...NAMES), value, { noNullPrototype: true }),
  };
}

function eitherOf([one, other]: [Described, Described]): Described {
  return { schema: { anyOf: [one.schema, other.schema] }, value: fc.oneof(one.value, other.value) };
}

/** Expressions of many forms over the names that the schemas use, at most `depth` levels deep. */
export function expressions(depth: number): fc.Arbitrary<string> {
  const name = fc.constantFrom(...NAMES, '$', '$$', '$x');
  const plain = fc.constantFrom(...NAMES);
  const literal = fc.constantFrom('"x"', '"y"', '1', '0', '-1', '2.5', 'true', 'null', '""', '[]', '{}');
  const path = fc.array(plain, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
  const leaf = fc.oneof(
    { arbitrary: path, weight: 5 },
    { arbitrary: name, weight: 1 },
    { arbitrary: literal, weight: 2 },
  );
  if (depth <= 0) return leaf;
  const e = expressions(depth - 1);
  const of = (template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts)
      .map((texts) => texts.reduce((text, part, i) => text.replaceAll(`%${i}`, () => part), template));
  const binary = fc.constantFrom('+', '-', '*', '/', '&', '=', '!=', '<', '>', '>=', 'and', 'or', 'in');
  const strings = fc.constantFrom(
    'uppercase',
    'trim',
    'length',
    'lowercase',
    'string',
    'number',
    'boolean',
    'not',
    'exists',
    'type',
    'count',
    'sum',
    'max',
    'average',
    'reverse',
    'distinct',
    'sort',
    'keys',
    'merge',
    'spread',
    'floor',
    'round',
    'abs',
    'clone',
  );
  return fc.oneof(
    { arbitrary: leaf, weight: 2 },
    of('(%0 %1 %2)', e, binary, e),
    of('(%0).(%1)', e, e),
    of('%0.%1', path, fc.oneof(plain, of('(%0)', e), of('[%0]', e), of('{"k": %0}', e))),
    of('%0[%1]', path, fc.oneof(e, fc.constantFrom('0', '-1', '1', '$ = "x"'))),
    of('%0[%1].%2', path, e, plain),
    of('(%0)[%1]', e, fc.constantFrom('0', '-1', 'a = 1')),
    of('%0[]', path),
    of('(%0 ? %1 : %2)', e, e, e),
    of('(%0 ? %1)', e, e),
    of('(%0 ?: %1)', path, e),
    of('(%0 ?? %1)', path, e),
    of('($exists(%0) ? %0 : %1)', path, e),
    of('($exists(%0) and %0 != %2 ? %0 : %1)', path, e, literal),
    of('(%0 = %1 ? %0 : %2)', path, literal, e),
    of('($type(%0) = "string" ? %0 & "!" : %1)', path, e),
    of('$%0(%1)', strings, e),
    of('%1 ~> $%0', strings, path),
    of('$map(%0, function($v, $i){ %1 })', e, fc.oneof(e, fc.constantFrom('$v', '$v.a', '$i', '$v & ""'))),
    of(
      '$filter(%0, function($v){ %1 })',
      e,
      fc.oneof(e, fc.constantFrom('$v', '$v.a', '$v.a = "x"', '$exists($v.b)')),
    ),
    of('$filter(%0, function($v){ $v.%1 }).%1', path, plain),
    of(
      '$reduce(%0, function($p, $v){ %1 }%2)',
      e,
      fc.constantFrom('$p', '$v', '$p + $v', '$p & $v', '$append($p, $v)'),
      fc.constantFrom('', ', 0', ', ""', ', []'),
    ),
    of('$single(%0, function($v){ $v.%1 })', path, plain),
    of('$append(%0, %1)', e, e),
    of('$join(%0, ",")', e),
    of('$split(%0, "-")', e),
    of('$substring(%0, %1, %2)', e, fc.constantFrom('0', '1', '-2'), fc.constantFrom('1', '10')),
    of('$lookup(%0, "%1")', e, plain),
    of('$merge([%0, {"a": %1}])', fc.oneof(path, fc.constant('$')), e),
    of('$merge([{"a": %0, "b": 1}, %1, {"b": %2}]).a', e, fc.oneof(path, fc.constant('$')), e),
    of(
      '$sift(%0, function($v, $k){ %1 })',
      fc.oneof(path, fc.constant('$')),
      fc.oneof(e, fc.constantFrom('$v', '$v != null', '$v.a', '$k = "a"', '$k != "a"', '$k in ["a", "b"]')),
    ),
    of('{"k": %0, "l": %1}', e, e),
    of('{%0: %1}', fc.oneof(path, fc.constantFrom('"k"', '$string(a)')), e),
    of('%0{%1: %2}', path, fc.oneof(plain, fc.constant('"k"'), fc.constant('$string(a)')), e),
    of('[%0, %1]', e, e),
    of('[%0..%1]', fc.constantFrom('1', 'a', '0'), fc.constantFrom('2', 'b')),
    of('($x := %0; %1)', e, e),
    of('($x := %0; $x.%1)', e, plain),
    of('($x := %0; $exists($x) ? $x : %1)', e, e),
    of('($f := function($v){ %0 }; $f(%1))', fc.oneof(e, fc.constantFrom('$v', '$v.a')), e),
    of('%0^(%1)', path, plain),
    of('%0^(>%1).%1', path, plain),
    of('%0@$y.%1', path, fc.oneof(plain, fc.constant('{"k": $y}'), fc.constant('$y.a'))),
    of('%0#$i[$i = 0].%1', path, plain),
    of('%0.%1.%', path, plain),
    of('%0.*', path),
    of('**.%0', plain),
    of('-%0', e),
    of('%0 ~> |%1|{"a": 1}|', path, fc.oneof(plain, fc.constant('$'))),
  );
}

/** What mappings ask in filters. */
export const conditions: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => names.join('.')),
    fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }).map((names) => names.join('.')),
    fc.constantFrom('"x"', '"y"', '0', '1', 'true', 'null', '""'),
    fc.constantFrom(
      '%0',
      '$exists(%0)',
      '$not(%0)',
      '$not($exists(%0))',
      '%0 = %2',
      '%0 != %2',
      '$not(%0 = %2)',
      '%0 > %2',
      '%0 = %1',
      '%0 and %1',
      '%0 or %1',
      '%0 = %2 and $exists(%1)',
      '%0 = %2 or %1 = %2',
      '$not(%0 or %1)',
      '$not(%0 and %1)',
      '%0 in ["x", "y", 1]',
      '$type(%0) = "string"',
      '$type(%0) != "null" and %1',
      '$count(%0) > 0',
      '%0[%1 = %2]',
      '$$.%0 = %2',
      '$.%0',
      '$length(%0) > 0 and $boolean(%1)',
      '($x := %0; $x and %1)',
      '(%0 ? %1 : %2)',
      '%0.%1',
    ),
  )
  .map(([one, other, literal, template]) =>
    template.replaceAll('%0', one).replaceAll('%1', other).replaceAll('%2', literal),
  );
