import type { JsonSchema } from '../../model/json-schema.ts';
import { isSchema } from '../local-ref.ts';
import { resolve, type OpenApiDocument } from './document.ts';

interface Branches {
  /** As the document has them. */
  readonly branches: readonly unknown[];
  /** The same, as JSON Schema. */
  readonly converted: readonly unknown[];
}

/**
 * Says what OpenAPI's `discriminator` says in JSON Schema's own words: in each branch the member that tells it from the
 * others has that branch's value. A branch that says so itself stays as it is.
 */
export function tagBranches(
  document: OpenApiDocument,
  discriminator: JsonSchema,
  { branches, converted }: Branches,
): readonly unknown[] {
  const tag = discriminator['propertyName'];
  if (typeof tag !== 'string') return converted;
  const mapping = Object.entries(isSchema(discriminator['mapping']) ? discriminator['mapping'] : {});
  return converted.map((schema, i) => {
    const branch = branches[i];
    const ref = isSchema(branch) ? branch['$ref'] : undefined;
    if (typeof ref !== 'string' || !isSchema(schema)) return schema;
    const target = resolve(document, branch as JsonSchema);
    if (saysItself(document, target, tag, 0)) return schema;
    const name = ref.split('/').at(-1) ?? '';
    const mapped = mapping.filter(([, to]) => to === ref || to === name).map(([value]) => value);
    const values = mapped.length > 0 ? mapped : [name];
    const value = values.length === 1 ? { const: values[0] } : { enum: values };
    return { ...schema, required: [tag], properties: { [tag]: value } };
  });
}

/** Whether a schema limits the values of its tag, or has no room for one. */
function saysItself(document: OpenApiDocument, schema: JsonSchema, tag: string, depth: number): boolean {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const member = Object.hasOwn(properties, tag) ? properties[tag] : undefined;
  if (isSchema(member)) {
    const own = resolve(document, member);
    if (own['enum'] !== undefined || own['const'] !== undefined) return true;
  } else if (schema['additionalProperties'] === false) return true;
  const parts = Array.isArray(schema['allOf']) && depth < 10 ? (schema['allOf'] as readonly unknown[]) : [];
  return parts.some(
    (part) => isSchema(part) && part['$ref'] === undefined && saysItself(document, part, tag, depth + 1),
  );
}
