import { posix } from 'node:path';
import type { MapTemplate } from '../model/mapping.ts';
import type { Path } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** A map as it stands in a file. */
export type MapForm =
  string | number | boolean | null | readonly MapForm[] | { readonly [name: string]: MapForm };

/** The file that a map stands in. */
export interface MapFile {
  readonly yaml: YamlFile;
  /** The text of a file beside it, by its path in the project; undefined when there is none. */
  readonly readText: (file: string) => Promise<string | undefined>;
}

/**
 * Takes a map apart: strings are expressions, `{ const: x }` is a constant, `{ file: x.jsonata }` an expression in a
 * file beside the mapping; numbers, `true`, `false` and `null` stand for themselves.
 */
export async function readMap(form: MapForm, path: Path, file: MapFile): Promise<MapTemplate> {
  if (typeof form === 'string') return { kind: 'expression', expression: file.yaml.expression(path) };
  if (typeof form !== 'object' || form === null) return { kind: 'const', value: form };
  if (Array.isArray(form)) {
    const items = (form as readonly MapForm[]).map((item, i) => readMap(item, [...path, i], file));
    return { kind: 'array', items: await Promise.all(items) };
  }
  const members = Object.entries(form);
  const [first] = members;
  if (first !== undefined && members.length === 1) {
    const [key, value] = first;
    if (key === 'const') return { kind: 'const', value };
    if (key === 'file' && typeof value === 'string' && value.endsWith('.jsonata')) {
      return readMapFile(value, [...path, 'file'], file);
    }
    if (key === 'file' && typeof value === 'string' && (await isOtherFile(value, file))) {
      const message = 'a map in a file of its own is a *.jsonata file of the project, beside the mapping';
      file.yaml.tell([...path, 'file'], message, { code: 'file' });
      return anything(file.yaml.name);
    }
  }
  const fields = members.map(
    async ([key, value]) => [key, await readMap(value, [...path, key], file)] as const,
  );
  return { kind: 'object', fields: Object.fromEntries(await Promise.all(fields)) };
}

async function readMapFile(name: string, path: Path, file: MapFile): Promise<MapTemplate> {
  const target = posix.join(posix.dirname(file.yaml.name), name);
  let source: string | undefined;
  try {
    source = await file.readText(target);
    if (source === undefined) file.yaml.tell(path, `there is no file "${target}"`, { code: 'file' });
  } catch (error) {
    file.yaml.tell(
      path,
      `the file "${target}" can not be read: ${error instanceof Error ? error.message : ''}`,
      { code: 'file' },
    );
  }
  if (source === undefined) return anything(target);
  return { kind: 'expression', expression: { source, at: { file: target, line: 1, column: 1 } } };
}

/** Of a map that can make anything there is nothing more to complain about. */
function anything(file: string): MapTemplate {
  return { kind: 'expression', expression: { source: '**', at: { file, line: 1, column: 1 } } };
}

/** Whether `{ file: x }` is no member of that name: no expression begins with dots, and few are called as a file is. */
async function isOtherFile(value: string, file: MapFile): Promise<boolean> {
  if (/^\.{1,2}\//.test(value)) return true;
  if (!/^[\w][\w./-]*\.\w+$/.test(value)) return false;
  const target = posix.join(posix.dirname(file.yaml.name), value);
  return (await file.readText(target).catch(() => undefined)) !== undefined;
}
