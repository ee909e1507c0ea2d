import type { JsonSchema } from '../../core/model/json-schema.ts';

/** A named setting of a connector. */
export interface Setting {
  /** `/auth/password` */
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Every named setting, however deep, in all branches. */
export function settingsOf(schema: JsonSchema, path = ''): Setting[] {
  const found: Setting[] = [];
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)) {
    found.push({ path: `${path}/${name}`, schema: property }, ...settingsOf(property, `${path}/${name}`));
  }
  const below = ['items', 'additionalProperties'].flatMap((keyword) =>
    typeof schema[keyword] === 'object' ? [schema[keyword] as JsonSchema] : [],
  );
  const branches = ['oneOf', 'anyOf', 'allOf'].flatMap((keyword) => (schema[keyword] ?? []) as JsonSchema[]);
  for (const part of [...below, ...branches]) found.push(...settingsOf(part, path));
  return found;
}

/** Whether it says what it is for. */
export function isDescribed(schema: JsonSchema): boolean {
  return typeof schema['description'] === 'string' && schema['description'].length > 5;
}

/** Whether a setting has the name of a secret and is not marked as one (`x-secret`). */
export function holdsSecret(path: string, schema: JsonSchema): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const sounds =
    /(^|_)(secrets?|passwords?|passphrase|token|private_key)$/.test(name) || path.endsWith('api_key/value');
  return sounds && schema['x-secret'] !== true && schema['enum'] === undefined && schema['type'] !== 'object';
}
