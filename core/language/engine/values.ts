import { EngineError } from './error.ts';
import { equalDecimals, isDecimal } from './decimals.ts';

/** JSONata's notions of values; nothing here knows of expressions. */

/** Names that every object has from its prototype; all others can be read without asking whose they are. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

export type Members = Readonly<Record<string, unknown>>;

/** The member of an object that is no list; undefined of anything else. */
export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Members)[key]
    : undefined;
}

/** Whether it is a number. Throws D1001 for one that JSON can not carry. */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new EngineError('D1001', { value });
  return true;
}

/** `$boolean`; undefined of nothing, so that it also is the truth of a condition. */
export function toBoolean(value: unknown): boolean | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return isNumeric(value) && value !== 0;
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return false;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    if (items.length === 1) return toBoolean(items[0]);
    // All are looked at: one that is out of range is an error wherever it stands.
    return items.filter((item) => toBoolean(item) === true).length > 0;
  }
  return isDecimal(value) ? !value.isZero() : Object.keys(value).length > 0;
}

/** `=`: by content. */
export function isDeepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return isDecimal(left) || isDecimal(right) ? equalDecimals(left, right) : false;
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (!isDeepEqual(left[i], right[i])) return false;
    return true;
  }
  if (isDecimal(left) || isDecimal(right)) return equalDecimals(left, right);
  const names = namesOf(left);
  if (names.length !== namesOf(right).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(right, name)) return false;
    if (!isDeepEqual((left as Members)[name], (right as Members)[name])) return false;
  }
  return true;
}

/** A list beside an object counts its length as a member, as it does for JSONata. */
function namesOf(value: object): readonly string[] {
  return Array.isArray(value) ? Object.getOwnPropertyNames(value) : Object.keys(value);
}
