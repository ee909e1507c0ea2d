import type { JsonSchema } from '../../model/json-schema.ts';
import { objectOf, typeText } from '../../model/schema-outline.ts';
import { inlineRefs } from '../inline-refs.ts';
import { isSchema } from '../local-ref.ts';

/**
 * The form of a map that makes what an action takes: its members, each an expression, or a constant of the right type.
 * What a schema leaves open, and what decides by a value, is left open here.
 */
export function mapForm(input: JsonSchema): JsonSchema {
  return formOf(inlineRefs(input), false, 0);
}

const MAX_DEPTH = 12;
const ALL = ['object', 'array', 'string', 'number', 'boolean', 'null'];
/** `{ const: EUR }` and `{ file: deal.jsonata }`; taken, but not offered at every place. */
const SPECIAL = '^(const|file)$';

function formOf(schema: JsonSchema, required: boolean, depth: number): JsonSchema {
  const about = { description: describe(schema, required) };
  if (depth > MAX_DEPTH) return { ...about, type: ALL };
  const kinds = kindsOf(schema);
  if (kinds.size === 0) return { ...about, type: ALL };
  // A single item may stand where a list is wanted.
  const items = kinds.has('array') && isSchema(schema['items']) ? schema['items'] : undefined;
  const item = items && formOf(items, false, depth + 1);
  const object = kinds.has('object') ? objectForm(schema, depth) : undefined;
  const literals = [...kinds, ...(items === undefined ? [] : kindsOf(items))];
  return {
    ...about,
    type: [
      ...new Set(['string', 'object', ...literals.map((kind) => (kind === 'integer' ? 'number' : kind))]),
    ],
    ...(object ?? membersOf(item) ?? constantOf(schema)),
    ...(item === undefined ? {} : { items: item }),
  };
}

function objectForm(schema: JsonSchema, depth: number): JsonSchema {
  const { properties, required, closed } = fieldsOf(schema, 0);
  const others = schema['additionalProperties'];
  const open = isSchema(others) ? formOf(others, false, depth + 1) : undefined;
  if (properties.size === 0) return open === undefined ? {} : { additionalProperties: open };
  const members = [...properties].map(([name, member]) => [
    name,
    formOf(member, required.has(name), depth + 1),
  ]);
  return {
    properties: Object.fromEntries(members) as JsonSchema,
    ...(closed ? { patternProperties: { [SPECIAL]: {} }, additionalProperties: false } : {}),
    ...(open === undefined ? {} : { additionalProperties: open }),
    ...(required.size === 0
      ? {}
      : {
          if: { type: 'object', not: { anyOf: [{ required: ['const'] }, { required: ['file'] }] } },
          then: { required: [...required] },
        }),
  };
}

/** The members of an item's form, for where it stands alone. */
function membersOf(form: JsonSchema | undefined): JsonSchema | undefined {
  if (form?.['properties'] === undefined) return undefined;
  const { properties, patternProperties, additionalProperties, if: condition, then } = form;
  return Object.fromEntries(
    Object.entries({ properties, patternProperties, additionalProperties, if: condition, then }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** `{ const: open }`, with the values that there are. */
function constantOf(schema: JsonSchema): JsonSchema {
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (!Array.isArray(values)) return { patternProperties: { [SPECIAL]: {} }, additionalProperties: false };
  return {
    properties: {
      const: { description: 'The constant that stands there.', enum: values },
      file: { description: 'A file beside the mapping with the expression.', type: 'string' },
    },
    additionalProperties: false,
  };
}

interface Fields {
  readonly properties: Map<string, JsonSchema>;
  readonly required: Set<string>;
  readonly closed: boolean;
}

/** The members of an object, those of its parts and of all its forms included; required is what every form requires. */
function fieldsOf(schema: JsonSchema, depth: number): Fields {
  const properties = new Map(
    Object.entries(objectOf(schema['properties'])).map(([name, member]) => [name, objectOf(member)]),
  );
  const required = new Set(namesOf(schema['required']));
  let closed = schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false;
  if (depth > MAX_DEPTH) return { properties, required, closed: false };
  const parts = (keyword: string): readonly Fields[] => {
    const list = schema[keyword];
    return Array.isArray(list) ? list.filter(isSchema).map((part) => fieldsOf(part, depth + 1)) : [];
  };
  for (const part of parts('allOf')) {
    for (const [name, member] of part.properties) if (!properties.has(name)) properties.set(name, member);
    for (const name of part.required) required.add(name);
  }
  for (const keyword of ['oneOf', 'anyOf']) {
    const forms = parts(keyword);
    for (const form of forms)
      for (const [name, member] of form.properties) if (!properties.has(name)) properties.set(name, member);
    if (forms.length > 0 && schema['properties'] === undefined) closed = forms.every((form) => form.closed);
  }
  return { properties, required, closed };
}

/** The JSON types that a value may have; none when anything goes. */
function kindsOf(schema: JsonSchema, depth = 0): ReadonlySet<string> {
  const { type, enum: values } = schema;
  const constant = schema['const'];
  if (Array.isArray(type)) return new Set(type as readonly string[]);
  if (typeof type === 'string') return new Set([type]);
  if (constant !== undefined) return new Set([kindOf(constant)]);
  if (Array.isArray(values)) return new Set(values.map(kindOf));
  if (schema['properties'] !== undefined) return new Set(['object']);
  if (schema['items'] !== undefined) return new Set(['array']);
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[keyword];
    if (!Array.isArray(list) || depth > MAX_DEPTH) continue;
    const kinds = list.filter(isSchema).map((part) => kindsOf(part, depth + 1));
    // Of the parts of a whole, one that knows is enough; of several forms, all must.
    if (keyword !== 'allOf' && kinds.some((one) => one.size === 0)) return new Set();
    return new Set(kinds.flatMap((one) => [...one]));
  }
  return new Set();
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function describe(schema: JsonSchema, required: boolean): string {
  const text =
    typeof schema['description'] === 'string' ? `${schema['description'].replace(/\.?$/, '.')} ` : '';
  const type = typeText(schema, (values) =>
    values.length > 20 ? `one of ${values.length} values` : values.join(' or '),
  );
  return `${text}An expression that gives ${type}${required ? '; required' : ''}.`;
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
