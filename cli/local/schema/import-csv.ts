import { inferSchema } from '../../../core/language/index.ts';
import { readCsv } from '../../../core/formats/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { count, safeText } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { delimiterHint, fieldsOf, findDelimiter, piecesOf } from './csv-dialect.ts';
import { readNamedFile } from './read-file.ts';
import { checkTarget, tellerOf, writeSchema, type SchemaTarget } from './write-schema.ts';

interface CsvImportOptions extends SchemaTarget {
  readonly delimiter?: string;
  /** Records that are looked at for what the columns hold. */
  readonly rows: number;
  readonly examples?: boolean;
  readonly closed?: boolean;
}

/** `crossdock schema import csv`: a member for each column, as the file connector makes of each line. */
export async function importCsv(session: Session, file: string, options: CsvImportOptions): Promise<void> {
  await checkTarget(session, options);
  const bytes = await readNamedFile(session, file);
  const delimiter = options.delimiter ?? findDelimiter(bytes.toString('utf8')) ?? ',';
  const { columns, records } = await readTable(bytes, { file, delimiter, rows: options.rows });
  const { schema: made } = inferSchema(records, { ...options, texts: true });
  const found = (made['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const schema: JsonSchema = {
    $schema: made['$schema'],
    ...(options.as === undefined ? {} : { title: options.as }),
    description: 'One line of a CSV file. All values are texts.',
    type: 'object',
    required: columns,
    properties: Object.fromEntries(columns.map((name) => [name, found[name] ?? { type: 'string' }])),
    ...(options.closed === true ? { additionalProperties: false } : {}),
  };
  const written = await writeSchema(session, options, schema);
  const { out } = session;
  out.data({ schema: options.as, file: written, delimiter, columns, rows: records.length, document: schema });
  if (out.json) return;
  const { style } = out;
  const { what, tell } = tellerOf(session, written);
  tell(`${what} of ${count(columns.length, 'column')}; ${count(records.length, 'line')} looked at.`);
  for (const name of columns) tell(`    ${safeText(name)}  ${style.dim(whatOf(found[name]))}`);
  if (delimiter !== ',') tell(`\n${style.dim(delimiterHint(delimiter))}`);
}

interface TableOptions {
  readonly file: string;
  readonly delimiter: string;
  readonly rows: number;
}

interface Table {
  readonly columns: readonly string[];
  readonly records: readonly Readonly<Record<string, string>>[];
}

async function readTable(bytes: Buffer, { file, delimiter, rows }: TableOptions): Promise<Table> {
  try {
    const records: Readonly<Record<string, string>>[] = [];
    for await (const { values } of readCsv(piecesOf(bytes), { delimiter })) {
      if (records.length >= rows) break;
      records.push(values);
    }
    // Not the members of a record: in an object, names that are numbers come before all others.
    return { columns: await headerOf(bytes, delimiter), records };
  } catch (error) {
    throw new UsageError(`${file}: ${CrossdockError.from(error).message}`);
  }
}

/** The names of the header line, as the reader takes them: trimmed. */
async function headerOf(bytes: Buffer, delimiter: string): Promise<readonly string[]> {
  const places = Array.from({ length: fieldsOf(bytes.toString('utf8'), delimiter) }, (_, i) => `c${i}`);
  for await (const { values } of readCsv(piecesOf(bytes), { delimiter, columns: places }))
    return places.map((place) => (values[place] as string).trim());
  throw new UsageError('there is no header line');
}

/** What was found out about a column, in a word or two. */
function whatOf(schema: JsonSchema | undefined): string {
  const { format, pattern, description } = schema ?? {};
  const what =
    typeof format === 'string'
      ? format
      : typeof pattern === 'string' && typeof description === 'string'
        ? description.replace(/ as text.*$/, '').toLowerCase()
        : 'text';
  return schema?.['x-sensitive'] === true ? `${what}, sensitive` : what;
}
