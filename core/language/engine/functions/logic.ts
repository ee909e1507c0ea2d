import { EngineError } from '../error.ts';
import { stringify } from '../text.ts';
import { isNumeric, toBoolean } from '../values.ts';
import type { Implementation } from './builtin.ts';

/** Functions of any value, by name. */
export const LOGIC: Readonly<Record<string, Implementation>> = {
  boolean: ([value]) => toBoolean(value),
  not: ([value]) => (value === undefined ? undefined : toBoolean(value) !== true),
  exists: ([value]) => value !== undefined,
  type: ([value]) => typeOf(value),
  error: ([message]) => {
    throw new EngineError('D3137', { message: text(message, '$error() function evaluated') });
  },
  assert: ([condition, message]) => {
    if (condition !== true)
      throw new EngineError('D3141', { message: text(message, '$assert() statement failed') });
    return undefined;
  },
  clone: ([value], _context, run) =>
    value === undefined ? undefined : (JSON.parse(stringify(value, false, run) ?? 'null') as unknown),
  millis: (_args, _context, run) => run.now(),
};

function text(message: unknown, otherwise: string): string {
  return typeof message === 'string' && message !== '' ? message : otherwise;
}

function typeOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumeric(value)) return 'number';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'function' ? 'function' : 'object';
}
