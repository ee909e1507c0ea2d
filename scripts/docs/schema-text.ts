import type { JsonSchema } from '../../core/model/json-schema.ts';
import { branchesOf, objectOf, tagOf, typeText } from '../../core/model/schema-outline.ts';
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
    typeText(schema, valuesText),
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
  const tag = tagOf(branch);
  if (tag === undefined) return membersText(branch, depth);
  const about =
    typeof branch['description'] === 'string' ? ` — ${prose(sentence(branch['description']))}` : '';
  const line = `${'  '.repeat(depth)}- with ${code(`${tag.name}: ${tag.value}`)}${about}`;
  const nested = membersText(tag.rest, depth + 1);
  return nested === '' ? line : `${line}\n${nested}`;
}

function valuesText(values: readonly string[]): string {
  return values.length > 12 ? `one of ${values.length} words` : values.map(code).join(' or ');
}
