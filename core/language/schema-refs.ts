import { posix } from 'node:path';
import type { JsonSchema } from '../model/json-schema.ts';
import { toPointer } from './json-pointer.ts';

/** A `$ref` that leads to nothing that the project has. */
export interface UnknownRef {
  /** JSON pointer to the `$ref` in the schema. */
  readonly path: string;
  readonly target: string;
  readonly known: readonly string[];
}

/** What stands behind these is data, not a schema. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'example']);
/** The keys of what stands behind these are names that people chose, whatever keywords they look like. */
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
]);

/** What a part of a schema is: a schema (or a list of them), schemas by name, or data that only looks like one. */
export type SchemaPart = 'schema' | 'names' | 'data';

/** What the member of a part is. */
export function partOf(whole: SchemaPart, key: string): SchemaPart {
  if (whole !== 'schema') return whole === 'names' ? 'schema' : 'data';
  if (DATA_KEYWORDS.has(key)) return 'data';
  return SCHEMAS_BY_NAME.has(key) ? 'names' : 'schema';
}

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

  function walk(node: unknown, path: string, part: SchemaPart): unknown {
    if (part === 'data' || typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map((item, i) => walk(item, `${path}/${i}`, part));
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      const at = path + toPointer([key]);
      if (path === '' && key === '$id') continue;
      if (key === '$schema' && typeof value === 'string') copy[key] = value.replace(/#$/, '');
      else if (key === '$ref' && typeof value === 'string') copy[key] = resolve(value, at);
      else copy[key] = walk(value, at, partOf(part, key));
    }
    return copy;
  }

  return { schema: walk(schema, '', 'schema') as JsonSchema, unknown };
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
