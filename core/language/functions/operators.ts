import { Decimal } from './decimal.ts';
import { FunctionFault, shown } from './function-fault.ts';

/*
 * What the engine's operators and JSONata's own functions do as soon as a decimal is among their operands. A number
 * beside a decimal counts by its shortest decimal text, never the other way round.
 */

export function isDecimal(value: unknown): value is Decimal {
  return value instanceof Decimal;
}

/** A number or decimal as a decimal; undefined for anything else. */
export function toDecimal(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value;
  return typeof value === 'number' ? Decimal.ofNumber(value) : undefined;
}

/** What `$decimal` takes: text as well. Throws X1001 for anything else. */
export function decimalOf(value: unknown): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === 'number') return Decimal.ofNumber(value);
  if (typeof value === 'string') return Decimal.ofText(value);
  throw new FunctionFault('X1001', `${shown(value)} is not a decimal number`);
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** `left operator right`. Throws X1002 and X1003. */
export function calculate(operator: ArithmeticOperator, left: Decimal, right: Decimal): Decimal {
  switch (operator) {
    case '+':
      return left.plus(right);
    case '-':
      return left.minus(right);
    case '*':
      return left.times(right);
    case '/':
      return left.dividedBy(right);
    case '%':
      return left.modulo(right);
  }
}

/** `$sum` of numbers and decimals. */
export function sumOf(values: readonly Decimal[]): Decimal {
  return values.reduce((sum, value) => sum.plus(value), Decimal.ofNumber(0));
}

/** `$average`; undefined of nothing. */
export function averageOf(values: readonly Decimal[]): Decimal | undefined {
  return values.length === 0 ? undefined : sumOf(values).dividedBy(Decimal.ofNumber(values.length));
}

/** `$max`; undefined of nothing. */
export function largestOf(values: readonly Decimal[]): Decimal | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => (b.compare(a) > 0 ? b : a));
}

/** `$min`; undefined of nothing. */
export function smallestOf(values: readonly Decimal[]): Decimal | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => (b.compare(a) < 0 ? b : a));
}
