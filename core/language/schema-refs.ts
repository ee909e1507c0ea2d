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
  'dependencies',
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

const BASE = 'crossdock:/';

/** The address that stands for a schema of the project in references to it; empty for one without a name. */
export function addressOf(name: string): string {
  return name === '' ? '' : BASE + encodeURI(name);
}

/** The name of the schema that has an address; undefined for addresses of something else. */
export function nameAt(address: string): string | undefined {
  return address.startsWith(BASE) ? decodeURI(address.slice(BASE.length)) : undefined;
}

/**
 * Makes every `$ref` absolute (`<address>#…`), but for those into a part with an `$id` of its own. A schema is found by
 * its name, by its path relative to the one that refers to it, or by its `$id`. The root's own `$id` is dropped: a schema
 * is known by its name.
 */
export function resolveRefs(
  schema: JsonSchema,
  name: string,
  schemas: ReadonlyMap<string, JsonSchema>,
): { readonly schema: JsonSchema; readonly unknown: readonly UnknownRef[] } {
  const unknown: UnknownRef[] = [];
  const ownId = schema['$id'];

  function resolve(ref: string, path: string, own: string): string {
    const [target = '', fragment = ''] = ref.split('#', 2);
    if (target === '') return `${own}#${fragment}`;
    if (target === ownId) return `${addressOf(name)}#${fragment}`;
    const found = findSchema(target, name, schemas);
    if (found !== undefined) return `${addressOf(found)}#${fragment}`;
    unknown.push({ path, target, known: [...schemas.keys()] });
    return ref;
  }

  function walk(node: unknown, path: string, part: SchemaPart, around: string): unknown {
    if (part === 'data' || typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map((item, i) => walk(item, `${path}/${i}`, part, around));
    const copy: Record<string, unknown> = {};
    const own = path !== '' && part === 'schema' && '$id' in node ? '' : around;
    for (const [key, value] of Object.entries(node)) {
      const at = path + toPointer([key]);
      if (path === '' && key === '$id') continue;
      if (key === '$schema' && typeof value === 'string') copy[key] = value.replace(/#$/, '');
      else if (key === '$ref' && typeof value === 'string') copy[key] = resolve(value, at, own);
      else copy[key] = walk(value, at, partOf(part, key), own);
    }
    return copy;
  }

  return { schema: walk(schema, '', 'schema', addressOf(name)) as JsonSchema, unknown };
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
