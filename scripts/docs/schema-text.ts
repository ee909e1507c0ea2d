import type { JsonSchema } from '../../core/model/json-schema.ts';
import { code, prose, sentence } from './markdown.ts';

const DEPTH = 8;

/** The members of a JSON Schema as a nested list: name, type, whether it must be there, default, what it means. */
export function membersText(schema: JsonSchema, depth = 0): string {
  if (depth > DEPTH) return '';
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly unknown[]) : [];
  const lines = Object.entries(objectOf(schema['properties'])).map(([name, member]) =>
    memberText(code(name), objectOf(member), required.includes(name), depth),
  );
  const others = objectOf(schema['additionalProperties']);
  if (Object.keys(others).length > 0) lines.push(memberText('_any name_', others, false, depth));
  for (const branch of branchesOf(schema)) lines.push(branchText(branch, depth));
  return lines.filter((line) => line !== '').join('\n');
}

function memberText(name: string, schema: JsonSchema, required: boolean, depth: number): string {
  const facts = [
    typeOf(schema),
    required ? '**required**' : '',
    schema['x-secret'] === true ? '**secret**' : '',
    schema['default'] === undefined ? '' : `default ${code(JSON.stringify(schema['default']))}`,
  ].filter((fact) => fact !== '');
  const about = typeof schema['description'] === 'string' ? sentence(schema['description']) : '';
  const examples = Array.isArray(schema['examples']) ? (schema['examples'] as readonly unknown[]) : [];
  const shown = examples
    .slice(0, 2)
    .map((example) => code(typeof example === 'string' ? example : JSON.stringify(example)));
  const example = shown.length === 0 ? '' : ` Example: ${shown.join(', ')}.`;
  const inner = schema['type'] === 'array' ? objectOf(schema['items']) : schema;
  const nested = membersText(inner, depth + 1);
  const line = `${'  '.repeat(depth)}- ${name} (${facts.join(', ')})${about === '' ? '' : ` — ${prose(about)}`}${example}`;
  return nested === '' ? line : `${line}\n${nested}`;
}

/** One of several forms; the constant that tells it from the others is its name. */
function branchText(branch: JsonSchema, depth: number): string {
  const properties = objectOf(branch['properties']);
  const [tag] = Object.entries(properties).filter(([, member]) => objectOf(member)['const'] !== undefined);
  if (tag === undefined) return membersText(branch, depth);
  const [name, member] = tag;
  const rest = Object.fromEntries(Object.entries(properties).filter(([other]) => other !== name));
  const about =
    typeof branch['description'] === 'string' ? ` — ${prose(sentence(branch['description']))}` : '';
  const line = `${'  '.repeat(depth)}- with ${code(`${name}: ${String(objectOf(member)['const'])}`)}${about}`;
  const nested = membersText({ ...branch, properties: rest }, depth + 1);
  return nested === '' ? line : `${line}\n${nested}`;
}

function typeOf(schema: JsonSchema): string {
  if (schema['const'] !== undefined) return code(JSON.stringify(schema['const']));
  if (Array.isArray(schema['enum'])) {
    const values = (schema['enum'] as readonly unknown[]).map((value) => code(JSON.stringify(value)));
    return values.length > 12 ? `one of ${values.length} words` : values.join(' or ');
  }
  const type = schema['type'];
  if (type === 'array') {
    const items = typeOf(objectOf(schema['items']));
    return items === 'anything' ? 'list' : `list of ${items}`;
  }
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' or ');
  const branches = [...new Set(branchesOf(schema).map(typeOf))];
  return branches.length > 0 ? branches.join(' or ') : 'anything';
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(branches) ? (branches as readonly JsonSchema[]) : [];
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}
