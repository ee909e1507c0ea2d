import { requireParts } from './allocate.ts';
import { Decimal, ROUNDING_MODES, type RoundingMode } from './decimal.ts';
import { FunctionFault, shown } from './function-fault.ts';
import { decimalOf } from './decimal-of.ts';

/** How many places a value may be rounded or written to, at most. */
export const MAX_PLACES = 100;

/** A number of places, from `least` to 100. Throws X1005. */
export function placesOf(value: unknown, least: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= MAX_PLACES) return Number(value);
  throw new FunctionFault(
    'X1005',
    `${shown(value)} is not a number of places from ${least} to ${MAX_PLACES}`,
  );
}

/** A rounding mode; half to even when it is left out. Throws X1005. */
export function modeOf(value: unknown): RoundingMode {
  if (value === undefined) return 'half-even';
  const mode = ROUNDING_MODES.find((known) => known === value);
  if (mode !== undefined) return mode;
  throw new FunctionFault('X1005', `${shown(value)} is not a rounding mode: ${ROUNDING_MODES.join(', ')}`);
}

/** The weights of a number of equal parts, or those of a list. Throws X1006 and X1001. */
export function weightsOf(parts: unknown): readonly Decimal[] {
  if (Array.isArray(parts)) return parts.map(decimalOf);
  return new Array<Decimal>(requireParts(Number(parts))).fill(Decimal.ofNumber(1));
}

/** Text, or undefined. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What is wrong with an argument, by trying to read it. */
export function mistakeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof FunctionFault) return error.message;
    throw error;
  }
}
