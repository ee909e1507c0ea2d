import type { JsonSchema } from '../../core/model/json-schema.ts';
import type { Style } from '../output/style.ts';
import { indent } from '../output/text.ts';

const DEPTH = 4;

/** The members of an object schema, one a line: name, type, whether it must be there, default, what it means. */
export function describeProperties(schema: JsonSchema, style: Style, depth = 0): string {
  const properties = objectOf(schema['properties']);
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const own = Object.entries(properties).map(([name, value]) =>
    describeMember(name, objectOf(value) as JsonSchema, required.includes(name), style, depth),
  );
  const alternatives = branchesOf(schema).map((branch, index) => {
    const text = describeProperties(branch, style, depth);
    return text === '' ? '' : `${style.dim(index === 0 ? 'either' : 'or')}\n${indent(text, 2)}`;
  });
  return [...own, ...alternatives].filter((text) => text !== '').join('\n');
}

function describeMember(
  name: string,
  schema: JsonSchema,
  required: boolean,
  style: Style,
  depth: number,
): string {
  const marks = [
    typeOf(schema),
    required ? style.warn('required') : '',
    schema['x-secret'] === true ? style.bad('secret') : '',
    schema['default'] === undefined ? '' : `default ${JSON.stringify(schema['default'])}`,
  ].filter((mark) => mark !== '');
  const about = typeof schema['description'] === 'string' ? schema['description'] : '';
  const head = `${style.name(name)}  ${style.dim(marks.join(', '))}${about === '' ? '' : `\n${indent(about, 4)}`}`;
  const inner = schema['type'] === 'array' ? (objectOf(schema['items']) as JsonSchema) : schema;
  const nested = depth < DEPTH ? describeProperties(inner, style, depth + 1) : '';
  return nested === '' ? head : `${head}\n${indent(nested, 4)}`;
}

function typeOf(schema: JsonSchema): string {
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  const values = schema['enum'];
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const type = schema['type'];
  if (type === 'array') {
    const items = typeOf(objectOf(schema['items']) as JsonSchema);
    return items === 'anything' ? 'list' : `list of ${items}`;
  }
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' or ');
  const branches = [...new Set(branchesOf(schema).map(typeOf))];
  return branches.length > 0 ? branches.join(' or ') : 'anything';
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(branches) ? (branches as JsonSchema[]) : [];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
