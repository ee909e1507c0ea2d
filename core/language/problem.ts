import type { Position } from '../model/mapping.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './project.ts';
import type { SchemaFault } from './schema-faults.ts';
import type { YamlFile } from './yaml-file.ts';

/** Keys and indexes from the root of a file to one of its values. */
export type Path = readonly (string | number)[];

/**
 * One line for the terminal and the log:
 * `mappings/sales/orders.yaml:12:7: to[0].map.Buyer: unknown name "custmer"; did you mean "customer"?`
 */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message, hint } = problem;
  const what = hint === undefined ? message : `${message}; ${hint}`;
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${what}`;
}

/** `['to', 0, 'map']` → `to[0].map`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w@$-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** Gathers what is wrong with a project, so that all of it can be said at once. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  addAt(at: Position, path: string, message: string, hint?: string): void {
    const { file, line, column } = at;
    this.#problems.push({ file, line, column, path, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** At the value, or, for `part: 'key'`, at its key. */
  add(file: YamlFile, path: Path, message: string, hint?: string, part: 'key' | 'value' = 'value'): void {
    this.addAt(file.position(path, part), formatPath(path), message, hint);
  }

  /** Faults of the value that stands at `base` in the file. */
  addFaults(file: YamlFile, base: Path, value: unknown, faults: readonly SchemaFault[]): void {
    for (const fault of faults) {
      const path = [...base, ...pathOf(fault.path, value)];
      const { member, known } = fault;
      const unknownKey =
        fault.keyword === 'additionalProperties' || fault.keyword === 'unevaluatedProperties';
      if (unknownKey && member !== undefined) {
        this.add(file, [...path, member], fault.message, didYouMean(member, known ?? []), 'key');
        continue;
      }
      const given = at(value, pathOf(fault.path, value));
      const said = member ?? (typeof given === 'string' ? given : '');
      const hint = known === undefined || fault.keyword === 'required' ? undefined : didYouMean(said, known);
      this.add(file, path, fault.message, hint);
    }
  }

  get size(): number {
    return this.#problems.length;
  }

  /** By file and place; what was found twice is said once. */
  sorted(): readonly Problem[] {
    const unique = new Map(this.#problems.map((problem) => [formatProblem(problem), problem]));
    return [...unique.values()].sort(
      (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
    );
  }
}

/** A JSON pointer as a path, with numbers where the value has lists. */
function pathOf(pointer: string, value: unknown): Path {
  if (pointer === '') return [];
  let node = value;
  return pointer
    .slice(1)
    .split('/')
    .map((raw) => {
      const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
      const part = Array.isArray(node) ? Number(key) : key;
      node = at(node, [part]);
      return part;
    });
}

function at(value: unknown, path: Path): unknown {
  let node = value;
  for (const part of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Readonly<Record<string | number, unknown>>)[part];
  }
  return node;
}
