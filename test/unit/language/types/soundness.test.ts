import assert from 'node:assert/strict';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { schemaRegistry, shaper } from '../../../../core/language/index.ts';
import { checkValue } from '../../../../core/language/types/check-value.ts';
import {
  inferExpression,
  inFull,
  schemaTypes,
  wordsOf,
  type Type,
} from '../../../../core/language/types/index.ts';
import { conditions, describedObjects, describedValues, expressions } from './arbitraries.ts';
import { fits } from './fits.ts';
import { propertyRuns } from '../../../support/properties.ts';

const at = { file: 'x.jsonata', line: 1, column: 1 };
const types = schemaTypes(new Map());

/** What JSONata itself makes of it; a failure is one of the things that no type speaks of. */
async function evaluated(source: string, input: unknown): Promise<{ readonly value: unknown } | undefined> {
  try {
    const expression = jsonata(source, { timeout: 300, stack: 200, sequence: 1_000 });
    const value: unknown = await expression.evaluate(structuredClone(input));
    // `b.a["x"]` where there is no `a`: JSONata keeps the nothing that its predicate holds for, which no type speaks of.
    let hole = false;
    const text = JSON.stringify(value, function (this: unknown, _name, member: unknown) {
      hole ||= member === undefined && Array.isArray(this);
      return member;
    });
    if (hole) return undefined;
    return { value: value === undefined ? undefined : JSON.parse(text ?? 'null') };
  } catch {
    return undefined;
  }
}

function parses(source: string): boolean {
  try {
    jsonata(source);
    return true;
  } catch {
    return false;
  }
}

describe('Inferred types', () => {
  it('hold for every value that fits its schema', () => {
    fc.assert(
      fc.property(
        describedValues(3).chain(({ schema, value }) => fc.tuple(fc.constant(schema), value)),
        ([schema, value]) => {
          const type = types.of(schema);
          assert.ok(fits(value, type), `${JSON.stringify(value)} is no ${wordsOf(type)}`);
        },
      ),
      { numRuns: propertyRuns(1_000) },
    );
  });

  it('are never contradicted by what an expression gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        describedObjects(3).chain(({ schema, value }) => fc.tuple(fc.constant(schema), value)),
        expressions(2).filter(parses),
        async ([schema, input], source) => {
          const result = await evaluated(source, input);
          if (result === undefined) return;
          const { type } = inferExpression({ source, at }, types.of(schema));
          assert.ok(
            fits(result.value, type),
            `${source} of ${JSON.stringify(input)} is ${JSON.stringify(result.value)}, and not ${wordsOf(type)}`,
          );
        },
      ),
      { numRuns: propertyRuns(3_000) },
    );
  }).timeout(60_000);

  it('hold behind every condition that holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        describedObjects(3).chain(({ schema, value }) => fc.tuple(fc.constant(schema), value)),
        conditions.filter(parses),
        async ([schema, input], source) => {
          const result = await evaluated(`$boolean(${source})`, input);
          if (result?.value !== true) return;
          const { holds } = inferExpression({ source, at }, types.of(schema));
          assert.ok(
            fits(input, holds),
            `${source} holds for ${JSON.stringify(input)}: ${wordsOf(holds, inFull())}`,
          );
        },
      ),
      { numRuns: propertyRuns(2_000) },
    );
  }).timeout(60_000);

  it('are never told to be wrong where what comes out is right', async () => {
    const registry = schemaRegistry(new Map());
    await fc.assert(
      fc.asyncProperty(
        describedObjects(3).chain(({ schema, value }) => fc.tuple(fc.constant(schema), value)),
        expressions(1).filter(parses),
        describedValues(2),
        async ([schema, input], source, { schema: wanted }) => {
          const result = await evaluated(source, input);
          if (result === undefined || result.value === undefined) return;
          const output = shaper(wanted)(result.value);
          if (registry.compile(wanted)(output).length > 0) return;
          const { type } = inferExpression({ source, at }, types.of(schema));
          const wrong = checkValue(type, types.wanted(wanted), CHECK).filter(
            ({ possible, where }) => possible !== true && isThere(result.value, where.path),
          );
          if (isEitherOf(type)) return;
          const said = wrong.map(({ message }) => message).join('; ');
          assert.equal(said, '', `${source} of ${JSON.stringify(input)} fits ${JSON.stringify(wanted)}`);
        },
      ),
      { numRuns: propertyRuns(3_000) },
    );
  }).timeout(60_000);
});

const CHECK = { taker: 'it', hasFormat: () => true, matches: () => true };

/** Whether the message's value has what the complaint is about. */
function isThere(value: unknown, path: readonly (string | number)[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  if (name === '[]')
    return Array.isArray(value) && value.length > 0 && value.every((item) => isThere(item, rest));
  const member = (value as Readonly<Record<string, unknown>> | null)?.[name];
  return member !== undefined && isThere(member, rest);
}

/** Of several kinds of objects, each is told of by itself. */
function isEitherOf(type: Type): boolean {
  const objects = type.forms.filter((form) => form.kind === 'object');
  return (
    objects.length > 1 ||
    type.forms.some((form) => form.kind === 'list' && isEitherOf(form.items)) ||
    objects.some(({ members }) => [...members.values()].some((member) => isEitherOf(member.type)))
  );
}
