import { Decimal, isDecimal, toDecimal } from '../functions/index.ts';
import { EngineError } from './error.ts';

/*
 * Decimals in JSONata's operators and functions. Everything here is on the slow path: an operator or function comes
 * here only when an operand is neither a number nor a string, so that numbers pay nothing for decimals.
 */

export { isDecimal };

/** `left operator right` where one is a decimal and the other a decimal or a number; undefined where that is not so. */
export function decimalArithmetic(operator: string, left: unknown, right: unknown): Decimal | undefined {
  if (!isDecimal(left) && !isDecimal(right)) return undefined;
  const [a, b] = [toDecimal(left), toDecimal(right)];
  return a === undefined || b === undefined ? undefined : OPERATE[operator]?.(a, b);
}

const OPERATE: Readonly<Record<string, (a: Decimal, b: Decimal) => Decimal>> = {
  '+': (a, b) => a.plus(b),
  '-': (a, b) => a.minus(b),
  '*': (a, b) => a.times(b),
  '/': (a, b) => a.dividedBy(b),
  '%': (a, b) => a.modulo(b),
};

/** Below 0, 0 or above it; undefined unless one is a decimal and the other a decimal or a number. */
export function compareDecimals(left: unknown, right: unknown): number | undefined {
  if (!isDecimal(left) && !isDecimal(right)) return undefined;
  if (typeof left === 'number' && !Number.isFinite(left)) return undefined;
  if (typeof right === 'number' && !Number.isFinite(right)) return undefined;
  const [a, b] = [toDecimal(left), toDecimal(right)];
  return a === undefined || b === undefined ? undefined : a.compare(b);
}

/** `=` where one is a decimal. */
export function equalDecimals(left: unknown, right: unknown): boolean {
  return compareDecimals(left, right) === 0;
}

type DecimalFunction = (args: readonly unknown[]) => unknown;

const sumOf = (values: readonly Decimal[]): Decimal => values.reduce((sum, value) => sum.plus(value));

/** Of a list that holds a decimal, and nothing but decimals and numbers. */
const ofList =
  (fold: (values: readonly Decimal[]) => unknown): DecimalFunction =>
  ([list]) => {
    const values = (Array.isArray(list) ? list : [list]).map(toDecimal);
    return values.every((value) => value !== undefined) ? fold(values) : undefined;
  };

const ofOne =
  (change: (value: Decimal) => unknown): DecimalFunction =>
  ([value]) =>
    isDecimal(value) ? change(value) : undefined;

/** Places that are no number at all are left to the signature, which refuses them; NaN counts as 0, as for numbers. */
const round: DecimalFunction = ([value, places = 0]) =>
  isDecimal(value) && typeof places === 'number'
    ? value.rounded(Math.floor(places) || 0, 'half-even')
    : undefined;

/** A decimal is no object, though JSONata's signatures would let it pass for one. */
const refused =
  (code: 'T0410' | 'T0412'): DecimalFunction =>
  ([value]) => {
    throw new EngineError(code, { value, index: 1, type: 'o' });
  };

/** JSONata's functions that take decimals where they take numbers. */
const FUNCTIONS: ReadonlyMap<string, DecimalFunction> = new Map([
  ['sum', ofList(sumOf)],
  ['average', ofList((values) => sumOf(values).dividedBy(Decimal.ofNumber(values.length)))],
  ['max', ofList((values) => values.reduce((a, b) => (b.compare(a) > 0 ? b : a)))],
  ['min', ofList((values) => values.reduce((a, b) => (b.compare(a) < 0 ? b : a)))],
  ['abs', ofOne((value) => value.absolute())],
  ['floor', ofOne((value) => value.rounded(0, 'floor'))],
  ['ceil', ofOne((value) => value.rounded(0, 'ceiling'))],
  ['round', round],
  ['string', ofOne((value) => value.toString())],
  ['number', ofOne((value) => value.toExactNumber())],
  ['type', ofOne(() => 'number')],
  ['spread', ofOne((value) => value)],
  ['clone', ofOne((value) => value)],
  ['each', refused('T0410')],
  ['sift', refused('T0410')],
  ['merge', refused('T0412')],
  [
    'sort',
    ([list, comparator]) =>
      comparator === undefined && Array.isArray(list) && list.every((item) => toDecimal(item) !== undefined)
        ? [...(list as unknown[])].sort((a, b) => compareDecimals(a, b) ?? Number(a) - Number(b))
        : undefined,
  ],
]);

/** What a function of JSONata's does where its first argument is or holds decimals; undefined when it does not take them. */
export function withDecimals(name: string): DecimalFunction | undefined {
  const call = FUNCTIONS.get(name);
  if (call === undefined) return undefined;
  return (args) => {
    const [first] = args;
    return (Array.isArray(first) ? first.some(isDecimal) : isDecimal(first)) ? call(args) : undefined;
  };
}
