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
  readonly hint?: string;
}

/** Holds the names in a map against the input schema of its action; what expressions yield shows only at run time. */
export function checkOutput(template: MapTemplate, schema: JsonSchema, path: Path): readonly OutputMistake[] {
  return check(template, schema, schema, path, 0);
}

function check(
  template: MapTemplate,
  schema: JsonSchema,
  root: JsonSchema,
  path: Path,
  depth: number,
): readonly OutputMistake[] {
  if (depth > 50) return [];
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = lookUp(root, ref);
    return target === undefined ? [] : check(template, target, root, path, depth + 1);
  }
  // A single item may stand where a list is wanted.
  if (isSchema(schema['items']) && (template.kind === 'object' || template.kind === 'array')) {
    const { items } = schema;
    if (template.kind === 'object') return check(template, items, root, path, depth + 1);
    return template.items.flatMap((item, i) => check(item, items, root, [...path, i], depth + 1));
  }
  return template.kind === 'object' ? checkObject(template.fields, schema, root, path, depth) : [];
}

function checkObject(
  fields: Readonly<Record<string, MapTemplate>>,
  schema: JsonSchema,
  root: JsonSchema,
  path: Path,
  depth: number,
): readonly OutputMistake[] {
  const mistakes: OutputMistake[] = [];
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const known = Object.keys(properties);
  const closed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined;
  for (const [name, field] of Object.entries(fields)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isSchema(property)) mistakes.push(...check(field, property, root, [...path, name], depth + 1));
    else if (closed && property === undefined) {
      const hint = didYouMean(name, known);
      const message = `the action does not take "${name}"`;
      mistakes.push({ path: [...path, name], part: 'key', message, ...(hint === undefined ? {} : { hint }) });
    }
  }
  for (const name of Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : []) {
    if (!Object.hasOwn(fields, name))
      mistakes.push({ path, part: 'value', message: `the action needs "${name}"` });
  }
  return mistakes;
}
