import { Decimal } from './decimal.ts';
import { FunctionFault } from './function-fault.ts';

const MAX_PARTS = 10_000;

/**
 * Splits an amount by weights into parts with so many places whose sum is the amount: each gets its share rounded
 * towards zero, and what is left over goes, a unit each, to those that lost most, the first of equals first (the method
 * of largest remainders). Throws X1006 and X1008.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], places: number): readonly Decimal[] {
  if (total.places() > places)
    throw new FunctionFault(
      'X1008',
      `the amount ${total.toString()} has more than ${places} places: round it first`,
    );
  requireParts(weights.length);
  const exact = Math.max(0, ...weights.map((weight) => weight.places()));
  const shares = weights.map((weight) => weight.units(exact, 'down'));
  const whole = shares.reduce((sum, share) => sum + share, 0n);
  if (whole <= 0n || shares.some((share) => share < 0n))
    throw new FunctionFault('X1006', 'weights must not be negative, and one at least more than 0');

  const units = total.units(places, 'down');
  const sign = units < 0n ? -1n : 1n;
  const parts = shares.map((share, index) => {
    const product = units * sign * share;
    return { index, units: product / whole, rest: product % whole };
  });
  let left = units * sign - parts.reduce((sum, part) => sum + part.units, 0n);
  // Sorting is stable: of equal rests the first comes first. What is left is less than a unit for each part.
  for (const part of [...parts].sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : 0))) {
    if (left === 0n) break;
    part.units += 1n;
    left -= 1n;
  }
  return parts.map((part) => Decimal.ofUnits(part.units * sign, places));
}

/** How many parts there may be. Throws X1006. */
export function requireParts(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_PARTS) return count;
  throw new FunctionFault('X1006', `an amount is split into 1 to ${MAX_PARTS} parts`);
}
