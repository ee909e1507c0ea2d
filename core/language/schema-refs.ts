import { posix } from 'node:path';
import type { JsonSchema } from '../model/json-schema.ts';

/** A `$ref` that leads to nothing that the project has. */
export interface UnknownRef {
  /** JSON pointer to the `$ref` in the schema. */
  readonly path: string;
  readonly target: string;
  readonly known: readonly string[];
}

/** What stands behind these is data, not a schema. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'example']);

/**
 * Makes every `$ref` to another schema absolute (`<base><name>#…`). A schema is found by its name, by its path relative
 * to the one that refers to it, or by its `$id`. The root's own `$id` is dropped: a schema is known by its name.
 */
export function resolveRefs(
  schema: JsonSchema,
  name: string,
  schemas: ReadonlyMap<string, JsonSchema>,
  base: string,
): { readonly schema: JsonSchema; readonly unknown: readonly UnknownRef[] } {
  const unknown: UnknownRef[] = [];
  const ownId = schema['$id'];

  function resolve(ref: string, path: string): string {
    const [target = '', fragment] = ref.split('#', 2);
    if (target === '' || target === ownId) return `#${fragment ?? ''}`;
    const found = findSchema(target, name, schemas);
    if (found === undefined) {
      unknown.push({ path, target, known: [...schemas.keys()] });
      return ref;
    }
    return base + found + (fragment === undefined ? '' : `#${fragment}`);
  }

  function walk(node: unknown, path: string): unknown {
    if (Array.isArray(node)) return node.map((item, i) => walk(item, `${path}/${i}`));
    if (typeof node !== 'object' || node === null) return node;
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (path === '' && key === '$id') continue;
      if (key === '$schema' && typeof value === 'string') copy[key] = value.replace(/#$/, '');
      else if (key === '$ref' && typeof value === 'string') copy[key] = resolve(value, at);
      else copy[key] = DATA_KEYWORDS.has(key) ? value : walk(value, at);
    }
    return copy;
  }

  return { schema: walk(schema, '') as JsonSchema, unknown };
}

/** The name of the schema that a reference (without its fragment) leads to, from the schema `from`. */
export function findSchema(
  target: string,
  from: string,
  schemas: ReadonlyMap<string, JsonSchema>,
): string | undefined {
  const bare = target.replace(/\.(json|ya?ml)$/, '');
  if (schemas.has(bare)) return bare;
  const relative = posix.join(posix.dirname(from), bare);
  if (schemas.has(relative)) return relative;
  for (const [name, schema] of schemas) if (schema['$id'] === target) return name;
  return undefined;
}
