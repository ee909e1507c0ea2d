import type { AstNode } from './ast.ts';
import { isDecimal } from './decimals.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import type { Env, Scope } from './scope.ts';
import { contextOf, isTupleStream, mark, TUPLES } from './sequence.ts';
import { isNumeric, toBoolean } from './values.ts';

/**
 * `[…]` behind something. A position picks one item, counted from the end when negative; what is found there may be a
 * list, which is then no sequence.
 */
export type Filter =
  | { readonly kind: 'position'; readonly at: number }
  | { readonly kind: 'test'; readonly keep: (items: readonly unknown[], env: Env, run: Run) => unknown[] };

/** With a `tupleScope` the items may be tuples. */
export function compileFilter(
  predicate: AstNode,
  scope: Scope,
  tupleScope: Scope | undefined,
  c: Compiler,
): Filter {
  if (predicate.type === 'number') return { kind: 'position', at: Math.floor(Number(predicate.value)) };
  const test = c.compile(predicate, tupleScope ?? scope);
  if (tupleScope === undefined)
    return { kind: 'test', keep: (items, env, run) => keep(items, test, env, run) };
  return {
    kind: 'test',
    keep: (items, env, run) => {
      const tuples = isTupleStream(items);
      const kept: unknown[] = [];
      for (let i = 0; i < items.length; i++) {
        run.step();
        const item = items[i];
        const answer = test(contextOf(item, tuples), tupleScope.enter(env, tuples ? item : undefined), run);
        for (let times = timesKept(answer, i, items.length); times > 0; times--) kept.push(item);
      }
      run.bound(kept.length);
      return tuples ? mark(kept, TUPLES) : kept;
    },
  };
}

function keep(items: readonly unknown[], test: Node, env: Env, run: Run): unknown[] {
  const kept: unknown[] = [];
  for (let i = 0; i < items.length; i++) {
    run.step();
    const item = items[i];
    const answer = test(item, env, run);
    if (answer === true) kept.push(item);
    else if (answer !== false && answer !== undefined)
      for (let times = timesKept(answer, i, items.length); times > 0; times--) kept.push(item);
  }
  run.bound(kept.length);
  return kept;
}

/** A number, or each number of a list, names a position; anything else is true or not. */
function timesKept(answer: unknown, at: number, length: number): number {
  if (isNumeric(answer)) return placeOf(answer, length) === at ? 1 : 0;
  if (isDecimal(answer)) return placeOf(answer.toNumber(), length) === at ? 1 : 0;
  // All are looked at: one that is out of range is an error wherever it stands.
  if (Array.isArray(answer) && answer.filter((one) => !isNumeric(one)).length === 0)
    return answer.filter((one) => placeOf(one as number, length) === at).length;
  return toBoolean(answer) === true ? 1 : 0;
}

function placeOf(position: number, length: number): number {
  const place = Math.floor(position);
  return place < 0 ? length + place : place;
}

/** The items that a filter works on: what is no list is one item, nothing included. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** What a filter keeps of a value, as a list. */
export function applyFilter(filter: Filter, value: unknown, env: Env, run: Run): readonly unknown[] {
  const items = itemsOf(value);
  if (filter.kind === 'test') return filter.keep(items, env, run);
  const item = pick(items, filter.at);
  return item === undefined ? [] : itemsOf(item);
}

/** The item at the position of a filter, list or not. */
export function pick(items: readonly unknown[], at: number): unknown {
  return items[at < 0 ? items.length + at : at];
}
