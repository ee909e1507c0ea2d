import assert from 'node:assert/strict';
import { compileExpression, DEFAULT_EXPRESSION_LIMITS } from '../../../../core/language/index.ts';
import { interpret } from '../../../../core/language/interpreter.ts';
import {
  NAMED_FORMATS,
  OWN_FUNCTIONS,
  OWN_FUNCTIONS_BY_NAME,
  type OwnExample,
} from '../../../../core/language/functions/index.ts';

const AT = { file: 'mappings/a/b.yaml', line: 1, column: 1 };

async function run(example: OwnExample): Promise<unknown> {
  const expression = compileExpression({ source: sourceOf(example), at: AT }, DEFAULT_EXPRESSION_LIMITS);
  assert.equal(expression.fallback, undefined);
  return expression.evaluate(example.input ?? {});
}

async function interpreted(example: OwnExample): Promise<unknown> {
  return interpret({ source: sourceOf(example), at: AT }, DEFAULT_EXPRESSION_LIMITS).evaluate(
    example.input ?? {},
  );
}

/** Texts that are wrong are not written out but calculated, so that the mistake shows only when it runs. */
function sourceOf({ expression, fails }: OwnExample): string {
  return fails === undefined ? expression : expression.replace(/"[^"]*"/g, '($& & "")');
}

async function expectResult(given: Promise<unknown>, { result, fails }: OwnExample): Promise<void> {
  if (fails === undefined) {
    assert.deepEqual(await given, result);
    return;
  }
  await assert.rejects(given, (error: { code: string; details: { jsonata?: string } }) => {
    assert.equal(error.code, 'EXPRESSION_FAILED');
    assert.equal(error.details.jsonata, fails);
    return true;
  });
}

describe('OWN_FUNCTIONS', () => {
  for (const own of OWN_FUNCTIONS) {
    for (const example of own.examples) {
      it(`gives what the reference says for ${example.expression}`, () =>
        expectResult(run(example), example));

      if (
        !OWN_FUNCTIONS.some(
          ({ name, engineOnly }) => engineOnly === true && example.expression.includes(`$${name}(`),
        )
      )
        it(`gives the same in the interpreter for ${example.expression}`, () =>
          expectResult(interpreted(example), example));
    }

    it(`says of $${own.name} what it takes, as its signature does`, () => {
      const parameters = own.signature
        .slice(1, own.signature.indexOf(':'))
        .match(/\([a-z]+\)-?\??|[a-z]-?\??/g);
      assert.equal(parameters?.length, own.parameters.length);
      for (const [i, { optional = false, oneOf, mistake }] of own.parameters.entries()) {
        assert.equal(parameters?.[i]?.endsWith('?'), optional, own.parameters[i]?.name);
        for (const known of oneOf ?? []) assert.equal(mistake?.(known), undefined);
      }
      for (const { fails } of own.examples)
        assert.ok(fails === undefined || own.errors.includes(fails), fails);
    });
  }

  it('shows each format of dates by one example, and reads it again', () => {
    const call = (name: string, ...args: unknown[]): unknown =>
      OWN_FUNCTIONS_BY_NAME.get(name)?.call(args, { now: () => 0 });
    for (const { name, example } of NAMED_FORMATS) {
      assert.equal(call('formatDate', '2026-03-01T17:45:10.250Z', name), example, name);
      const again = call('parseDate', example, name, 'UTC');
      assert.equal(call('formatDate', again, name), example, name);
    }
  });

  it('finds mistakes in what is written out', () => {
    const mistake = (name: string, parameter: string, literal: unknown): string | undefined =>
      OWN_FUNCTIONS_BY_NAME.get(name)
        ?.parameters.find((one) => one.name === parameter)
        ?.mistake?.(literal);
    assert.match(mistake('toZone', 'zone', 'Europe/Berln') ?? '', /did you mean "Europe\/Berlin"/);
    assert.match(mistake('parseDate', 'format', 'eu-dat') ?? '', /did you mean "eu-date"/);
    assert.match(mistake('parseDate', 'format', 'dd.MM.yyyyTHH') ?? '', /has "T", which is no field/);
    assert.match(mistake('startOf', 'unit', 'months') ?? '', /not a unit of time/);
    assert.match(mistake('addDuration', 'duration', '1 month') ?? '', /ISO 8601 duration/);
    assert.match(mistake('roundTo', 'mode', 'nearest') ?? '', /not a rounding mode/);
    assert.match(mistake('decimal', 'value', '1,5') ?? '', /not a decimal number/);
    assert.match(mistake('minorUnits', 'currency', 'EURO') ?? '', /ISO 4217/);
  });
});
