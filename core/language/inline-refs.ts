import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { nameAt, partOf, resolveRefs } from './schema-refs.ts';

const MAX_NODES = 20_000;

/**
 * A schema with what its references lead to in their place, to be shown or walked. Where a schema comes back to itself,
 * and in one that would grow beyond measure, a remark stands for the rest. It is not for judging messages.
 */
export function inlineRefs(
  schema: JsonSchema,
  schemas: ReadonlyMap<string, JsonSchema> = new Map(),
  name = '',
): JsonSchema {
  let left = MAX_NODES;

  function inline(node: unknown, root: JsonSchema, from: string, above: readonly JsonSchema[]): unknown {
    if (Array.isArray(node)) return node.map((item) => inline(item, root, from, above));
    if (!isSchema(node)) return node;
    if (--left < 0) return { description: 'And so on.' };
    const { $ref, ...own } = node;
    const rest = Object.entries(own)
      .filter(([key]) => key !== '$defs')
      .map(([key, value]) => [key, inlineMember(key, value)] as const);
    if (typeof $ref !== 'string') return Object.fromEntries(rest);
    const found = targetOf($ref, root, from);
    const label = ($ref.split(/[/#]/).at(-1) ?? '') || from;
    if (found === undefined) return { ...Object.fromEntries(rest), description: `Refers to ${$ref}.` };
    if (above.includes(found.schema)) {
      const { type } = found.schema;
      return { ...(type === undefined ? {} : { type }), description: `As ${label} above.` };
    }
    const target = inline(found.schema, found.root, found.name, [...above, found.schema]);
    return { ...(target as JsonSchema), ...Object.fromEntries(rest) };

    function inlineMember(key: string, value: unknown): unknown {
      const part = partOf('schema', key);
      if (part === 'data') return value;
      if (part === 'names' && isSchema(value))
        return Object.fromEntries(
          Object.entries(value).map(([member, one]) => [member, inline(one, root, from, above)]),
        );
      return inline(value, root, from, above);
    }
  }

  function targetOf(
    ref: string,
    root: JsonSchema,
    from: string,
  ): { readonly schema: JsonSchema; readonly root: JsonSchema; readonly name: string } | undefined {
    if (ref.startsWith('#')) {
      const local = lookUp(root, ref);
      return local && { schema: local, root, name: from };
    }
    const absolute = String(resolveRefs({ $ref: ref }, from, schemas).schema['$ref']);
    const [address = '', pointer = ''] = absolute.split('#');
    const other = nameAt(address);
    if (other === undefined) return undefined;
    const target = schemas.get(other);
    const schema = target && lookUp(target, `#${pointer}`);
    return schema && target && { schema, root: target, name: other };
  }

  return inline(schema, schema, name, [schema]) as JsonSchema;
}
