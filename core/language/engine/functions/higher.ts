import { EngineError } from '../error.ts';
import type { FunctionValue } from '../function-value.ts';
import { setMember } from '../members.ts';
import type { Run } from '../run.ts';
import { isSequence, sequence } from '../sequence.ts';
import { toBoolean, type Members } from '../values.ts';
import type { Implementation } from './builtin.ts';

type List = readonly unknown[];

/** Functions that take functions, by name. */
export const HIGHER: Readonly<Record<string, Implementation>> = {
  map: ([list, callback], _context, run) => {
    if (list === undefined) return undefined;
    const found: unknown[] = [];
    const items = list as List;
    for (let i = 0; i < items.length; i++) {
      const value = call(callback, [items[i], i, items], run);
      if (value !== undefined) found.push(leaking(value, run));
      run.bound(found.length);
    }
    return sequence(found, run);
  },
  filter: ([list, callback], _context, run) => {
    if (list === undefined) return undefined;
    const items = list as List;
    const found = items.filter((item, i) => toBoolean(call(callback, [item, i, items], run)) === true);
    run.bound(found.length);
    return sequence(found, run);
  },
  single: ([list, callback], _context, run) =>
    list === undefined ? undefined : single(list as List, callback, run),
  reduce: ([list, callback, start], _context, run) =>
    list === undefined ? undefined : reduce(list as List, callback as FunctionValue, start, run),
  sift: ([object, callback], _context, run) => {
    const kept: Record<string, unknown> = {};
    for (const key of keysOf(object)) {
      const value = (object as Members)[key];
      if (toBoolean(call(callback, [value, key, object], run)) === true) setMember(kept, key, value, run);
    }
    return Object.keys(kept).length === 0 ? undefined : kept;
  },
  each: ([object, callback], _context, run) => {
    const found: unknown[] = [];
    for (const key of keysOf(object)) {
      const value = call(callback, [(object as Members)[key], key, object], run);
      if (value !== undefined) found.push(leaking(value, run));
    }
    return sequence(found, run);
  },
};

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Position and whole are handed over only to functions that take them. */
function call(
  callback: unknown,
  [value, at, whole]: readonly [unknown, unknown, unknown],
  run: Run,
): unknown {
  run.step();
  const f = callback as FunctionValue;
  if (f.one !== undefined) return f.one(value, run);
  const args = f.arity >= 3 ? [value, at, whole] : f.arity === 2 ? [value, at] : [value];
  return f(args, null, run);
}

/** What goes into a list as it is may still be a sequence, and stays one. */
function leaking(value: unknown, run: Run): unknown {
  return Array.isArray(value) && isSequence(value) ? run.leak(value) : value;
}

function single(list: List, callback: unknown, run: Run): unknown {
  let found: unknown;
  let count = 0;
  for (let i = 0; i < list.length; i++) {
    if (callback !== undefined && toBoolean(call(callback, [list[i], i, list], run)) !== true) continue;
    if (count > 0) throw new EngineError('D3138', { index: i });
    found = list[i];
    count = 1;
  }
  if (count === 0) throw new EngineError('D3139');
  return found;
}

function reduce(list: List, callback: FunctionValue, start: unknown, run: Run): unknown {
  if (callback.arity < 2) throw new EngineError('D3050', { index: 1 });
  let i = 0;
  let result = start;
  if (start === undefined && list.length > 0) {
    result = list[0];
    i = 1;
  }
  for (; i < list.length; i++) {
    run.step();
    const args = [result, list[i], i, list].slice(0, Math.max(2, Math.min(4, callback.arity)));
    result = callback(args, null, run);
  }
  return result;
}
