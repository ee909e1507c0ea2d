import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { parseBody } from '../../core/formats/index.ts';
import { schemaRegistry } from '../../core/language/index.ts';
import type { Problem } from '../../core/language/index.ts';
import { ERRORS } from '../../core/model/errors.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { nearestName } from '../suggest.ts';

/** One case of a `*.test.yaml` file, its input read. */
export interface TestCase {
  readonly name: string;
  /** From 1, in the test file. */
  readonly line: number;
  readonly input: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Answers for enrich steps, by the name that the step gives them. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Target → its output; for a mapping that splits, the list of outputs. */
  readonly expect?: Readonly<Record<string, unknown>>;
  /** The targets that get nothing; `true` for all. */
  readonly filtered?: true | readonly string[];
  readonly fails?: { readonly code: ErrorCode; readonly path?: string; readonly target?: string };
}

export interface TestFile {
  /** Relative to the project. */
  readonly file: string;
  /** The mapping that it tests: `sales/orders` for mappings/sales/orders.test.yaml. */
  readonly mapping: string;
  readonly cases: readonly TestCase[];
  /** Mistakes in the file itself; with any, there are no cases. */
  readonly problems: readonly Problem[];
}

/** The form of a `*.test.yaml` file. */
export const TEST_FILE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    cases: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, description: 'What the case shows, as a sentence.' },
          input: { description: "The message's body, or { file: path } of a file that holds it." },
          headers: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'Transport headers.',
          },
          given: {
            type: 'object',
            description: 'Answers for enrich steps, by the name that the step gives them.',
          },
          expect: {
            type: 'object',
            description: 'Target → its whole output; a list of outputs where the mapping splits.',
          },
          filtered: {
            oneOf: [{ const: true }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
            description: 'The targets that get nothing; true for all.',
          },
          fails: {
            type: 'object',
            properties: {
              code: {
                enum: Object.keys(ERRORS),
                description: 'The error code, as in docs/reference/errors.md.',
              },
              path: { type: 'string', description: 'Where in the data or the mapping.' },
              target: { type: 'string', description: 'Only this target; default all.' },
            },
            required: ['code'],
            additionalProperties: false,
          },
        },
        required: ['name', 'input'],
        anyOf: [{ required: ['expect'] }, { required: ['filtered'] }, { required: ['fails'] }],
        additionalProperties: false,
      },
    },
  },
  required: ['cases'],
  additionalProperties: false,
};

/** Reads a test file and the input files that it names. Never throws: mistakes are in `problems`. */
export async function readTestFile(root: string, file: string): Promise<TestFile> {
  const mapping = file.replace(/^mappings\//, '').replace(/\.test\.ya?ml$/, '');
  const lines = new LineCounter();
  const document = parseDocument(await readFile(join(root, file), 'utf8'), { lineCounter: lines });
  const problem = (path: readonly (string | number)[], message: string, hint?: string): Problem => ({
    file,
    ...positionOf(document, lines, path),
    path: pathText(path),
    message,
    hint,
  });
  const broken = document.errors.map(({ message, linePos }) => ({
    file,
    line: linePos?.[0].line ?? 1,
    column: linePos?.[0].col ?? 1,
    path: '',
    message: message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'no YAML',
  }));
  if (broken.length > 0) return { file, mapping, cases: [], problems: broken };
  const value: unknown = document.toJS();
  const faults = schemaRegistry(new Map()).compile(TEST_FILE_SCHEMA)(value);
  if (faults.length > 0) {
    const problems = faults.map(({ path, message, member, known }) => {
      const near = member === undefined ? undefined : nearestName(member, known ?? []);
      return problem(segments(path), message, near && `did you mean "${near}"?`);
    });
    return { file, mapping, cases: [], problems };
  }
  const problems: Problem[] = [];
  const cases: TestCase[] = [];
  for (const [index, raw] of (value as { cases: readonly RawCase[] }).cases.entries()) {
    const { line } = positionOf(document, lines, ['cases', index]);
    const read = await readInput(raw.input, dirname(join(root, file)));
    if ('fault' in read) problems.push(problem(['cases', index, 'input'], read.fault));
    else cases.push({ ...raw, input: read.input, headers: raw.headers ?? {}, given: raw.given ?? {}, line });
  }
  return { file, mapping, cases: problems.length > 0 ? [] : cases, problems };
}

type RawCase = Omit<TestCase, 'line' | 'headers' | 'given'> & Partial<Pick<TestCase, 'headers' | 'given'>>;

async function readInput(
  input: unknown,
  folder: string,
): Promise<{ readonly input: unknown } | { readonly fault: string }> {
  if (!isFileRef(input)) return { input };
  try {
    return { input: await readBodyFile(join(folder, input.file)) };
  } catch (error) {
    return { fault: `${input.file} can not be read: ${(error as Error).message}` };
  }
}

/** A message's body out of a file: YAML and JSON as such, XML as the hub reads it. Throws what reading throws. */
export async function readBodyFile(path: string): Promise<unknown> {
  const bytes = await readFile(path);
  switch (extname(path).toLowerCase()) {
    case '.xml':
      return parseBody('application/xml', bytes);
    case '.yaml':
    case '.yml':
      return parseDocument(bytes.toString('utf8')).toJS() as unknown;
    default:
      return parseBody('application/json', bytes);
  }
}

function isFileRef(input: unknown): input is { readonly file: string } {
  if (typeof input !== 'object' || input === null) return false;
  const names = Object.keys(input);
  return names.length === 1 && typeof (input as Record<string, unknown>)['file'] === 'string';
}

/** Line and column of what stands at a path, or of the nearest thing around it. */
function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { readonly line: number; readonly column: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
}

/** A JSON pointer as the steps of a path. */
function segments(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
