import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { linearRegExp } from './regex.ts';
import { findSchema } from './schema-refs.ts';

/** A scalar of a value, and what its schema says about it. */
export interface ScalarPlace {
  readonly path: readonly (string | number)[];
  readonly value: string | number | boolean;
  /** Marked `x-sensitive`, itself or something around it. */
  readonly sensitive: boolean;
  /** All schemas that may apply, references and branches resolved; they hold more than one form's demands. */
  readonly schemas: readonly JsonSchema[];
}

/** What a schema says about the parts of a value. */
export interface Marked {
  readonly scalars: readonly ScalarPlace[];
  /** Members whose names are sensitive themselves (`propertyNames: { x-sensitive: true }`). */
  readonly names: readonly (readonly (string | number)[])[];
  /** Members that the schema knows by name, as `path` texts of JSON. */
  readonly declared: ReadonlySet<string>;
  /** The schema marks something, wherever it is. */
  readonly marks: boolean;
}

/** A schema, and the document that its references start from. */
interface Placed {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
  /** Its document's name; empty for one without. */
  readonly name: string;
}

const BRANCHES = ['allOf', 'anyOf', 'oneOf'] as const;
const CONDITIONS = ['if', 'then', 'else'] as const;

/**
 * Walks a value along its schema and says of each scalar whether it is sensitive. On the safe side: of a choice all
 * branches count, whichever one the value fits. References lead through all named schemas of the project.
 */
export function markSensitive(
  value: unknown,
  schema: string | JsonSchema | undefined,
  schemas: ReadonlyMap<string, JsonSchema>,
): Marked {
  const scalars: ScalarPlace[] = [];
  const names: (readonly (string | number)[])[] = [];
  const declared = new Set<string>();
  const start = typeof schema === 'string' ? schemas.get(schema) : schema;
  const name = typeof schema === 'string' ? schema : '';

  const walk = (
    node: unknown,
    at: readonly Placed[],
    path: readonly (string | number)[],
    around: boolean,
  ): void => {
    const here = expand(at, schemas);
    const sensitive = around || here.some((one) => one.schema['x-sensitive'] === true);
    if (Array.isArray(node)) {
      node.forEach((item, index) =>
        walk(
          item,
          here.flatMap((one) => itemSchemas(one, index)),
          [...path, index],
          sensitive,
        ),
      );
      return;
    }
    if (typeof node === 'object' && node !== null) {
      const sensitiveNames = here.some(
        ({ schema: { propertyNames } }) => isSchema(propertyNames) && propertyNames['x-sensitive'] === true,
      );
      for (const [key, member] of Object.entries(node)) {
        const below = [...path, key];
        if (sensitiveNames) names.push(below);
        if (here.some((one) => isKnown(one.schema, key))) declared.add(JSON.stringify(below));
        walk(
          member,
          here.flatMap((one) => memberSchemas(one, key)),
          below,
          sensitive,
        );
      }
      return;
    }
    if (typeof node !== 'string' && typeof node !== 'number' && typeof node !== 'boolean') return;
    scalars.push({ path, value: node, sensitive, schemas: here.map((one) => one.schema) });
  };

  walk(value, start === undefined ? [] : [{ schema: start, root: start, name }], [], false);
  return {
    scalars,
    names,
    declared,
    marks: start !== undefined && mentions(start, name, schemas, new Set()),
  };
}

/** The schemas themselves with all that they refer to and all branches, each once. */
function expand(at: readonly Placed[], schemas: ReadonlyMap<string, JsonSchema>): readonly Placed[] {
  const seen = new Map<JsonSchema, Placed>();
  const add = (one: Placed): void => {
    if (seen.has(one.schema)) return;
    seen.set(one.schema, one);
    const { schema } = one;
    const inner = (node: unknown): void => {
      if (isSchema(node)) add({ ...one, schema: node });
    };
    const target = typeof schema['$ref'] === 'string' ? follow(schema['$ref'], one, schemas) : undefined;
    if (target !== undefined) add(target);
    for (const keyword of BRANCHES)
      if (Array.isArray(schema[keyword])) (schema[keyword] as unknown[]).forEach(inner);
    for (const keyword of CONDITIONS) inner(schema[keyword]);
    if (isSchema(schema['dependentSchemas'])) Object.values(schema['dependentSchemas']).forEach(inner);
  };
  at.forEach(add);
  return [...seen.values()];
}

/** Where a reference leads: within its document, to another schema of the project, or into one. */
function follow(ref: string, from: Placed, schemas: ReadonlyMap<string, JsonSchema>): Placed | undefined {
  const [target = '', fragment] = ref.split('#', 2);
  const local = `#${fragment ?? ''}`;
  if (target === '' || target === from.root['$id']) {
    const schema = lookUp(from.root, local);
    return schema && { ...from, schema };
  }
  const name = findSchema(target, from.name, schemas);
  const root = name === undefined ? undefined : schemas.get(name);
  const schema = root === undefined ? undefined : lookUp(root, local);
  return schema && { schema, root: root as JsonSchema, name: name as string };
}

function itemSchemas({ schema, ...where }: Placed, index: number): readonly Placed[] {
  const { prefixItems, items, contains, unevaluatedItems } = schema;
  const first = Array.isArray(prefixItems) ? (prefixItems as unknown[]) : [];
  const own = index < first.length ? first[index] : items;
  return [own, contains, unevaluatedItems].filter(isSchema).map((one) => ({ ...where, schema: one }));
}

function memberSchemas({ schema, ...where }: Placed, key: string): readonly Placed[] {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const named = isSchema(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [];
  const matching = isSchema(patternProperties)
    ? Object.entries(patternProperties).flatMap(([pattern, one]) => (matches(pattern, key) ? [one] : []))
    : [];
  const own = [...named, ...matching];
  return [...(own.length > 0 ? own : [additionalProperties]), unevaluatedProperties]
    .filter(isSchema)
    .map((one) => ({ ...where, schema: one }));
}

function isKnown({ properties }: JsonSchema, key: string): boolean {
  return isSchema(properties) && Object.hasOwn(properties, key);
}

function matches(pattern: string, key: string): boolean {
  try {
    return linearRegExp(pattern).test(key);
  } catch {
    return true;
  }
}

/** Whether a schema, or one that it refers to, marks anything. */
function mentions(
  schema: JsonSchema,
  name: string,
  schemas: ReadonlyMap<string, JsonSchema>,
  seen: Set<string>,
): boolean {
  if (seen.has(name) && name !== '') return false;
  seen.add(name);
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (!isSchema(node)) return false;
    if (node['x-sensitive'] === true) return true;
    const ref = node['$ref'];
    if (typeof ref === 'string' && !ref.startsWith('#')) {
      const other = findSchema(ref.split('#', 1)[0] as string, name, schemas);
      const target = other === undefined ? undefined : schemas.get(other);
      if (target !== undefined && mentions(target, other as string, schemas, seen)) return true;
    }
    return Object.values(node).some(visit);
  };
  return visit(schema);
}
