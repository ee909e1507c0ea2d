import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema } from './local-ref.ts';
import { nearest } from './nearest.ts';
import type { Path } from './problem.ts';
import { schemaRegistry, type SchemaRegistry } from './schema.ts';
import type { SchemaFault } from './schema-faults.ts';
import type { YamlFile } from './yaml-file.ts';

export interface Schemas {
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** All that have a file, sound or not. */
  readonly names: readonly string[];
  readonly registry: SchemaRegistry;
}

/** Schemas by name (the path below `schemas/` without its ending), each checked as far as it can be without a value. */
export function readSchemas(files: readonly (YamlFile | undefined)[], names: readonly string[]): Schemas {
  const schemas = new Map<string, JsonSchema>();
  const fileOf = new Map<string, YamlFile>();
  for (const file of files) {
    if (file === undefined) continue;
    const name = schemaName(file.name);
    const twin = fileOf.get(name);
    if (twin !== undefined)
      file.tell([], `the schema "${name}" is also in ${twin.name}`, { code: 'duplicate' });
    else if (!isSchema(file.value)) file.tell([], 'a schema is an object', { code: 'schema' });
    else schemas.set(name, file.value);
    fileOf.set(name, file);
  }
  const registry = schemaRegistry(schemas);
  for (const name of schemas.keys()) {
    const file = fileOf.get(name) as YamlFile;
    for (const fault of registry.check(name)) addFault(file, fault);
  }
  return { schemas, names: names.map(schemaName), registry };
}

/** Whether a file below `schemas/` holds a schema. */
export function isSchemaFile(file: string): boolean {
  return /\.(json|ya?ml)$/.test(file);
}

/** `schemas/sales/order@1.json` → `sales/order@1`. */
export function schemaName(file: string): string {
  return file.replace(/^schemas\//, '').replace(/\.(json|ya?ml)$/, '');
}

function addFault(file: YamlFile, fault: SchemaFault): void {
  if (fault.keyword !== 'strict' || fault.member === undefined) {
    file.tellFaults([], file.value, [fault]);
    return;
  }
  // The compiler names an unknown keyword, but not where it stands.
  const path = findKey(file.value, fault.member, []) ?? [];
  file.tell(path, fault.message, {
    near: nearest(fault.member, fault.known ?? []),
    part: 'key',
    code: 'schema',
  });
}

function findKey(node: unknown, key: string, path: Path): Path | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if (!Array.isArray(node) && Object.hasOwn(node, key)) return [...path, key];
  for (const [name, child] of Array.isArray(node) ? node.entries() : Object.entries(node)) {
    const found = findKey(child, key, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
