import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { schemaRegistry } from '../../core/language/index.ts';
import { ERRORS } from '../../core/model/errors.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { pathText } from '../output/diff.ts';
import { nearestName } from '../suggest.ts';
import type { Told } from './print-problems.ts';
import { givenFaults } from './given.ts';
import type { Given } from './given.ts';
import { readBodyFile } from './read-body-file.ts';

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

const FAILURE: JsonSchema = {
  type: 'object',
  properties: {
    code: { enum: Object.keys(ERRORS), description: 'The error code, as in docs/reference/errors.md.' },
    path: { type: 'string', description: 'Where in the data or the mapping.', examples: ['/lines'] },
    target: {
      type: 'string',
      description: 'Only this target; default all that nothing else is said of.',
      examples: ['erp'],
    },
    part: { type: 'integer', minimum: 1, description: 'Which part of a split, from 1; default any.' },
  },
  required: ['code'],
  additionalProperties: false,
};

/** The form of a `*.test.yaml` file. */
export const TEST_FILE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    cases: {
      type: 'array',
      description: 'What the mapping is to do, case by case.',
      examples: [[{ name: 'an open order goes nowhere', input: { status: 'open' }, filtered: true }]],
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            description: 'What the case shows, as a sentence.',
            examples: ['a paid order becomes a sales order'],
          },
          input: {
            description: "The message's body, or { file: path } of a file that holds it.",
            examples: [{ file: '../../samples/order.json' }],
          },
          headers: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'Transport headers, for $message.headers.',
            examples: [{ 'x-shop': 'eu' }],
          },
          time: {
            type: 'string',
            format: 'date-time',
            description:
              'When the hub accepted the message, for $message.time. Default 2026-01-01T00:00:00.000Z.',
            examples: ['2026-03-01T12:00:00.000Z'],
          },
          given: {
            type: 'object',
            description:
              'Answers for enrich steps, by the name that the step gives them. { fails: CODE } is a question that fails; { in_order: [...] } answers several questions one after the other.',
            examples: [{ account: { erpCode: 'K-1001' } }],
          },
          message: {
            type: 'object',
            description: "What intake finds by the mapping's message.id and message.keys.",
            properties: {
              id: {
                type: ['string', 'number'],
                description: 'The id after which duplicates are recognised.',
                examples: ['4711'],
              },
              keys: {
                type: 'object',
                additionalProperties: { type: ['string', 'number'] },
                description: 'All business keys.',
                examples: [{ order: '4711' }],
              },
            },
            minProperties: 1,
            additionalProperties: false,
          },
          split: {
            type: 'array',
            description: 'The bodies that the first split makes.',
            examples: [[{ sku: 'MUG-1' }, { sku: 'PEN-9' }]],
          },
          expect: {
            type: 'object',
            description: 'Target → its whole output; a list of outputs where the mapping splits.',
            examples: [{ erp: { OrderRef: '4711' } }],
          },
          filtered: {
            oneOf: [{ const: true }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
            description: 'The targets that get nothing; true for all.',
          },
          fails: {
            description: 'The failure that is expected; a list where targets fail differently.',
            anyOf: [FAILURE, { type: 'array', items: FAILURE, minItems: 1 }],
          },
          todo: {
            type: 'string',
            minLength: 1,
            description: 'Why the case can not run yet; it is listed and not run.',
            examples: ['the ERP has no cancellations yet'],
          },
        },
        required: ['name', 'input'],
        anyOf: ['expect', 'filtered', 'fails', 'message', 'split', 'todo'].map((name) => ({
          required: [name],
        })),
        additionalProperties: false,
      },
    },
  },
  required: ['cases'],
  additionalProperties: false,
};

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
    return { fault: `${input.file} can not be read: ${(error as Error).message}` };
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
