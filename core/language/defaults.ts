import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema, lookUp } from './local-ref.ts';

/**
 * Fills in the `default`s of a schema: in objects and lists, behind local references and in the branch of a `oneOf` or
 * `anyOf` whose constants fit. Returns a copy and leaves what was given as it was.
 */
export function applyDefaults(schema: JsonSchema, value: unknown): unknown {
  return fill(schema, value, schema);
}

function fill(schema: JsonSchema, value: unknown, root: JsonSchema): unknown {
  let result = value === undefined ? structuredClone(schema['default']) : value;
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = lookUp(root, ref);
    if (target !== undefined) result = fill(target, result, root);
  }
  for (const branch of branchesFor(schema, result)) result = fill(branch, result, root);
  if (Array.isArray(result)) {
    const items = schema['items'];
    return isSchema(items) ? result.map((item) => fill(items, item, root)) : result;
  }
  const properties = schema['properties'];
  if (typeof result !== 'object' || result === null || !isSchema(properties)) return result;
  const filled: Record<string, unknown> = { ...result };
  for (const [key, property] of Object.entries(properties)) {
    if (!isSchema(property)) continue;
    const member = fill(property, Object.hasOwn(filled, key) ? filled[key] : undefined, root);
    if (member !== undefined) filled[key] = member;
  }
  return filled;
}

/** The parts of a schema that are about this value: all of `allOf`, and of `oneOf` and `anyOf` what its constants fit. */
export function branchesFor(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const list = (keyword: string): JsonSchema[] =>
    Array.isArray(schema[keyword]) ? schema[keyword].filter(isSchema) : [];
  const conditional = ['if', 'then', 'else'].every((keyword) => schema[keyword] === undefined)
    ? []
    : [constantsFit(schema['if'], value) ? schema['then'] : schema['else']].filter(isSchema);
  return [
    ...list('allOf'),
    ...conditional,
    ...[...list('oneOf'), ...list('anyOf')].filter((branch) => constantsFit(branch, value)),
  ];
}

/** Only a branch that says by a constant what it is for can be told to be meant. */
function constantsFit(branch: unknown, value: unknown): boolean {
  const properties = isSchema(branch) ? branch['properties'] : undefined;
  if (!isSchema(properties) || typeof value !== 'object' || value === null) return false;
  const constants = Object.entries(properties).filter(
    ([, property]) => isSchema(property) && 'const' in property,
  );
  return (
    constants.length > 0 &&
    constants.every(([key, property]) => (value as JsonSchema)[key] === (property as JsonSchema)['const'])
  );
}
