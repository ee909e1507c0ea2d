import type { JsonSchema } from '../model/json-schema.ts';
import { fromPointer } from './json-pointer.ts';
import { schemasIn } from './schema-walk.ts';

/**
 * What a reference such as `#/$defs/line`, or `#line` to an anchor, leads to in its own schema; undefined for references
 * to elsewhere.
 */
export function lookUp(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === '#' || ref === '#/') return root;
  if (!ref.startsWith('#')) return undefined;
  const parts = ref.slice(1).split('/').map(decoded);
  if (parts[0] !== '') return anchorsOf(root).get(parts.join('/'));
  let node: unknown = root;
  for (const key of fromPointer(parts.map((part) => part.replaceAll('/', '~1')).join('/'))) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return isSchema(node) ? node : undefined;
}

/** An object, as opposed to the schemas `true` and `false`. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const known = new WeakMap<JsonSchema, ReadonlyMap<string, JsonSchema>>();

function anchorsOf(root: JsonSchema): ReadonlyMap<string, JsonSchema> {
  const before = known.get(root);
  if (before !== undefined) return before;
  const anchors = new Map<string, JsonSchema>();
  for (const { schema, resource } of schemasIn(root))
    for (const anchor of [schema['$anchor'], schema['$dynamicAnchor']])
      if (typeof anchor === 'string' && resource === root) anchors.set(anchor, schema);
  known.set(root, anchors);
  return anchors;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
