import { FastLaneError, type AstNode } from './fast-lane-node.ts';

/** JSONata's operators on values; nothing here knows of expressions. */

/** The member of an object, or those of all objects of a list as a sequence. */
export function lookup(value: unknown, key: string, max: number): unknown {
  if (!Array.isArray(value)) {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }
  const found: unknown[] = [];
  gather(value, key, found, max);
  return found.length < 2 ? found[0] : found;
}

function gather(list: readonly unknown[], key: string, found: unknown[], max: number): void {
  for (const item of list) {
    if (Array.isArray(item)) {
      gather(item, key, found, max);
      continue;
    }
    const value = lookup(item, key, max);
    if (Array.isArray(value)) for (const member of value) found.push(member);
    else if (value !== undefined) found.push(value);
  }
  if (found.length > max) throw tooLong(max);
}

/** `$append`, which constructors use. */
export function append(left: unknown, right: unknown, max: number): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const a = Array.isArray(left) ? (left as readonly unknown[]) : [left];
  const b = Array.isArray(right) ? (right as readonly unknown[]) : [right];
  if (a.length + b.length > max) throw tooLong(a.length + b.length);
  return [...a, ...b];
}

function tooLong(length: number): FastLaneError {
  return new FastLaneError('D2015', `The maximum sequence length of ${length} was exceeded.`, {}, undefined);
}

/** Whether it is a number; one that JSON can not carry is an error. */
export function isNumeric(value: unknown, ast: AstNode): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new FastLaneError('D1001', 'Number out of range: null', ast, ast.value);
  return true;
}

type Arithmetic = (left: unknown, right: unknown) => number | undefined;

/** `+ - * / %`, and `negate` for the sign: of its right side only. */
export function numeric(ast: AstNode): Arithmetic {
  const operate = OPERATE[String(ast.value)] as (a: number, b: number) => number;
  return (left, right) => {
    if (
      typeof left === 'number' &&
      typeof right === 'number' &&
      Number.isFinite(left) &&
      Number.isFinite(right)
    ) {
      return operate(left, right);
    }
    if (ast.value === 'negate') {
      if (right === undefined) return undefined;
      if (isNumeric(right, ast)) return -right;
      throw new FastLaneError('D1002', `Cannot negate a non-numeric value: ${show(right)}`, ast, '-');
    }
    for (const [code, side, value] of [
      ['T2001', 'left', left],
      ['T2002', 'right', right],
    ] as const) {
      if (value !== undefined && !isNumeric(value, ast)) {
        const message = `The ${side} side of the ${show(ast.value)} operator must evaluate to a number`;
        throw new FastLaneError(code, message, ast, ast.value);
      }
    }
    return undefined;
  };
}

const OPERATE: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  negate: (_a, b) => -b,
};

/** `< <= > >=`: of two numbers or two strings. */
export function compare(ast: AstNode): (left: unknown, right: unknown) => boolean | undefined {
  return (left, right) => {
    for (const value of [left, right]) {
      if (value !== undefined && typeof value !== 'string' && typeof value !== 'number') {
        const message = `The expressions either side of operator ${show(ast.value)} must evaluate to numeric or string values`;
        throw new FastLaneError('T2010', message, ast, ast.value);
      }
    }
    if (left === undefined || right === undefined) return undefined;
    if (typeof left !== typeof right) {
      const message = `The values ${show(left)} and ${show(right)} either side of operator ${show(ast.value)} must be of the same data type`;
      throw new FastLaneError('T2009', message, ast, ast.value);
    }
    const [a, b] = [left as number, right as number];
    return ast.value === '<' ? a < b : ast.value === '<=' ? a <= b : ast.value === '>' ? a > b : a >= b;
  };
}

/** `=`: by content. */
export function isDeepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => isDeepEqual(item, right[i]));
  }
  const [a, b] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  const names = Object.getOwnPropertyNames(a);
  return (
    names.length === Object.getOwnPropertyNames(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isDeepEqual(a[name], b[name]))
  );
}

/** `$boolean`; undefined of nothing. */
export function booleanOf(value: unknown, ast: AstNode): boolean | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumeric(value, ast) && value !== 0;
    default:
      break;
  }
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return items.length === 1
      ? booleanOf(items[0], ast)
      : items.filter((item) => booleanOf(item, ast) === true).length > 0;
  }
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0;
}

/** `&`. */
export function concatenate(left: unknown, right: unknown, ast: AstNode): string {
  return (left === undefined ? '' : stringOf(left, ast)) + (right === undefined ? '' : stringOf(right, ast));
}

/** `$string` of something: numbers with at most 15 digits, lists and objects as JSON. */
export function stringOf(value: unknown, ast: AstNode): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new FastLaneError(
      'D3001',
      'Attempting to invoke string function on Infinity or NaN',
      ast,
      ast.value,
    );
  }
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'number' || !isNumeric(member, ast)) return member;
    return Number.isInteger(member) ? member : Number(member.toPrecision(15));
  });
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}
