import type { JsonSchema } from '../../core/model/json-schema.ts';

/** Between which numbers a stand-in has to be, and what it has to be a multiple of. */
export interface NumberBounds {
  readonly least?: number;
  readonly most?: number;
  readonly step?: number;
}

/** The narrowest bounds of schemas that hold together; undefined when they have none. */
export function boundsOf(schemas: readonly JsonSchema[]): NumberBounds | undefined {
  const all = (...names: readonly string[]): readonly number[] =>
    schemas.flatMap((schema) => names.map((name) => schema[name])).filter((one) => typeof one === 'number');
  const least = all('minimum', 'exclusiveMinimum');
  const most = all('maximum', 'exclusiveMaximum');
  const step = all('multipleOf');
  if (least.length + most.length + step.length === 0) return undefined;
  return {
    ...(least.length === 0 ? {} : { least: Math.max(...least) }),
    ...(most.length === 0 ? {} : { most: Math.min(...most) }),
    ...(step.length === 0 ? {} : { step: Math.max(...step) }),
  };
}

/** How far from the one bound that there is. */
const REACH = 1_000;

/**
 * The `number`th of the multiples within bounds, so that numbers that follow each other give all of them; undefined when
 * there is none. `unit` is the step of a value whose schema names none. Whether a bound itself is allowed is not looked at.
 */
export function numberWithin(bounds: NumberBounds, number: number, unit: number): number | undefined {
  const step = bounds.step ?? unit;
  const least = bounds.least ?? (bounds.most === undefined ? 0 : bounds.most - REACH * step);
  const most = bounds.most ?? least + REACH * step;
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  if (!(count >= 1)) return undefined;
  // As it is written: 3 * 0.1 is not.
  return Number(((first + (number % count)) * step).toPrecision(12));
}
