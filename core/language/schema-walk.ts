import type { JsonSchema } from '../model/json-schema.ts';
import { toPointer } from './json-pointer.ts';
import { partOf, type SchemaPart } from './schema-refs.ts';

/** A schema, and where it stands in the one that it is a part of. */
export interface PlacedSchema {
  readonly schema: JsonSchema;
  /** JSON pointer from the outermost schema; `''` is that one itself. */
  readonly path: string;
  /** The schema around it; none around the outermost. */
  readonly above: PlacedSchema | undefined;
  /** What `#` means here: the nearest schema with an `$id`, from this one up, or the outermost. */
  readonly resource: JsonSchema;
}

interface Left {
  readonly node: unknown;
  readonly path: string;
  readonly part: SchemaPart;
  readonly above: PlacedSchema | undefined;
}

/**
 * A schema and all schemas in it, in their order, however deep. References are not followed. `path` and `resource` are
 * those of the schema itself, where it is a part of another.
 */
export function* schemasIn(
  schema: JsonSchema,
  path = '',
  resource = schema,
): Generator<PlacedSchema, void, undefined> {
  const left: Left[] = [{ node: schema, path, part: 'schema', above: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, part, above } = next;
    if (part === 'data' || typeof node !== 'object' || node === null) continue;
    const listed = Array.isArray(node);
    let here = above;
    if (part === 'schema' && !listed) {
      const one = node as JsonSchema;
      const named = typeof one['$id'] === 'string' && one['$id'] !== '';
      here = { schema: one, path: next.path, above, resource: named ? one : (above?.resource ?? resource) };
      yield here;
    }
    for (const [key, member] of Object.entries(node).reverse())
      left.push({
        node: member,
        path: next.path + toPointer([key]),
        part: listed ? part : partOf(part, key),
        above: here,
      });
  }
}
