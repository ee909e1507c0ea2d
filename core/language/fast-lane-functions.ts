import { FastLaneError, type AstNode, type Frame } from './fast-lane-node.ts';
import { booleanOf, stringOf } from './fast-lane-values.ts';

type Call = (frame: Frame, a: unknown, b: unknown, c: unknown) => unknown;

interface FastFunction {
  /**
   * How many arguments a call must have to be covered. With fewer, JSONata may take the context for one of them; that
   * is left to the interpreter.
   */
  readonly arities: readonly number[];
  /** `ast` is the call, with the function's name as its value. */
  readonly implement: (ast: AstNode) => Call;
}

/** The functions that mappings use most. Each checks its arguments as JSONata's signatures do. */
export const FUNCTIONS: ReadonlyMap<string, FastFunction> = new Map<string, FastFunction>([
  ['exists', one(() => (value) => value !== undefined)],
  ['boolean', one((ast) => (value) => booleanOf(value, ast))],
  ['not', one((ast) => (value) => (value === undefined ? undefined : booleanOf(value, ast) !== true))],
  ['string', one((ast) => (value) => (value === undefined ? undefined : stringOf(value, ast)))],
  ['count', one(() => (value) => (value === undefined ? 0 : Array.isArray(value) ? value.length : 1))],
  ['uppercase', text((value) => value.toUpperCase())],
  ['lowercase', text((value) => value.toLowerCase())],
  ['trim', text((value) => value.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, ''))],
  ['length', text((value) => (SURROGATE.test(value) ? [...value].length : value.length))],
  [
    'substringBefore',
    textAndText((value, mark) => (value.includes(mark) ? value.slice(0, value.indexOf(mark)) : value)),
  ],
  [
    'substringAfter',
    textAndText((value, mark) =>
      value.includes(mark) ? value.slice(value.indexOf(mark) + mark.length) : value,
    ),
  ],
  ['substring', { arities: [3], implement: substring }],
  ['number', { arities: [1], implement: number }],
  ['round', { arities: [1, 2], implement: round }],
  ['sum', { arities: [1], implement: sum }],
]);

const SURROGATE = /[\ud800-\udfff]/;

function one(implement: (ast: AstNode) => (value: unknown) => unknown): FastFunction {
  return {
    arities: [1],
    implement: (ast) => {
      const call = implement(ast);
      return (_frame, value) => call(value);
    },
  };
}

function text(change: (value: string) => unknown): FastFunction {
  return one((ast) => (value) => {
    if (typeof value === 'string') return change(value);
    if (value === undefined) return undefined;
    throw mismatch(ast, 1);
  });
}

/** The second text may not be missing: then `indexOf(undefined)` would look for that word, as JSONata does. */
function textAndText(change: (value: string, other: string) => unknown): FastFunction {
  return {
    arities: [2],
    implement: (ast) => (_frame, a, b) => {
      if (a !== undefined && typeof a !== 'string') throw mismatch(ast, 1);
      if (b !== undefined && typeof b !== 'string') throw mismatch(ast, 2);
      return a === undefined ? undefined : change(a, b ?? 'undefined');
    },
  };
}

function substring(ast: AstNode): Call {
  return (_frame, value, from, count) => {
    if (value !== undefined && typeof value !== 'string') throw mismatch(ast, 1);
    if (from !== undefined && typeof from !== 'number') throw mismatch(ast, 2);
    if (count !== undefined && typeof count !== 'number') throw mismatch(ast, 3);
    if (value === undefined) return undefined;
    // Characters, not halves of them.
    const chars = SURROGATE.test(value) ? [...value] : value;
    const start = from === undefined ? Number.NaN : chars.length + from < 0 ? 0 : from;
    let part: string | string[];
    if (count === undefined) part = chars.slice(start);
    else if (count <= 0) return '';
    else part = chars.slice(start, start >= 0 ? start + count : chars.length + start + count);
    return typeof part === 'string' ? part : part.join('');
  };
}

function number(ast: AstNode): Call {
  return (frame, value) => {
    if (value === undefined || typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value !== 'string') throw mismatch(ast, 1);
    let result: number | undefined;
    if (/^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/.test(value) && Number.isFinite(Number(value)))
      result = Number.parseFloat(value);
    else if (/^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/.test(value)) result = Number(value);
    if (result === undefined) {
      throw new FastLaneError(
        'D3030',
        `Unable to cast value to a number: ${JSON.stringify(value)}`,
        ast,
        ast.value,
      );
    }
    if (!Number.isFinite(result)) frame.outOfRange = true;
    return result;
  };
}

/** Half to even, and decimally: 2.675 has no exact form in binary, so its point is moved in the text. */
function round(ast: AstNode): Call {
  return (frame, value, digits) => {
    if (value !== undefined && typeof value !== 'number') throw mismatch(ast, 1);
    if (digits !== undefined && typeof digits !== 'number') throw mismatch(ast, 2);
    if (value === undefined) return undefined;
    const places = digits ?? 0;
    const shifted = places ? movePoint(value, places) : value;
    let result = Math.round(shifted);
    if (Math.abs(result - shifted) === 0.5 && Math.abs(result % 2) === 1) result -= 1;
    if (places) result = movePoint(result, -places);
    if (!Number.isFinite(result)) frame.outOfRange = true;
    return result === 0 ? 0 : result;
  };
}

function movePoint(value: number, places: number): number {
  const written = String(value);
  const e = written.indexOf('e');
  return e < 0
    ? Number(`${written}e${places}`)
    : Number(`${written.slice(0, e)}e${Number(written.slice(e + 1)) + places}`);
}

function sum(ast: AstNode): Call {
  return (frame, value) => {
    if (value === undefined) return undefined;
    const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    let total = 0;
    for (const item of list) {
      if (typeof item !== 'number') {
        const message = `Argument 1 of function "${String(ast.value)}" must be an array of "numbers"`;
        throw new FastLaneError('T0412', message, ast, ast.value);
      }
      total += item;
    }
    if (!Number.isFinite(total)) frame.outOfRange = true;
    return total;
  };
}

function mismatch(ast: AstNode, argument: number): FastLaneError {
  const message = `Argument ${argument} of function "${String(ast.value)}" does not match function signature`;
  return new FastLaneError('T0410', message, ast, ast.value);
}
