import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema, lookUp } from './local-ref.ts';

type Shape = (value: unknown) => unknown;

/** Shape undefined: nothing below this schema could ever change a value. */
interface Entry {
  shape: Shape | undefined;
  done: boolean;
}

/**
 * Brings a mapped output into the form of a schema: a single item where the schema wants an array becomes an array.
 * Nothing else is changed, above all no types. What needs no change is returned as it is; what does is copied.
 */
export function shaper(schema: JsonSchema): Shape {
  const made = new Map<JsonSchema, Entry>();
  return build(schema, schema, made) ?? ((value) => value);
}

function build(schema: JsonSchema, root: JsonSchema, made: Map<JsonSchema, Entry>): Shape | undefined {
  const before = made.get(schema);
  if (before?.done === true) return before.shape;
  // A schema that refers to itself: by the time a value is shaped, its shape is known.
  if (before !== undefined) return (value) => (before.shape === undefined ? value : before.shape(value));
  const entry: Entry = { shape: undefined, done: false };
  made.set(schema, entry);
  const shapes: Shape[] = [];
  const ref = schema['$ref'];
  const target = typeof ref === 'string' ? lookUp(root, ref) : undefined;
  for (const part of [target, ...((schema['allOf'] ?? []) as JsonSchema[])]) {
    const shape = part === undefined ? undefined : build(part, root, made);
    if (shape !== undefined) shapes.push(shape);
  }
  const items = isSchema(schema['items']) ? build(schema['items'], root, made) : undefined;
  if (wantsArray(schema)) shapes.push((value) => listOf(value, items));
  else if (items !== undefined) shapes.push((value) => (Array.isArray(value) ? mapped(value, items) : value));
  const members = membersOf(schema, root, made);
  if (members.length > 0) shapes.push((value) => withMembers(value, members));
  entry.shape =
    shapes.length === 0 ? undefined : (value) => shapes.reduce((shaped, shape) => shape(shaped), value);
  entry.done = true;
  return entry.shape;
}

function wantsArray(schema: JsonSchema): boolean {
  return schema['type'] === 'array';
}

function listOf(value: unknown, items: Shape | undefined): unknown {
  if (value === undefined || value === null) return value;
  const list = Array.isArray(value) ? value : [value];
  return items === undefined ? list : mapped(list, items);
}

function mapped(list: readonly unknown[], items: Shape): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const shaped = items(list[i]);
    if (shaped !== list[i]) (copy ??= [...list])[i] = shaped;
  }
  return copy ?? list;
}

function membersOf(
  schema: JsonSchema,
  root: JsonSchema,
  made: Map<JsonSchema, Entry>,
): (readonly [string, Shape])[] {
  const members: [string, Shape][] = [];
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, unknown>)) {
    const shape = isSchema(property) ? build(property, root, made) : undefined;
    if (shape !== undefined) members.push([name, shape]);
  }
  return members;
}

function withMembers(value: unknown, members: readonly (readonly [string, Shape])[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const before = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const [name, shape] of members) {
    if (!Object.hasOwn(before, name)) continue;
    const shaped = shape(before[name]);
    if (shaped !== before[name]) (copy ??= { ...before })[name] = shaped;
  }
  return copy ?? value;
}
