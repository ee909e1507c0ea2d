import type { JsonSchema } from '../../model/json-schema.ts';

/**
 * A query string as values: numbers, booleans and lists where the schema's properties say so, text otherwise. What
 * does not look like its type stays text, for the validation to complain about; a name that is repeated but is no list
 * becomes one, for the same reason.
 */
export function readQuery(schema: JsonSchema | undefined, search: string): Readonly<Record<string, unknown>> {
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema | undefined>>;
  const values: Record<string, unknown> = {};
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const texts = parameters.getAll(name);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const value =
      property?.['type'] === 'array' || texts.length > 1 ? texts : typed(property?.['type'], texts[0] ?? '');
    // Not by assignment: a parameter may be called __proto__.
    Object.defineProperty(values, name, { value, enumerable: true });
  }
  return values;
}

function typed(type: unknown, text: string): unknown {
  if ((type === 'integer' || type === 'number') && /^-?[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
