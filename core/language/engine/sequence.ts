import type { AstNode } from './ast.ts';
import type { Node } from './node.ts';
import type { Run } from './run.ts';

/*
 * What a path finds is a sequence: a list, but a list of one is that one, and an empty one is nothing at all. A list
 * that stands in the message, or is written as `[…]`, is no sequence and stays as it is.
 *
 * The interpreter marks its arrays. Of two members and more, a sequence and a list mean the same (only `$distinct`
 * tells them apart), so here an array has a mark only where it matters: a sequence of fewer than two that must not be
 * unwrapped yet, a written list that must not be spread, a stream of tuples.
 */

const MARKS: unique symbol = Symbol('marks');

/** Of fewer than two members, and not unwrapped yet; in expressions that use `$distinct`: any sequence. */
export const SEQUENCE = 1;
/** A sequence of one that stays a list: `x[]`. */
export const KEEP = 2;
/** Written as `[…]` in a path: not spread into the sequence around it. */
export const CONS = 4;
/** Not values but tuples: values with what `@`, `#` and `%` bind. */
export const TUPLES = 8;

type Marked = unknown[] & { [MARKS]?: number };

export function marksOf(list: readonly unknown[]): number {
  return (list as Marked)[MARKS] ?? 0;
}

export function mark<T extends unknown[]>(list: T, marks: number): T {
  (list as Marked)[MARKS] = marks;
  return list;
}

export function isSequence(list: readonly unknown[]): boolean {
  return (marksOf(list) & SEQUENCE) !== 0;
}

export function isTupleStream(value: unknown): boolean {
  return Array.isArray(value) && (marksOf(value) & TUPLES) !== 0;
}

/** What the expression behind an item of a list sees as its context: of a tuple, its value. */
export function contextOf(item: unknown, tuples: boolean): unknown {
  return tuples ? (item as Readonly<Record<string, unknown>>)['@'] : item;
}

/** A list that a node gives as a sequence. `keep` for `x[]`. */
export function unwrap(list: unknown[], keep: boolean, run: Run): unknown {
  if (list.length > 1) return run.marksAll ? run.leak(mark(list, SEQUENCE)) : list;
  if (list.length === 0) return undefined;
  return keep ? run.leak(mark(list, SEQUENCE | KEEP)) : list[0];
}

/** What any node gives may still be a marked sequence, from inside a function. */
export function settle(value: unknown, keep: boolean, run: Run): unknown {
  if (!Array.isArray(value) || value.length > 1) return value;
  const marks = marksOf(value);
  if ((marks & SEQUENCE) === 0 || (marks & TUPLES) !== 0) return value;
  if (value.length === 0) return undefined;
  if ((marks & KEEP) !== 0) return value;
  return keep ? run.leak(mark(value.slice(), SEQUENCE | KEEP)) : (value[0] as unknown);
}

/** What becomes of the sequence that a node finds: what stands behind it works on the whole. */
export function closing(ast: AstNode): (found: unknown[], run: Run) => unknown {
  if (isOpen(ast)) return sequence;
  const keep = ast.keepArray === true;
  return (found, run) => unwrap(found, keep, run);
}

/** A node whose value may be a sequence that a function left as it is. */
export function settled(node: Node, ast: AstNode): Node {
  if (isOpen(ast)) return node;
  const keep = ast.keepArray === true;
  return (input, env, run) => settle(node(input, env, run), keep, run);
}

function isOpen(ast: AstNode): boolean {
  return ast.predicate !== undefined || ast.group !== undefined;
}

/** A list as a function gives it to another function, which may want to know that it is a sequence. */
export function sequence(list: unknown[], run: Run): unknown[] {
  return list.length < 2 || run.marksAll ? mark(list, SEQUENCE) : list;
}
