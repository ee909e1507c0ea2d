import type { JsonSchema } from '../../model/json-schema.ts';
import { objectOf } from '../../model/schema-outline.ts';
import { branchesFor } from '../defaults.ts';
import { isSchema } from '../local-ref.ts';

/** An example that follows from what a schema says; undefined where only a person could give one. */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, type, enum: values } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  if (Array.isArray(values)) return values.find((value) => value !== null);
  const branch = firstBranch(schema);
  if (branch !== undefined) return exampleOf({ ...branch, ...(type === undefined ? {} : { type }) });
  switch (Array.isArray(type) ? (type as readonly unknown[])[0] : type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'array': {
      const item = exampleOf(objectOf(schema['items']));
      return item === undefined ? undefined : [item];
    }
    case 'object':
      return exampleObject(schema);
    default:
      return undefined;
  }
}

/** With all that is required, else with the first member of which there is an example. */
function exampleObject(schema: JsonSchema): unknown {
  const properties = Object.entries(objectOf(schema['properties']));
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly unknown[]) : [];
  const members = properties.flatMap(([name, member]): [string, unknown][] => {
    const example = exampleOf(objectOf(member));
    return example === undefined ? [] : [[name, example]];
  });
  const needed = members.filter(([name]) => required.includes(name));
  if (needed.length === required.length && needed.length > 0) return Object.fromEntries(needed);
  if (required.length > 0) return undefined;
  if (members.length > 0) return Object.fromEntries(members.slice(0, 1));
  if (!isSchema(schema['additionalProperties'])) return undefined;
  const value = exampleOf(schema['additionalProperties']);
  const [name] = Array.isArray(objectOf(schema['propertyNames'])['examples'])
    ? (objectOf(schema['propertyNames'])['examples'] as readonly string[])
    : ['name'];
  return value === undefined ? undefined : { [name ?? 'name']: value };
}

function firstBranch(schema: JsonSchema): JsonSchema | undefined {
  const branches = [schema['anyOf'], schema['oneOf']].find((list) => Array.isArray(list)) as
    readonly unknown[] | undefined;
  return branches?.find(isSchema);
}

/**
 * A copy of a schema in which members without examples have those that `values`, which fit the schema, show. Objects get
 * none: what they hold has.
 */
export function withExamples(schema: JsonSchema, values: readonly unknown[]): JsonSchema {
  if (values.length === 0) return schema;
  const copy: Record<string, unknown> = { ...schema };
  const shown = [...new Set(values.filter((value) => typeof value !== 'object' || value === null))];
  if (shown.length > 0 && schema['examples'] === undefined && schema['const'] === undefined)
    copy['examples'] = shown.slice(0, 3);
  const objects = values.filter(isSchema);
  const { properties, additionalProperties, items } = schema;
  if (isSchema(properties))
    copy['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, member]) => [
        name,
        withExamples(
          objectOf(member),
          objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name]] : [])),
        ),
      ]),
    );
  if (isSchema(additionalProperties))
    copy['additionalProperties'] = withExamples(
      additionalProperties,
      objects.flatMap((object) => Object.values(object)),
    );
  if (isSchema(items))
    copy['items'] = withExamples(
      items,
      values.flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [])),
    );
  for (const keyword of ['oneOf', 'anyOf']) {
    const branches = schema[keyword];
    if (!Array.isArray(branches)) continue;
    copy[keyword] = branches.filter(isSchema).map((branch) =>
      withExamples(
        branch,
        values.filter((value) => branchesFor({ oneOf: [branch] }, value).length > 0),
      ),
    );
  }
  return copy;
}
