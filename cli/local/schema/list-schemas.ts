import { inlineRefs, loadSchemas } from '../../../core/language/index.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { objectOf, typeText } from '../../../core/model/schema-outline.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { safeText } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { suggestion } from '../../suggest.ts';
import { UsageError } from '../../usage-error.ts';
import { describeProperties } from '../describe-schema.ts';
import { printProblems } from '../print-problems.ts';

/** `schema list`: also of a project that has mistakes elsewhere. Exit code 1 when there are mistakes in schemas. */
export async function listSchemas({ out, root }: Session): Promise<ExitCode> {
  const { schemas, files, problems } = await loadSchemas(root);
  const items = [...files].map(([name, file]) => ({ name, file, about: aboutOf(name, schemas.get(name)) }));
  out.data({ items, problems });
  if (items.length === 0)
    out.print('There are no schemas yet. `crossdock schema infer` makes one of samples.');
  else
    out.table(
      [
        { title: 'SCHEMA', cell: (row) => row.name },
        { title: 'FILE', cell: (row) => row.file, optional: true },
        { title: 'ABOUT', cell: (row) => safeText(row.about), flex: { min: 20 }, optional: true },
      ],
      items,
    );
  if (problems.length === 0) return EXIT_CODES.ok.code;
  out.print();
  printProblems(problems, out);
  return EXIT_CODES.failed.code;
}

/** `schema show`: its members as a tree, references followed. Throws UsageError for an unknown one. */
export async function showSchema({ out, root }: Session, name: string): Promise<void> {
  const { schemas, files } = await loadSchemas(root);
  const schema = schemas.get(name);
  if (schema === undefined)
    throw new UsageError(`There is no schema "${name}".${suggestion(name, files.keys())}`);
  const resolved = safe(inlineRefs(schema, schemas, name)) as JsonSchema;
  out.data({ name, file: files.get(name), document: schema });
  const { style } = out;
  const type = typeText(resolved, (values) => values.join(' | '));
  out.print(`${style.bold(name)}  ${style.dim(`${type}, ${files.get(name) ?? ''}`)}`);
  const about = aboutOf(name, schema);
  if (about !== '') out.print(safeText(about));
  const inner = resolved['type'] === 'array' ? objectOf(resolved['items']) : resolved;
  const tree = describeProperties(inner, style, Math.min(out.width, 100) - 2);
  if (tree !== '') out.print(`\n${tree}`);
}

/** What was imported may hold anything: names and remarks as a terminal may get them. */
function safe(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [safeText(name), safe(member)]));
}

function aboutOf(name: string, schema: JsonSchema | undefined): string {
  const { title, description } = schema ?? {};
  return [title, description].filter((text) => typeof text === 'string' && text !== name).join(': ');
}
