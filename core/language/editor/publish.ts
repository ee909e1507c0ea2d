import type { JsonSchema } from '../../model/json-schema.ts';
import { branchesOf, tagOf } from '../../model/schema-outline.ts';
import { isSchema } from '../local-ref.ts';
import { exampleOf } from './example-of.ts';

/** `${env:NAME}` or `${file:PATH}` anywhere in a text. */
const REFERENCE = '\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?|file:[^}]+)\\}';
/** A secret has no default. */
const SECRET = '\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:[^}]+)\\}';

/** Which values of a file may be references, which are filled in before the file is checked. */
export type References = 'none' | 'texts' | 'all';

/**
 * The form of a file as editors get it. What only our own validator knows is said in words that every one knows, of draft-07
 * as of 2020-12, for the language server of most editors is best at the older one: no `discriminator`, no `x-secret`, no
 * `$ref` with others beside it. A setting whose value may be a reference takes one, a secret takes nothing else. Every member
 * gets an example.
 */
export function publishForm(form: JsonSchema, references: References = 'none'): JsonSchema {
  return publish(form, references, false);
}

const SCHEMA_MAPS = new Set(['properties', 'patternProperties', 'definitions']);
const SCHEMAS = new Set(['allOf', 'anyOf', 'oneOf']);
const SCHEMA = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains']);
const PRIVATE = new Set(['discriminator', 'x-address', 'x-secret', 'x-sensitive']);

function publish(schema: JsonSchema, references: References, secret: boolean): JsonSchema {
  const isSecret = secret || schema['x-secret'] === true;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (PRIVATE.has(key)) continue;
    if (SCHEMA_MAPS.has(key) && isSchema(value)) {
      copy[key] = Object.fromEntries(
        Object.entries(value).map(([name, member]) => {
          const published = isSchema(member) ? publish(member, references, isSecret) : member;
          return [name, key === 'properties' && isSchema(published) ? exemplify(name, published) : published];
        }),
      );
    } else if (SCHEMAS.has(key) && Array.isArray(value)) {
      copy[key] = value.map((part: unknown) => (isSchema(part) ? publish(part, references, isSecret) : part));
    } else if (SCHEMA.has(key) && isSchema(value)) copy[key] = publish(value, references, isSecret);
    else copy[key] = value;
  }
  nameTags(schema, copy);
  if (isSecret && copy['type'] === 'string') return secretText(copy);
  return references === 'none' ? copy : takeReferences(copy, references);
}

/** Editors offer only the first of several forms until they know which is meant: the member that tells them apart is named. */
function nameTags(schema: JsonSchema, copy: Record<string, unknown>): void {
  const tags = branchesOf(schema).map((branch) => ({ tag: tagOf(branch), about: branch['description'] }));
  const [name] = tags.map(({ tag }) => tag?.name);
  if (name === undefined || copy['properties'] !== undefined || tags.some(({ tag }) => tag?.name !== name))
    return;
  const values = tags.map(({ tag }) => tag?.value);
  copy['properties'] = {
    [name]: {
      description: 'Which of these it is.',
      examples: values.slice(0, 3),
      anyOf: tags.map(({ tag, about }) => ({
        const: tag?.value,
        ...(about === undefined ? {} : { description: about }),
      })),
    },
  };
}

function exemplify(name: string, schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema['examples'])) return schema;
  const example = exampleOf(schema);
  return example === undefined ? schema : { ...schema, examples: [example] };
}

function secretText(schema: JsonSchema): JsonSchema {
  const { description } = schema;
  const about = typeof description === 'string' ? `${description} ` : '';
  return {
    type: 'string',
    description: `${about}A secret: write \${env:NAME} or \${file:PATH}.`,
    pattern: SECRET,
    examples: ['${env:NAME}', '${file:PATH}'],
  };
}

const REMARKS = new Set(['description', 'examples', 'default', 'title']);
/** Keywords that a text with a reference in it may fail, and what it becomes would not. */
const JUDGES = ['pattern', 'format', 'maxLength', 'enum'];

function takeReferences(schema: JsonSchema, references: 'texts' | 'all'): JsonSchema {
  const types = ([] as unknown[]).concat(schema['type'] ?? []);
  const isText = types.includes('string');
  const isLeaf =
    schema['const'] === undefined && (schema['enum'] !== undefined || types.some((type) => LEAVES.has(type)));
  const refuses = isText ? JUDGES.some((keyword) => schema[keyword] !== undefined) : references === 'all';
  if (!isLeaf || (!refuses && !(schema['enum'] !== undefined && types.length === 0))) return schema;
  const remarks = Object.entries(schema).filter(([key]) => REMARKS.has(key));
  const rest = Object.entries(schema).filter(([key]) => !REMARKS.has(key));
  return {
    ...Object.fromEntries(remarks),
    anyOf: [Object.fromEntries(rest), { type: 'string', pattern: REFERENCE }],
  };
}

const LEAVES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean']);
