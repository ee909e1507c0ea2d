/**
 * The value at a path of plain JSON, undefined where there is none. Paths are written with dots (`data.items`, `lines.0.sku`)
 * or, for names that hold dots, as a JSON pointer (`/@odata.nextLink`, RFC 6901). An empty path is the value itself.
 */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of segmentsOf(path)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

function segmentsOf(path: string): readonly string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) return path.split('.');
  return path
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
