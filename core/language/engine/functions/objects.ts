import { setMember } from '../members.ts';
import type { Run } from '../run.ts';
import { mark, SEQUENCE, sequence } from '../sequence.ts';
import { member, type Members } from '../values.ts';
import type { Implementation } from './builtin.ts';
import { append } from './lists.ts';

/** Functions of objects, by name. */
export const OBJECTS: Readonly<Record<string, Implementation>> = {
  keys: ([value], _context, run) => keysOf(value, run),
  lookup: ([value, key], _context, run) => lookup(value, key as string, run),
  spread: ([value], _context, run) => spread(value, run),
  merge: ([list], _context, run) => {
    if (list === undefined) return undefined;
    const merged: Record<string, unknown> = {};
    for (const object of list as readonly unknown[])
      for (const key of namesOf(object)) setMember(merged, key, (object as Members)[key], run);
    return merged;
  },
};

function namesOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Names of an object, or of all objects of a list without repeats. */
function keysOf(value: unknown, run: Run): unknown[] {
  if (!Array.isArray(value)) return sequence([...namesOf(value)], run);
  // Names that are integers come first, as in any object.
  const merged: Record<string, unknown> = {};
  for (const item of value as readonly unknown[])
    for (const key of keysOf(item, run)) setMember(merged, String(key), true, run);
  return keysOf(merged, run);
}

/** The member of an object; of a list those of all its objects, as a sequence that is not unwrapped. */
function lookup(value: unknown, key: string, run: Run): unknown {
  if (!Array.isArray(value)) return member(value, key);
  const found: unknown[] = [];
  gather(value, key, found, run);
  return sequence(found, run);
}

/** Collects the members of that name of all objects in a list, however deep its lists are. */
export function gather(list: readonly unknown[], key: string, found: unknown[], run: Run): void {
  for (const item of list) {
    run.step();
    if (Array.isArray(item)) {
      gather(item, key, found, run);
      continue;
    }
    const value = member(item, key);
    if (Array.isArray(value)) for (const one of value as readonly unknown[]) found.push(one);
    else if (value !== undefined) found.push(value);
  }
  run.bound(found.length);
}

function spread(value: unknown, run: Run): unknown {
  if (Array.isArray(value)) {
    let all: unknown = mark([], SEQUENCE);
    for (const item of value as readonly unknown[]) {
      run.step();
      all = append(all, spread(item, run), run);
    }
    return all;
  }
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.keys(value).map((key) => {
    const part: Record<string, unknown> = {};
    setMember(part, key, (value as Members)[key], run);
    return part;
  });
  return sequence(parts, run);
}
