import { existsSync, globSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { parseJson, parseXml, readCsv } from '../../../core/formats/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { fetchMessage } from '../../capture/fetch-message.ts';
import { isRecord, pathText } from '../../output/diff.ts';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { findDelimiter, piecesOf } from './csv-dialect.ts';
import { MAX_BYTES, readNamedFile } from './read-file.ts';

const SAMPLE_FORMATS = ['json', 'ndjson', 'xml', 'csv'] as const;

type SampleFormat = (typeof SAMPLE_FORMATS)[number];

export interface SampleOptions {
  /** What all files are; by default each is what its name or its first characters say. */
  readonly format?: SampleFormat;
  /** Each item of a list is a sample. */
  readonly each?: boolean;
  /** Of CSV; found out by default. */
  readonly delimiter?: string;
  /** Messages of a running hub, by id. */
  readonly message?: readonly string[];
}

export interface Samples {
  readonly values: readonly unknown[];
  /** Which file, and which sample of it, the value at this place is. */
  readonly origin: (index: number) => string;
  readonly formats: ReadonlySet<SampleFormat>;
  /** Of the CSV files, where it is not a comma. */
  readonly delimiter?: string;
}

const MAX_SAMPLES = 200_000;
const ENDINGS: Readonly<Record<string, SampleFormat>> = {
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.xml': 'xml',
  '.csv': 'csv',
  '.tsv': 'csv',
};

/**
 * Reads sample messages from files, as the hub would read them, and takes those that a hub has. Throws UsageError for a
 * file that can not be read, and what the hub says.
 */
export async function readSamples(
  session: Session,
  files: readonly string[],
  options: SampleOptions,
): Promise<Samples> {
  const values: unknown[] = [];
  const ends: { readonly file: string; readonly start: number }[] = [];
  const formats = new Set<SampleFormat>();
  let delimiter: string | undefined;
  for (const file of files.flatMap((named) => expand(session, named))) {
    const bytes = await readNamedFile(session, file);
    const name = file === '-' ? 'standard input' : file;
    const format = options.format ?? ENDINGS[extname(file).toLowerCase()] ?? guess(bytes, name);
    ends.push({ file: name, start: values.length });
    formats.add(format);
    try {
      if (format === 'csv') {
        delimiter = options.delimiter ?? findDelimiter(bytes.toString('utf8')) ?? ',';
        for await (const { values: record } of readCsv(piecesOf(bytes), { delimiter })) values.push(record);
      } else {
        // One by one: a list of many is too much for an argument list.
        for (const value of readDocument(bytes, format, options.each === true)) values.push(value);
      }
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${name}: ${error.message}`);
      const { message } = CrossdockError.from(error);
      throw new UsageError(`${name}: ${message}`);
    }
    if (values.length > MAX_SAMPLES)
      throw new UsageError(`There are more than ${MAX_SAMPLES} samples. A part of them will do.`);
  }
  for (const id of options.message ?? []) {
    const { body, contentType } = await fetchMessage(await session.hub(), id);
    ends.push({ file: `message ${id}`, start: values.length });
    formats.add(/xml\b/.test(contentType) ? 'xml' : 'json');
    values.push(body);
  }
  if (values.length === 0) throw new UsageError('There is no sample in what was given.');
  const origin = (index: number): string => {
    const { file, start } = ends.findLast((one) => one.start <= index) ?? { file: '', start: 0 };
    return `${file}, sample ${index - start + 1}`;
  };
  refuseEndless(values, origin);
  return {
    values,
    origin,
    formats,
    ...(delimiter === undefined || delimiter === ',' ? {} : { delimiter }),
  };
}

/** JSON can write numbers that no number here can hold (`1e400`): they are read as infinite, and no schema has such. */
function refuseEndless(values: readonly unknown[], origin: (index: number) => string): void {
  for (const [index, value] of values.entries()) {
    const place = endlessNumber(value);
    if (place !== undefined)
      throw new UsageError(
        `${origin(index)}${place.length === 0 ? '' : ` at ${pathText(place)}`}: the number is too large to be read.`,
      );
  }
}

function endlessNumber(value: unknown): readonly (string | number)[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : [];
  const members: Iterable<readonly [string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : isRecord(value)
      ? Object.entries(value)
      : [];
  for (const [key, member] of members) {
    const place = endlessNumber(member);
    if (place !== undefined) return [key, ...place];
  }
  return undefined;
}

/** Files of a pattern, for shells that leave it to the program. */
function expand({ io }: Session, named: string): readonly string[] {
  if (!named.includes('*') || existsSync(resolve(io.cwd, named))) return [named];
  const files = globSync(named, { cwd: io.cwd }).sort();
  return files.length === 0 ? [named] : files;
}

function readDocument(bytes: Buffer, format: 'json' | 'ndjson' | 'xml', each: boolean): readonly unknown[] {
  if (format === 'xml') return [parseXml(bytes, { maxBytes: MAX_BYTES, maxNodes: 1_000_000 })];
  if (format === 'ndjson') {
    const lines = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .split('\n');
    return lines.flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [parseJson(line)];
      } catch (error) {
        const reason = CrossdockError.from(error).message.replace(/^The body is/, 'it is');
        throw new UsageError(`line ${i + 1}: ${reason}`);
      }
    });
  }
  const value = parseJson(bytes, { maxBytes: MAX_BYTES });
  if (!each) return [value];
  if (!Array.isArray(value)) throw new UsageError('it is no list, so --each has nothing to take apart.');
  return value as readonly unknown[];
}

/** What a file without a telling name is, by how it begins. */
function guess(bytes: Buffer, name: string): SampleFormat {
  const start = bytes
    .subarray(0, 64 * 1024)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (start.startsWith('<')) return 'xml';
  if (start.startsWith('{') || start.startsWith('[')) {
    const [first = '', second = ''] = start.split('\n');
    return isJson(first) && /^\s*[[{]/.test(second) ? 'ndjson' : 'json';
  }
  throw new UsageError(`${name}: say what it is with --format (${SAMPLE_FORMATS.join(', ')}).`);
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
