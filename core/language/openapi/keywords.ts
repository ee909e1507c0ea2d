import { linearRegExp } from '../regex.ts';
import { schemaRegistry } from '../schema.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.trim() !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isNamesByName: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(
    (names: unknown) => Array.isArray(names) && names.every(isText) && new Set(names).size === names.length,
  );
const anything: Check = (value) => value !== undefined;

/** Keywords that are taken over as they are, and what their values must be to mean anything. */
export const PLAIN_KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['title', isText],
  ['description', isText],
  ['const', anything],
  ['default', anything],
  ['deprecated', isFlag],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['multipleOf', (value) => isNumber(value) && (value as number) > 0],
  ['minLength', isCount],
  ['maxLength', isCount],
  ['minItems', isCount],
  ['maxItems', isCount],
  ['minContains', isCount],
  ['maxContains', isCount],
  ['minProperties', isCount],
  ['maxProperties', isCount],
  ['uniqueItems', isFlag],
  ['contentEncoding', isText],
  ['contentMediaType', isText],
  ['dependentRequired', isNamesByName],
  ['x-sensitive', isFlag],
]);

/** Keywords whose value is a schema. */
export const SCHEMA_IN: readonly string[] = [
  'items',
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** Keywords whose value is a list of schemas. */
export const SCHEMAS_IN: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

/** Keywords of OpenAPI that say nothing about a value, or were dealt with elsewhere. */
export const NO_LOSS: ReadonlySet<string> = new Set([
  '$comment',
  '$schema',
  '$id',
  '$anchor',
  '$defs',
  'xml',
  'externalDocs',
  'nullable',
  'example',
  'examples',
  'readOnly',
  'writeOnly',
  'discriminator',
]);

const formats = new Map<string, boolean>();

/** Whether messages can be judged by a format; others are of no use in a schema of a project. */
export function isKnownFormat(format: string): boolean {
  let known = formats.get(format);
  if (known === undefined) {
    known = schemaRegistry(new Map([['format', { format }]])).check('format').length === 0;
    formats.set(format, known);
  }
  return known;
}

/** Whether a pattern can be matched in linear time. */
export function isUsablePattern(pattern: string): boolean {
  try {
    linearRegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
