import type { JsonSchema } from './json-schema.ts';

/** A part of a schema that should be an object, as one: `{}` for all else. */
export function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}

/** The forms that a value may have (`oneOf`, `anyOf`); none where there is but one. */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(branches) ? (branches as readonly JsonSchema[]) : [];
}

/** The constant member that tells a form from the others, and the form without it; undefined where there is none. */
export function tagOf(
  branch: JsonSchema,
): { readonly name: string; readonly value: string; readonly rest: JsonSchema } | undefined {
  const properties = Object.entries(objectOf(branch['properties']));
  const tag = properties.find(([, member]) => objectOf(member)['const'] !== undefined);
  if (tag === undefined) return undefined;
  const [name, member] = tag;
  const others = Object.fromEntries(properties.filter(([other]) => other !== name));
  return {
    name,
    value: String(objectOf(member)['const']),
    rest: { ...branch, properties: others },
  };
}

/** A schema's type in words, `list of string`; `values` writes the values, each as JSON, that are the only ones allowed. */
export function typeText(schema: JsonSchema, values: (texts: readonly string[]) => string): string {
  const { type, enum: allowed } = schema;
  if (schema['const'] !== undefined) return values([JSON.stringify(schema['const'])]);
  if (Array.isArray(allowed)) return values(allowed.map((value) => JSON.stringify(value)));
  if (type === 'array') {
    const items = typeText(objectOf(schema['items']), values);
    return items === 'anything' ? 'list' : `list of ${items}`;
  }
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' or ');
  const branches = new Set(branchesOf(schema).map((branch) => typeText(branch, values)));
  return branches.size > 0 ? [...branches].join(' or ') : 'anything';
}
