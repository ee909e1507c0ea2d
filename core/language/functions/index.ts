export { DATE_LETTERS } from './date-letters.ts';
export { NAMED_FORMATS } from './date-formats.ts';
export { Decimal, ROUNDING_MODES, type RoundingMode } from './decimal.ts';
export { FAULTS, FunctionFault } from './function-fault.ts';
export { isDecimal, toDecimal } from './decimal-of.ts';
export type { OwnExample, OwnFunction, OwnParameter, OwnType, WrittenArgument } from './own-function.ts';
export { registerOwnFunctions } from './interpreter.ts';
export { literalMistakes } from './literal-mistakes.ts';
export { OWN_FUNCTIONS, OWN_FUNCTIONS_BY_NAME } from './table.ts';
