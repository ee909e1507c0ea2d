import { isDeepStrictEqual } from 'node:util';

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
  if (isRecord(expected) && isRecord(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) => differences(expected[name], actual[name], memberPath(path, name)));
  }
  return [{ path, expected, actual }];
}

/** `Lines[0]` and `Net` → `Lines[0].Net`. */
export function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** A JSON object, as opposed to a list, a null or a scalar. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
