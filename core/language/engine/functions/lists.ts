import { isSequence, sequence } from '../sequence.ts';
import type { Run } from '../run.ts';
import { isDecimal } from '../decimals.ts';
import { EngineError } from '../error.ts';
import { isDeepEqual, isNumeric } from '../values.ts';
import type { Implementation } from './builtin.ts';
import { sortBy } from '../sort.ts';
import type { FunctionValue } from '../function-value.ts';

type List = readonly unknown[];

/** Functions of lists and of numbers in lists, by name. */
export const LISTS: Readonly<Record<string, Implementation>> = {
  sum: ([list], _context, run) => (list === undefined ? undefined : run.number(total(list as number[]))),
  count: ([list]) => (list === undefined ? 0 : (list as List).length),
  max: ([list]) => extreme(list as number[] | undefined, Math.max),
  min: ([list]) => extreme(list as number[] | undefined, Math.min),
  average: ([list], _context, run) =>
    list === undefined || (list as List).length === 0
      ? undefined
      : run.number(total(list as number[]) / (list as List).length),
  append: ([left, right], _context, run) => append(left, right, run),
  reverse: ([list]) => (list === undefined || (list as List).length < 2 ? list : (list as List).toReversed()),
  zip,
  distinct,
  sort: ([list, comparator], _context, run) =>
    sorted(list as List | undefined, comparator as FunctionValue, run),
};

function total(list: readonly number[]): number {
  let sum = 0;
  for (const item of list) sum += item;
  return sum;
}

function extreme(list: readonly number[] | undefined, pick: (a: number, b: number) => number): unknown {
  if (list === undefined || list.length === 0) return undefined;
  let found = list[0] as number;
  for (let i = 1; i < list.length; i++) found = pick(found, list[i] as number);
  return found;
}

/** `$append`, which constructors use as well: lists are joined, what is no list counts as one of one. */
export function append(left: unknown, right: unknown, run: Run): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const a = Array.isArray(left) ? (left as List) : [left];
  const b = Array.isArray(right) ? (right as List) : [right];
  if (a.length + b.length > run.maxSequence) throw new EngineError('D2015', { value: a.length + b.length });
  return a.concat(b);
}

function zip(args: List): unknown {
  let length = args.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const list of args) length = Math.min(length, Array.isArray(list) ? list.length : 0);
  return Array.from({ length }, (_, i) => args.map((list) => (list as List)[i]));
}

function distinct([list]: List, _context: unknown, run: Run): unknown {
  if (!Array.isArray(list) || list.length < 2) return list;
  const found: unknown[] = [];
  const texts = new Set<unknown>();
  let decimals = false;
  for (const item of list as List) {
    run.step();
    // What is no object is equal to itself only.
    if (typeof item !== 'object' || item === null) {
      if (texts.has(item) && !Number.isNaN(item)) continue;
      if (decimals && found.some((other) => isDecimal(other) && isDeepEqual(item, other))) continue;
      texts.add(item);
    } else if (found.some((other) => isDeepEqual(item, other))) continue;
    decimals ||= isDecimal(item);
    found.push(item);
  }
  return isSequence(list) ? sequence(found, run) : found;
}

function sorted(list: List | undefined, comparator: FunctionValue | undefined, run: Run): unknown {
  if (list === undefined || list.length < 2) return list;
  if (comparator !== undefined) {
    return sortBy(list, run, (a, b) => Boolean(comparator([a, b], null, run)));
  }
  if (!list.every((item) => isNumeric(item)) && !list.every((item) => typeof item === 'string'))
    throw new EngineError('D3070', { index: 1 });
  return sortBy(list as readonly (number | string)[], run, (a, b) => a > b);
}
