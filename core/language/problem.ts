import { CHECKS, type CheckCode } from './check-codes.ts';
import { fromPointer } from './json-pointer.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { Problem } from './project.ts';
import type { SchemaFault } from './schema-faults.ts';

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

/** A problem as it is found. */
export type NewProblem = Omit<Problem, 'code' | 'severity' | 'hint' | 'end' | 'fix'> & {
  readonly [K in 'code' | 'severity' | 'hint' | 'end' | 'fix']?: Problem[K] | undefined;
};

/** Gathers what is wrong with a project, so that all of it can be said at once. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  /** The code is `file` and the severity that of the code, unless told. */
  add({ code = 'file', severity = CHECKS[code].severity, hint, end, fix, ...problem }: NewProblem): void {
    const { file, line, column, path, message } = problem;
    this.#problems.push({
      file,
      line,
      column,
      path,
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(end === undefined ? {} : { end }),
      ...(fix === undefined ? {} : { fix }),
    });
  }

  /** How many of them let nothing start. */
  get errors(): number {
    return this.#problems.filter(({ severity }) => severity === 'error').length;
  }

  /** By file and place; what was found twice is said once. */
  sorted(): readonly Problem[] {
    const unique = new Map(this.#problems.map((problem) => [formatProblem(problem), problem]));
    return [...unique.values()].sort(
      (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
    );
  }
}

/** What can be said of a part of a file beside the message. */
export interface Remark {
  readonly hint?: string | undefined;
  /** The known name that was probably meant: told as a hint, and as a fix. */
  readonly near?: string | undefined;
  /** Default `form`. */
  readonly code?: CheckCode | undefined;
  /** Whether the key is meant or, by default, the value behind it. */
  readonly part?: 'key' | 'value';
}

/** A fault of a value that is a part of a file, as it is told to people. */
export function describeFault(
  fault: SchemaFault,
  value: unknown,
): Remark & { readonly path: Path; readonly message: string } {
  const path = pathOf(fault.path, value);
  const { keyword, member, message } = fault;
  const known = keyword === 'required' ? [] : (fault.known ?? []);
  if ((keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') && member !== undefined) {
    return {
      path: [...path, member],
      message,
      near: nearest(member, known),
      part: 'key',
      code: 'unknown-key',
    };
  }
  const given = at(value, path);
  const name = typeof given === 'string' ? given : '';
  if (member !== undefined) return { path, message, hint: didYouMean(member, known) };
  return { path, message, near: nearest(name, known) };
}

/** A JSON pointer as a path, with numbers where the value has lists. */
function pathOf(pointer: string, value: unknown): Path {
  let node = value;
  return fromPointer(pointer).map((key) => {
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
