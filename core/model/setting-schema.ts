import type { JsonSchema } from './json-schema.ts';

/** The schema of a setting that is a text, and not an empty one; `more` are further keywords. */
export function textSetting(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: 'string', minLength: 1, description, ...more };
}

/** The schema of a setting that says where the hub connects to: `check` holds it against `outbound.allow`. */
export function addressSetting(description: string, example: string): JsonSchema {
  return textSetting(description, { pattern: '^https?://', 'x-address': true, examples: [example] });
}

/** One of the schemes that a setting may follow, told apart by `type`; other keys than these are mistakes. */
export function schemeSetting(
  type: string,
  description: string,
  required: readonly string[],
  properties: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  return {
    type: 'object',
    description,
    required: ['type', ...required],
    additionalProperties: false,
    properties: { type: { const: type, description: 'The scheme.' }, ...properties },
  };
}
