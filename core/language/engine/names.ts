import type { AstNode } from './ast.ts';
import { gather } from './functions/objects.ts';
import type { Node } from './node.ts';
import type { Run } from './run.ts';
import { closing, CONS, isSequence, marksOf, unwrap } from './sequence.ts';
import { isInherited, member, type Members } from './values.ts';

/** A step that is a name, as a node: of a list it gives the members of all its objects. */
export function compileName(ast: AstNode): Node {
  const key = String(ast.value);
  const close = closing(ast);
  return (input, _env, run) => {
    if (!Array.isArray(input)) return member(input, key);
    const found: unknown[] = [];
    gather(input, key, found, run);
    return close(found, run);
  };
}

/** A path of names and nothing else: `a.b.c`. */
export function compileNames(keys: readonly string[]): Node {
  const [first, second] = keys as readonly [string, ...string[]];
  if (keys.some(isInherited) || keys.length > 2) return (input, _env, run) => walk(keys, input, run);
  if (second === undefined) {
    return (input, _env, run) => {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) return walk(keys, input, run);
      const value = (input as Members)[first];
      return typeof value === 'object' || typeof value === 'function' ? walk(keys, input, run) : value;
    };
  }
  return (input, _env, run) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return walk(keys, input, run);
    const inner = (input as Members)[first];
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return walk(keys, input, run);
    const value = (inner as Members)[second];
    return typeof value === 'object' || typeof value === 'function' ? walk(keys, input, run) : value;
  };
}

/** What names lead to from the context. Along objects there is nothing to collect. */
function walk(keys: readonly string[], input: unknown, run: Run): unknown {
  return Array.isArray(input) ? walkList(keys, 0, input, run) : walkFrom(keys, input, run);
}

/** What names lead to from what a step before them gives. */
export function walkFrom(keys: readonly string[], start: unknown, run: Run): unknown {
  let value = start;
  for (let i = 0; i < keys.length; i++) {
    if (Array.isArray(value)) return walkList(keys, i, spread(value), run);
    value = member(value, keys[i] as string);
    if (value === undefined) return undefined;
  }
  return whole(value, run);
}

function walkList(keys: readonly string[], from: number, list: readonly unknown[], run: Run): unknown {
  let items = list;
  for (let i = from; i < keys.length - 1; i++) items = namesOf(items, keys[i] as string, run);
  return lastName(items, keys[keys.length - 1] as string, run);
}

/** A list that a path ends at stays as it is, if it is no sequence. */
function whole(value: unknown, run: Run): unknown {
  if (!Array.isArray(value) || !isSequence(value)) return value;
  return unwrap(value.slice(), false, run);
}

/** The items that a list has for the next step. */
function spread(list: readonly unknown[]): readonly unknown[] {
  return (marksOf(list) & CONS) === 0 ? list : [list];
}

/** What the step behind the names works on, from the context: a list of items, or one. Undefined is none. */
export function itemsAt(keys: readonly string[], input: unknown, run: Run): unknown {
  return Array.isArray(input) ? listFrom(keys, 0, input, run) : itemsFrom(keys, input, run);
}

/** The same from what a step before the names gives. */
export function itemsFrom(keys: readonly string[], start: unknown, run: Run): unknown {
  let value = start;
  for (let i = 0; i < keys.length; i++) {
    if (Array.isArray(value)) return listFrom(keys, i, spread(value), run);
    value = member(value, keys[i] as string);
    if (value === undefined) return undefined;
  }
  return Array.isArray(value) ? spread(value) : value;
}

function listFrom(
  keys: readonly string[],
  from: number,
  list: readonly unknown[],
  run: Run,
): readonly unknown[] {
  let items = list;
  for (let i = from; i < keys.length; i++) items = namesOf(items, keys[i] as string, run);
  return items;
}

function namesOf(items: readonly unknown[], key: string, run: Run): unknown[] {
  const found: unknown[] = [];
  for (let i = 0; i < items.length; i++) {
    run.step();
    const value = nameOf(items[i], key, run);
    if (value !== undefined) add(found, value);
  }
  run.bound(found.length);
  return found;
}

function lastName(items: readonly unknown[], key: string, run: Run): unknown {
  const found: unknown[] = [];
  let results = 0;
  let latest: unknown;
  for (let i = 0; i < items.length; i++) {
    run.step();
    const value = nameOf(items[i], key, run);
    if (value === undefined) continue;
    results += 1;
    latest = value;
    add(found, value);
  }
  run.bound(found.length);
  return results === 1 && Array.isArray(latest) && !isSequence(latest) ? latest : unwrap(found, false, run);
}

function nameOf(item: unknown, key: string, run: Run): unknown {
  if (!Array.isArray(item)) return member(item, key);
  const inner: unknown[] = [];
  gather(item, key, inner, run);
  return inner.length < 2 ? inner[0] : inner;
}

/** Adds what a step gives to the sequence: the members of a list, unless it was written as one. */
export function add(found: unknown[], value: unknown): void {
  if (!Array.isArray(value) || (marksOf(value) & CONS) !== 0) found.push(value);
  else for (let i = 0; i < value.length; i++) found.push(value[i]);
}
