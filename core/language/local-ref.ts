import type { JsonSchema } from '../model/json-schema.ts';
import { fromPointer } from './json-pointer.ts';

/** What a reference such as `#/$defs/line` leads to in its own schema; undefined for references to elsewhere. */
export function lookUp(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let node: unknown = root;
  for (const key of fromPointer(ref.slice(1))) {
    if (!isSchema(node)) return undefined;
    node = node[key];
  }
  return isSchema(node) ? node : undefined;
}

/** An object, as opposed to the schemas `true` and `false`. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
