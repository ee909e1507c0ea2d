import { CrossdockError } from '../../../model/errors.ts';
import type { Run } from '../run.ts';
import { stringify } from '../text.ts';
import type { Implementation } from './builtin.ts';

const MAX_WIDTH = 100_000;
const SURROGATE = /[\ud800-\udfff]/;

type Change = (text: string, a: unknown, b: unknown, run: Run) => unknown;

/** Of nothing it gives nothing. */
const ofText =
  (change: Change): Implementation =>
  ([text, a, b], _context, run) =>
    text === undefined ? undefined : change(text as string, a, b, run);

/** Functions of texts, by name. */
export const TEXTS: Readonly<Record<string, Implementation>> = {
  string: ([value, pretty], _context, run) => stringify(value, pretty === true, run),
  substring: ofText((text, start, length) => substring(text, start as number, length as number | undefined)),
  substringBefore: ofText((text, mark) => before(text, mark as string)),
  substringAfter: ofText((text, mark) => after(text, mark as string)),
  lowercase: ofText((text) => text.toLowerCase()),
  uppercase: ofText((text) => text.toUpperCase()),
  length: ofText((text) => lengthOf(text)),
  trim: ofText((text) => trim(text)),
  pad: ([text, width, fill]) => pad(text as string | undefined, width as number, fill as string | undefined),
  join: ([texts, separator], _context, run) =>
    texts === undefined ? undefined : join(texts as readonly string[], separator as string | undefined, run),
};

/** Characters, not halves of them. */
export function lengthOf(text: string): number {
  return SURROGATE.test(text) ? [...text].length : text.length;
}

/** `start` counts from the end when negative; undefined is the beginning, as for `slice`. */
export function substring(text: string, start: number | undefined, length?: number): string {
  if (length !== undefined && length <= 0) return '';
  if (SURROGATE.test(text)) return bounds([...text], start, length).join('');
  return bounds<string>(text, start, length);
}

function bounds<T extends string | string[]>(text: T, start: number | undefined, length?: number): T {
  const from = start !== undefined && text.length + start < 0 ? 0 : start;
  if (length === undefined) return text.slice(from) as T;
  const end = from === undefined ? Number.NaN : from >= 0 ? from + length : text.length + from + length;
  return text.slice(from, end) as T;
}

/** A missing mark is the text "undefined", as for JSONata. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

export function after(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}

export function trim(text: string): string {
  return text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '');
}

/** JSONata's own makes a text of any length that a message may ask for. */
export function pad(text: string | undefined, width: number, fill: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (Math.abs(width) > MAX_WIDTH)
    throw new CrossdockError('EXPRESSION_LIMIT', `$pad to more than ${MAX_WIDTH} characters.`);
  const missing = Math.abs(Math.trunc(width)) - lengthOf(text);
  if (!(missing > 0)) return text;
  const padding = substring((fill === undefined || fill === '' ? ' ' : fill).repeat(missing), 0, missing);
  return width > 0 ? text + padding : padding + text;
}

function join(texts: readonly string[], separator: string | undefined, run: Run): string {
  let length = 0;
  for (const text of texts) length += String(text).length + (separator?.length ?? 0);
  run.chars(length);
  return texts.join(separator ?? '');
}
