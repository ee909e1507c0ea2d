import { DATE_FUNCTIONS } from './date-functions.ts';
import { DURATION_FUNCTIONS } from './duration-functions.ts';
import { MONEY_FUNCTIONS } from './money.ts';
import type { OwnFunction } from './own-function.ts';

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
