import { inferSchema, schemaRegistry, type InferReport } from '../../../core/language/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { count, safeText } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { delimiterHint } from './csv-dialect.ts';
import { readSamples, type SampleOptions, type Samples } from './read-samples.ts';
import { checkTarget, tellerOf, writeSchema, type SchemaTarget } from './write-schema.ts';

interface InferCommandOptions extends SampleOptions, Pick<SchemaTarget, 'force' | 'stdout'> {
  readonly enums?: boolean;
  readonly examples?: boolean;
  readonly closed?: boolean;
}

/** `crossdock schema infer`. Throws UsageError for what can not be read and for a schema that is there already. */
export async function inferFromSamples(
  session: Session,
  name: string,
  files: readonly string[],
  options: InferCommandOptions,
): Promise<void> {
  if (files.length === 0 && options.message === undefined)
    throw new UsageError('Name files with samples, or - for standard input.');
  const target = { ...options, as: name };
  await checkTarget(session, target);
  const samples = await readSamples(session, files, options);
  const texts = samples.formats.has('csv') || samples.formats.has('xml');
  const inferred = inferSchema(samples.values, { ...options, texts });
  const { $schema, ...rest } = inferred.schema;
  const from = `Made of ${count(samples.values.length, 'sample')}: look it over before you rely on it.`;
  const schema: JsonSchema = { $schema, title: name, description: from, ...rest };
  refuseMisfits(schema, samples);
  const file = await writeSchema(session, target, schema);
  session.out.data({ schema: name, file, ...inferred.report, document: schema });
  say(session, { file, report: inferred.report, samples });
}

/** That every sample fits is the promise of the command: it is looked at and not believed. */
function refuseMisfits(schema: JsonSchema, samples: Samples): void {
  const validate = schemaRegistry(new Map([['made', schema]])).compile('made');
  samples.values.forEach((sample, i) => {
    const [fault] = validate(sample);
    if (fault === undefined) return;
    const where = `${samples.origin(i)}${fault.path === '' ? '' : ` at ${fault.path}`}`;
    throw new CrossdockError(
      'UNEXPECTED',
      `The schema that was made does not fit ${where}: ${fault.message}.`,
    );
  });
}

interface Made {
  readonly file: string | undefined;
  readonly report: InferReport;
  readonly samples: Samples;
}

const SHOWN = 15;

function say(session: Session, { file, report, samples }: Made): void {
  const { out, io } = session;
  if (out.json) return;
  const { what: made, tell: print } = tellerOf(session, file);
  const { style } = out;
  const what = `${count(report.samples, 'sample')}, ${count(report.fields, 'field')}`;
  print(`${made} of ${what}; every sample fits it.`);
  const { missing, maps, sensitive, mixed, unknown } = report;
  section(
    'Sometimes missing',
    missing.map(({ path, seen, of }) => [path, `in ${seen} of ${of}`]),
  );
  section(
    'Of several types',
    mixed.map(({ path, types }) => [path, types.join(', ')]),
  );
  section(
    'Taken for maps of any names',
    maps.map(({ path, names }) => [path, count(names, 'name')]),
  );
  section(
    'Marked x-sensitive, without examples',
    sensitive.map((path) => [path]),
  );
  section(
    'Never had a value',
    unknown.map((path) => [path]),
  );
  if (report.samples < 3)
    print(
      `\n${style.dim('Formats and patterns are recognised in three texts or more: with more samples it knows more.')}`,
    );
  if (samples.delimiter !== undefined) print(`\n${style.dim(delimiterHint(samples.delimiter))}`);
  if (samples.values.length === 1 && Array.isArray(samples.values[0]) && io.out.isTTY)
    print(`\n${style.dim('The sample is a list. With --each, each of its items is a sample.')}`);

  function section(title: string, lines: readonly (readonly [path: string, fact?: string])[]): void {
    if (lines.length === 0) return;
    print(`\n  ${title}`);
    for (const [path, fact] of lines.slice(0, SHOWN))
      print(`    ${safeText(path || '(all of it)')}${fact === undefined ? '' : `  ${style.dim(fact)}`}`);
    if (lines.length > SHOWN) print(`    ${style.dim(`and ${lines.length - SHOWN} more`)}`);
  }
}
