import type { AstNode } from './ast.ts';
import { compareDecimals } from './decimals.ts';
import { EngineError } from './error.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import type { Env, Scope } from './scope.ts';
import { contextOf } from './sequence.ts';

/** Merge sort as JSONata has it: stable, and `isAfter` is asked about the same pairs in the same order. */
export function sortBy<T>(list: readonly T[], run: Run, isAfter: (a: T, b: T) => boolean): T[] {
  if (list.length < 2) return list.slice();
  const middle = Math.floor(list.length / 2);
  const left = sortBy(list.slice(0, middle), run, isAfter);
  const right = sortBy(list.slice(middle), run, isAfter);
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    run.step();
    merged.push(isAfter(left[i] as T, right[j] as T) ? (right[j++] as T) : (left[i++] as T));
  }
  while (i < left.length) merged.push(left[i++] as T);
  while (j < right.length) merged.push(right[j++] as T);
  return merged;
}

/** Sorts what a step of a path works on. `tuples` says whether the items are tuples. */
export type SortStep = (items: unknown[], tuples: boolean, env: Env, run: Run) => unknown[];

interface Term {
  readonly node: Node;
  readonly descending: boolean;
}

/** `^(…)`. */
export function compileSort(
  ast: AstNode,
  scope: Scope,
  tupleScope: Scope | undefined,
  c: Compiler,
): SortStep {
  const inside = tupleScope ?? scope;
  const terms = (ast.terms ?? []).map(({ expression, descending }): Term => ({
    node: c.compile(expression, inside),
    descending,
  }));
  return (items, tuples, env, run) => {
    if (items.length < 2) return items;
    const keyed = items.map((item) => {
      const own = tupleScope === undefined ? env : tupleScope.enter(env, tuples ? item : undefined);
      return { item, key: keyReader(terms, contextOf(item, tuples), own, run) };
    });
    const sorted = sortBy(keyed, run, (a, b) => isAfter(a.key, b.key));
    return sorted.map(({ item }) => item);
  };

  function isAfter(a: KeyReader, b: KeyReader): boolean {
    for (let i = 0; i < terms.length; i++) {
      const order = compareKeys(a(i), b(i), ast.position);
      if (order.final) return order.sign > 0;
      if (order.sign !== 0) return (terms[i] as Term).descending ? order.sign < 0 : order.sign > 0;
    }
    return false;
  }
}

type KeyReader = (term: number) => unknown;

/** Each key is evaluated when it is first asked for. */
function keyReader(terms: readonly Term[], context: unknown, env: Env, run: Run): KeyReader {
  const keys: unknown[] = [];
  return (term) => {
    while (keys.length <= term) keys.push((terms[keys.length] as Term).node(context, env, run));
    return keys[term];
  };
}

/** `final`: what is missing comes last, descending or not. */
function compareKeys(
  a: unknown,
  b: unknown,
  position: number | undefined,
): { readonly sign: number; readonly final: boolean } {
  if (a === undefined) return { sign: b === undefined ? 0 : 1, final: b !== undefined };
  if (b === undefined) return { sign: -1, final: true };
  const decimals = compareDecimals(a, b);
  if (decimals !== undefined) return { sign: decimals, final: false };
  if (!isSortable(a) || !isSortable(b))
    throw new EngineError('T2008', { value: isSortable(a) ? b : a }, { position, token: undefined });
  if (typeof a !== typeof b)
    throw new EngineError('T2007', { value: a, value2: b }, { position, token: undefined });
  return { sign: a === b ? 0 : a < b ? -1 : 1, final: false };
}

function isSortable(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
