import { isDeepStrictEqual } from 'node:util';
import type { Style } from './style.ts';
import { safeText } from './text.ts';

/** One place where what came differs from what was expected; a missing side is `undefined`. */
export interface Difference {
  /** `Lines[0].Net`; empty for the whole. */
  readonly path: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Every place where two JSON values differ, as deep as possible. Members that are undefined count as missing. */
export function differences(expected: unknown, actual: unknown, path = ''): readonly Difference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, i) => differences(expected[i], actual[i], `${path}[${i}]`)).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) => differences(expected[name], actual[name], memberPath(path, name)));
  }
  return [{ path, expected, actual }];
}

/** For a person: each place, with what was expected and what came. */
export function renderDifferences(found: readonly Difference[], style: Style, most = 20): string {
  const lines = found.slice(0, most).flatMap(({ path, expected, actual }) => {
    const at = path === '' ? '(the whole)' : path;
    if (actual === undefined) return [`${at}  ${style.bad(`missing; expected ${short(expected)}`)}`];
    if (expected === undefined) return [`${at}  ${style.bad(`not expected: ${short(actual)}`)}`];
    return [
      at,
      `  ${style.dim('expected')}  ${style.good(short(expected))}`,
      `  ${style.dim('got     ')}  ${style.bad(short(actual))}`,
    ];
  });
  if (found.length > most) lines.push(style.dim(`… and ${found.length - most} more`));
  return lines.join('\n');
}

function short(value: unknown): string {
  const text = safeText(JSON.stringify(value) ?? 'undefined');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
