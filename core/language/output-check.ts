import type { JsonSchema } from '../model/json-schema.ts';
import type { MapTemplate } from '../model/mapping.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { didYouMean } from './nearest.ts';
import type { Path } from './problem.ts';

/** A map that can not make what its action wants, whatever the message. */
export interface OutputMistake {
  readonly path: Path;
  /** Whether the key is wrong or the whole that stands there. */
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Holds the names in a map against the input schema of its action; what expressions yield shows only at run time. */
export function checkOutput(template: MapTemplate, schema: JsonSchema, path: Path): readonly OutputMistake[] {
  return check(template, { schema, root: schema, depth: 0 }, path);
}

interface Wanted {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
  readonly depth: number;
}

function check(template: MapTemplate, wanted: Wanted, path: Path): readonly OutputMistake[] {
  const { schema, root } = wanted;
  const depth = wanted.depth + 1;
  if (depth > 50) return [];
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = lookUp(root, ref);
    return target === undefined ? [] : check(template, { schema: target, root, depth }, path);
  }
  // A single item may stand where a list is wanted.
  const { items } = schema;
  if (isSchema(items) && template.kind === 'object')
    return check(template, { schema: items, root, depth }, path);
  if (isSchema(items) && template.kind === 'array') {
    return template.items.flatMap((item, i) => check(item, { schema: items, root, depth }, [...path, i]));
  }
  return template.kind === 'object' ? checkObject(template.fields, { schema, root, depth }, path) : [];
}

function checkObject(
  fields: Readonly<Record<string, MapTemplate>>,
  { schema, root, depth }: Wanted,
  path: Path,
): readonly OutputMistake[] {
  const mistakes: OutputMistake[] = [];
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const closed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined;
  for (const [name, field] of Object.entries(fields)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isSchema(property))
      mistakes.push(...check(field, { schema: property, root, depth }, [...path, name]));
    else if (closed && property === undefined) {
      const hint = didYouMean(name, Object.keys(properties));
      mistakes.push({
        path: [...path, name],
        part: 'key',
        message: `the action does not take "${name}"`,
        hint,
      });
    }
  }
  for (const name of Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : []) {
    if (!Object.hasOwn(fields, name))
      mistakes.push({ path, part: 'value', message: `the action needs "${name}"` });
  }
  return mistakes;
}
