import { Decimal } from './decimal.ts';
import { FunctionFault, shown } from './function-fault.ts';

export function isDecimal(value: unknown): value is Decimal {
  return value instanceof Decimal;
}

/** A number, by its shortest decimal text, or a decimal as a decimal; undefined for anything else. */
export function toDecimal(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value;
  return typeof value === 'number' ? Decimal.ofNumber(value) : undefined;
}

/** What `$decimal` takes: text as well. Throws X1001 for anything else. */
export function decimalOf(value: unknown): Decimal {
  const decimal = typeof value === 'string' ? Decimal.ofText(value) : toDecimal(value);
  if (decimal !== undefined) return decimal;
  throw new FunctionFault('X1001', `${shown(value)} is not a decimal number`);
}
