import type { JsonSchema } from '../../core/model/json-schema.ts';
import { branchesOf, objectOf, tagOf, typeText } from '../../core/model/schema-outline.ts';
import type { Style } from '../output/style.ts';
import { indent, wrap } from '../output/text.ts';

const DEPTH = 4;

/** The members of an object schema, one a line: name, type, format, whether it must be there, default, what it means. */
export function describeProperties(schema: JsonSchema, style: Style, width: number, depth = 0): string {
  const properties = objectOf(schema['properties']);
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const lines = Object.entries(properties).map(([name, value]) =>
    describeMember(name, objectOf(value), required.includes(name), { style, width, depth }),
  );
  const others = objectOf(schema['additionalProperties']);
  // A map: whatever it is called, its values look like this.
  if (Object.keys(properties).length === 0 && Object.keys(others).length > 0)
    lines.push(describeMember('<name>', others, false, { style, width, depth }));
  branchesOf(schema).forEach((branch, index) => {
    lines.push(describeBranch(branch, index === 0 ? 'either' : 'or', { style, width, depth }));
  });
  return lines.filter((text) => text !== '').join('\n');
}

interface Manner {
  readonly style: Style;
  /** Columns that there are. */
  readonly width: number;
  readonly depth: number;
}

/** One of several forms; the member that tells it from the others goes into its title. */
function describeBranch(branch: JsonSchema, word: string, { style, width, depth }: Manner): string {
  const tag = tagOf(branch);
  if (tag === undefined) {
    const text = describeProperties(branch, style, width - 2, depth);
    return text === '' ? '' : `${style.dim(word)}\n${indent(text, 2)}`;
  }
  const about = typeof branch['description'] === 'string' ? `  ${branch['description']}` : '';
  const text = describeProperties(tag.rest, style, width - 2, depth);
  const title = `${style.dim(word)} ${style.name(tag.name)} ${style.bold(tag.value)}${about}`;
  return text === '' ? title : `${title}\n${indent(text, 2)}`;
}

function describeMember(
  name: string,
  schema: JsonSchema,
  required: boolean,
  { style, width, depth }: Manner,
): string {
  const marks = [
    style.dim(`${typeText(schema, (values) => values.join(' | '))}${formatOf(schema)}`),
    required ? style.warn('required') : '',
    schema['x-secret'] === true ? style.bad('secret') : '',
    schema['x-sensitive'] === true ? style.warn('sensitive') : '',
    schema['default'] === undefined ? '' : style.dim(`default ${JSON.stringify(schema['default'])}`),
  ].filter((mark) => mark !== '');
  const lines = [`${style.name(name)}  ${marks.join(style.dim(', '))}`];
  if (typeof schema['description'] === 'string')
    lines.push(indent(wrap(schema['description'], width - 4), 4));
  const inner = schema['type'] === 'array' ? objectOf(schema['items']) : schema;
  const nested = depth < DEPTH ? describeProperties(inner, style, width - 4, depth + 1) : '';
  if (nested !== '') lines.push(indent(nested, 4));
  return lines.join('\n');
}

function formatOf({ format }: JsonSchema): string {
  return typeof format === 'string' ? ` (${format})` : '';
}
