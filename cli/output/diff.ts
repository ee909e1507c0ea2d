/** One place where what came differs from what was expected; a missing side is `undefined`. */
export interface Difference {
  /** `Lines[0].Net`; empty for the whole. */
  readonly path: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Every place where two JSON values differ, as deep as possible. Members that are undefined count as missing. */
export function differences(expected: unknown, actual: unknown, path = ''): readonly Difference[] {
  if (sameJson(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, i) => differences(expected[i], actual[i], `${path}[${i}]`)).flat();
  }
  if (isRecord(expected) && isRecord(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) =>
      differences(memberOf(expected, name), memberOf(actual, name), memberPath(path, name)),
    );
  }
  return [{ path, expected, actual }];
}

/** `Lines[0]` and `Net` → `Lines[0].Net`. */
export function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** `['lines', 0, 'sku']` → `lines[0].sku`, behind the path that it goes on from. */
export function pathText(path: readonly (string | number)[], from = ''): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : memberPath(text, part)),
    from,
  );
}

/** Whether two values are the same JSON: members that are undefined are missing, and -0 is 0. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(memberOf(a, name), memberOf(b, name)));
}

/** A member of its own, and never what an object inherits: a message may have a member `valueOf`. */
export function memberOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A JSON object, as opposed to a list, a null or a scalar. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
