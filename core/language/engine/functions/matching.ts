import { EngineError } from '../error.ts';
import { isFunction, type FunctionValue } from '../function-value.ts';
import type { Run } from '../run.ts';
import { sequence } from '../sequence.ts';
import type { Implementation } from './builtin.ts';

/** What a matcher gives: a regular expression, or any function that gives the same. */
export interface Match {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  readonly groups: readonly unknown[];
  readonly next: unknown;
}

/** Functions that search in texts, by name. */
export const MATCHING: Readonly<Record<string, Implementation>> = {
  contains: ([text, token], _context, run) => {
    if (text === undefined || token === undefined) return undefined;
    if (typeof token === 'string') return (text as string).includes(token);
    return firstMatch(token, text, run) !== undefined;
  },
  match: ([text, pattern, limit], _context, run) => {
    if (text === undefined) return undefined;
    checkLimit('D3040', limit, 3);
    const found: unknown[] = [];
    for (const { match, start, groups } of matches(pattern, text, limit, run)) {
      found.push({ match, index: start, groups });
      run.bound(found.length);
    }
    return sequence(found, run);
  },
  replace: ([text, pattern, replacement, limit], _context, run) => {
    if (text === undefined) return undefined;
    if (pattern === '') throw new EngineError('D3010', { value: pattern, index: 2 });
    checkLimit('D3011', limit, 4);
    return run.text(replace([text, pattern, replacement, limit] as unknown as ReplaceArguments, run));
  },
  split: ([text, separator, limit], _context, run) => {
    if (text === undefined) return undefined;
    checkLimit('D3020', limit, 3);
    return split(text as string, separator, limit as number | undefined, run);
  },
};

function checkLimit(code: string, limit: unknown, index: number): void {
  if ((limit as number) < 0) throw new EngineError(code, { value: limit, index });
}

/** Throws T1010 when the function does not give what a matcher gives. */
function firstMatch(matcher: unknown, text: unknown, run: Run): Match | undefined {
  run.step();
  if (!isFunction(matcher)) throw new EngineError('T1010');
  const found = matcher([text], null, run) as Match | undefined | null;
  if (!found) return found as undefined;
  if (typeof found.start !== 'number' && !Array.isArray(found.groups) && !isFunction(found.next))
    throw new EngineError('T1010');
  return found;
}

function* matches(matcher: unknown, text: unknown, limit: unknown, run: Run): Generator<Match> {
  let left = limit === undefined ? Number.POSITIVE_INFINITY : (limit as number);
  if (!(left > 0)) return;
  let found = firstMatch(matcher, text, run);
  while (found !== undefined && left > 0) {
    yield found;
    found = firstMatch(found.next, undefined, run);
    left -= 1;
  }
}

function replace([text, pattern, replacement, limit]: ReplaceArguments, run: Run): string {
  if (limit !== undefined && !(limit > 0)) return text;
  let result = '';
  let position = 0;
  if (typeof pattern === 'string') {
    let left = limit ?? Number.POSITIVE_INFINITY;
    for (let at = text.indexOf(pattern); at >= 0 && left > 0; at = text.indexOf(pattern, position), left--) {
      run.step();
      result = run.text(`${result}${text.slice(position, at)}${String(replacement)}`);
      position = at + pattern.length;
    }
    return result + text.slice(position);
  }
  for (const match of matches(pattern, text, limit, run)) {
    const value =
      typeof replacement === 'string' ? substitute(replacement, match) : replacement([match], null, run);
    if (typeof value !== 'string') throw new EngineError('D3012', { value });
    result = run.text(result + text.slice(position, match.start) + value);
    position = match.start + match.match.length;
  }
  return result + text.slice(position);
}

type ReplaceArguments = readonly [
  text: string,
  pattern: unknown,
  replacement: string | FunctionValue,
  limit: number | undefined,
];

/** `$1`, `$0` and `$$` in a replacement. */
function substitute(replacement: string, { match, groups }: Match): string {
  let result = '';
  let position = 0;
  for (let at = replacement.indexOf('$'); at >= 0; at = replacement.indexOf('$', position)) {
    result += replacement.slice(position, at);
    position = at + 1;
    const next = replacement.charAt(position);
    if (next === '$' || next === '0') {
      result += next === '$' ? '$' : match;
      position += 1;
      continue;
    }
    const number = groupNumber(replacement, position, groups.length);
    if (Number.isNaN(number)) {
      result += '$';
      continue;
    }
    result += text(groups[number - 1]);
    position += String(number).length;
  }
  return result + replacement.slice(position);
}

/** As many digits as the number of groups has, or one fewer if there is no such group. */
function groupNumber(replacement: string, from: number, groups: number): number {
  const digits = groups === 0 ? 1 : Math.floor(Math.log(groups) * Math.LOG10E) + 1;
  const number = Number.parseInt(replacement.slice(from, from + digits), 10);
  return digits > 1 && number > groups
    ? Number.parseInt(replacement.slice(from, from + digits - 1), 10)
    : number;
}

function text(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

function split(value: string, separator: unknown, limit: number | undefined, run: Run): unknown[] {
  if (limit !== undefined && !(limit > 0)) return [];
  if (typeof separator === 'string') return value.split(separator, limit);
  const parts: string[] = [];
  let start = 0;
  for (const match of matches(separator, value, limit, run)) {
    parts.push(value.slice(start, match.start));
    start = match.end;
  }
  if (limit === undefined || parts.length < limit) parts.push(value.slice(start));
  return parts;
}
