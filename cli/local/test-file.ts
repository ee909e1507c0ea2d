import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { schemaRegistry, yamlFaults } from '../../core/language/index.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import { pathText } from '../output/diff.ts';
import { nearestName } from '../suggest.ts';
import type { Told } from './print-problems.ts';
import { givenFaults } from './given.ts';
import type { Given } from './given.ts';
import { readBodyFile } from './read-body-file.ts';
import { reasonOf } from './schema/read-file.ts';
import { TEST_FILE_SCHEMA } from './test-file-schema.ts';

/** One case of a `*.test.yaml` file, its input read. */
export interface TestCase {
  readonly name: string;
  /** From 1, in the test file. */
  readonly line: number;
  readonly column: number;
  readonly input: unknown;
  /** The file that the input came from, if it has one of its own; relative to the project. */
  readonly inputFile?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When the hub accepted the message, for `$message.time`. */
  readonly time?: string;
  /** Answers for enrich steps, by the name that the step gives them. */
  readonly given: Given;
  /** What intake finds: the id after which duplicates are recognised, and all business keys. */
  readonly message?: {
    readonly id?: string | number;
    readonly keys?: Readonly<Record<string, string | number>>;
  };
  /** The bodies that the first split makes. */
  readonly split?: readonly unknown[];
  /** Target → its output; for a mapping that splits, the list of outputs. */
  readonly expect?: Readonly<Record<string, unknown>>;
  /** The targets that get nothing; `true` for all. */
  readonly filtered?: true | readonly string[];
  readonly fails: readonly ExpectedFailure[];
  /** Why the case can not run yet; then it is listed and not run. */
  readonly todo?: string;
  /** Its place in `cases`. */
  readonly index: number;
  /** Where a part of the case stands, by its path within the case; else the nearest thing around it. */
  place(path: readonly (string | number)[]): Place;
}

export interface ExpectedFailure {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly target?: string;
  /** Which part of a split, from 1; default any. */
  readonly part?: number;
}

/** Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TestFile {
  /** Relative to the project. */
  readonly file: string;
  /** The mapping that it tests: `sales/orders` for mappings/sales/orders.test.yaml. */
  readonly mapping: string;
  readonly cases: readonly TestCase[];
  /** Mistakes in the file itself; with any, there are no cases. */
  readonly problems: readonly Told[];
}

/** `mappings/sales/orders.test.yaml` → `sales/orders`. */
export function mappingOf(file: string): string {
  return file.replace(/^mappings\//, '').replace(/\.test\.ya?ml$/, '');
}

/** Reads a test file and the input files that it names. Never throws: mistakes are in `problems`. */
export async function readTestFile(root: string, file: string): Promise<TestFile> {
  const mapping = mappingOf(file);
  const lines = new LineCounter();
  const document = parseDocument(await readFile(join(root, file), 'utf8'), { lineCounter: lines });
  const problem = (path: readonly (string | number)[], message: string, hint?: string): Told => ({
    file,
    ...positionOf(document, lines, path),
    path: pathText(path),
    message,
    hint,
  });
  const errors = document.errors.map(({ message, pos }) => ({
    offset: pos[0],
    message: message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'no YAML',
  }));
  const broken = errors.length > 0 ? errors : yamlFaults(document);
  if (broken.length > 0) {
    const problems = broken.map(({ offset, message }) => ({
      file,
      ...placeOf(lines, offset),
      path: '',
      message,
    }));
    return { file, mapping, cases: [], problems };
  }
  const value: unknown = document.toJS();
  const faults = schemaRegistry(new Map()).compile(TEST_FILE_SCHEMA)(value);
  if (faults.length > 0) {
    const problems = faults.map(({ path, message, member, known }) => {
      const near = member === undefined ? undefined : nearestName(member, known ?? []);
      return problem(segments(path), message, near && `did you mean "${near}"?`);
    });
    return { file, mapping, cases: [], problems };
  }
  const problems: Told[] = [];
  const cases: TestCase[] = [];
  for (const [index, raw] of (value as { cases: readonly RawCase[] }).cases.entries()) {
    const base = ['cases', index] as const;
    const read = await readInput(raw.input, dirname(file), root);
    if ('fault' in read) {
      problems.push(problem([...base, 'input'], read.fault));
      continue;
    }
    const given = raw.given ?? {};
    for (const [name, fault] of givenFaults(given)) problems.push(problem([...base, 'given', name], fault));
    cases.push({
      ...raw,
      ...read,
      headers: raw.headers ?? {},
      given,
      fails: raw.fails === undefined ? [] : [raw.fails].flat(),
      index,
      ...positionOf(document, lines, base),
      place: (path) => positionOf(document, lines, [...base, ...path]),
    });
  }
  return { file, mapping, cases: problems.length > 0 ? [] : cases, problems };
}

type RawCase = Pick<
  TestCase,
  'name' | 'input' | 'time' | 'message' | 'split' | 'expect' | 'filtered' | 'todo'
> &
  Partial<Pick<TestCase, 'headers' | 'given'>> & {
    readonly fails?: ExpectedFailure | readonly ExpectedFailure[];
  };

async function readInput(
  input: unknown,
  folder: string,
  root: string,
): Promise<Pick<TestCase, 'input' | 'inputFile'> | { readonly fault: string }> {
  if (!isFileRef(input)) return { input };
  const inputFile = posix.join(folder, input.file);
  try {
    return { input: await readBodyFile(join(root, inputFile)), inputFile };
  } catch (error) {
    return { fault: `${input.file} can not be read: ${reasonOf(error as NodeJS.ErrnoException)}` };
  }
}

function isFileRef(input: unknown): input is { readonly file: string } {
  if (typeof input !== 'object' || input === null) return false;
  const names = Object.keys(input);
  return names.length === 1 && typeof (input as Record<string, unknown>)['file'] === 'string';
}

/** Line and column of what stands at a path, or of the nearest thing around it. */
function positionOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    return placeOf(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A JSON pointer as the steps of a path. */
function segments(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}
