import { CsvError, parse, type Parser } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { unreadable } from './limits.ts';

export interface CsvOptions {
  /** Default `,`. */
  readonly delimiter?: string;
  /** Names of the columns, for files without a header row. Default: the first row. */
  readonly columns?: readonly string[];
  /** Default `"`. Inside a quoted field it is written twice. */
  readonly quote?: string;
  /** A record that takes more is refused. Default 1 MiB of characters. */
  readonly maxRecordChars?: number;
}

export interface CsvRecord {
  /** The line of the file where the record ends, from 1. */
  readonly line: number;
  /** Every value is a string, as it stands in the file. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads CSV (RFC 4180) as a stream, record by record, in constant memory. UTF-8 with or without byte order mark; empty
 * lines are skipped. Throws BODY_UNREADABLE with the line for a record with too many or too few fields, a stray quote,
 * a column that is named twice, or bytes that are not UTF-8.
 */
export async function* readCsv(
  input: AsyncIterable<Buffer | string>,
  options: CsvOptions = {},
): AsyncGenerator<CsvRecord, void, undefined> {
  const read: Row[] = [];
  const quote = options.quote ?? '"';
  const parser = parse({
    bom: true,
    delimiter: options.delimiter ?? ',',
    quote,
    escape: quote,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: options.maxRecordChars ?? 1024 * 1024,
    // Taken here and not from the stream's read side, which drops what it holds when a later record is malformed.
    on_record: (fields: string[], context) => {
      read.push({ fields, line: context.lines });
      return null;
    },
  });
  parser.on('error', () => undefined);
  parser.resume();
  let columns = options.columns === undefined ? undefined : checkColumns(options.columns, 0);
  try {
    for await (const text of decode(input)) {
      const failure = await feed(parser, text);
      for (const row of read.splice(0)) {
        if (columns === undefined) columns = checkColumns(row.fields, row.line);
        else yield { line: row.line, values: toValues(columns, row) };
      }
      if (failure !== undefined) throw malformed(failure);
    }
  } finally {
    parser.destroy();
  }
}

interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

/** Resolves when the parser has worked through `text` (undefined: the end), with what it stumbled over, if anything. */
function feed(parser: Parser, text: string | undefined): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const done = (error?: Error | null): void => resolve(error ?? undefined);
    if (text === undefined) parser.once('error', done).end(done);
    else parser.write(text, done);
  });
}

function malformed(error: Error): Error {
  if (!(error instanceof CsvError)) return error;
  const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
  const reason = REASONS[error.code] ?? 'it is malformed';
  return unreadable(`The CSV can not be read at line ${line}: ${reason}.`, error);
}

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a character follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that is not quoted',
  CSV_MAX_RECORD_SIZE: 'the record is too long',
};

/** The pieces of the text, then undefined for its end. */
async function* decode(input: AsyncIterable<Buffer | string>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of input) {
      yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
    yield undefined;
  } catch (error) {
    throw error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? unreadable('The CSV is not valid UTF-8.', error)
      : error;
  }
}

function checkColumns(names: readonly string[], line: number): readonly string[] {
  const seen = new Set<string>();
  const trimmed = names.map((name) => name.trim());
  for (const name of trimmed) {
    if (name === '' || name === '__proto__' || seen.has(name)) {
      throw unreadable(`The CSV can not be read at line ${line}: a column has no name of its own.`);
    }
    seen.add(name);
  }
  return trimmed;
}

function toValues(columns: readonly string[], row: Row): Readonly<Record<string, string>> {
  if (row.fields.length !== columns.length) {
    throw unreadable(
      `The CSV can not be read at line ${row.line}: it has ${row.fields.length} fields instead of ${columns.length}.`,
    );
  }
  const values: Record<string, string> = {};
  for (let i = 0; i < columns.length; i++) values[columns[i] as string] = row.fields[i] as string;
  return values;
}

export interface CsvBuildOptions {
  /** The columns and their order. Default: the members of the first record. */
  readonly columns?: readonly string[];
  /** Default `,`. */
  readonly delimiter?: string;
}

/**
 * Records → CSV, with a header row. A text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, a tab or a line end
 * at its start) gets a `'` before it; numbers stay as they are. Objects and lists are written as JSON.
 */
export function buildCsv(
  records: readonly Readonly<Record<string, unknown>>[],
  options: CsvBuildOptions = {},
): string {
  const columns = options.columns ?? Object.keys(records[0] ?? {});
  return stringify(
    records.map((record) => columns.map((column) => cell(record[column]))),
    {
      header: true,
      columns: columns.map((column) => ({ key: column })),
      delimiter: options.delimiter ?? ',',
      // RFC 4180.
      record_delimiter: '\r\n',
      escape_formulas: true,
      cast: { number: (value) => ({ value: String(value), escape_formulas: false }), boolean: String },
    },
  );
}

function cell(value: unknown): string | number | boolean {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
