import { DATE_FUNCTIONS } from './date-functions.ts';
import { DURATION_FUNCTIONS } from './duration-functions.ts';
import { MONEY_FUNCTIONS } from './money.ts';
import type { OwnFunction } from './own-function.ts';

export { NAMED_FORMATS, type NamedFormat } from './date-formats.ts';
export { Decimal, QUOTIENT_DIGITS, ROUNDING_MODES, type RoundingMode } from './decimal.ts';
export { FAULTS, FunctionFault, type FaultCode } from './function-fault.ts';
export {
  averageOf,
  calculate,
  decimalOf,
  isDecimal,
  largestOf,
  smallestOf,
  sumOf,
  toDecimal,
  type ArithmeticOperator,
} from './operators.ts';
export type { OwnCall, OwnExample, OwnFunction, OwnParameter, OwnType } from './own-function.ts';

/** The functions that expressions have beside JSONata's own, in the order of the reference. */
export const OWN_FUNCTIONS: readonly OwnFunction[] = [
  ...MONEY_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...DURATION_FUNCTIONS,
];

/** By name, without the `$`. */
export const OWN_FUNCTIONS_BY_NAME: ReadonlyMap<string, OwnFunction> = new Map(
  OWN_FUNCTIONS.map((own) => [own.name, own]),
);
