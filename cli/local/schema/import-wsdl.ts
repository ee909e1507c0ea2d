import { basename, dirname, relative, resolve } from 'node:path';
import { readWsdlSchemas, type WsdlSchemas } from '../../../connectors/soap/index.ts';
import { projectFolder } from '../../../core/language/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { safeText } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { suggestion } from '../../suggest.ts';
import { UsageError } from '../../usage-error.ts';
import { refuseUrl } from './read-file.ts';
import { checkTarget, tellerOf, writeSchema, type SchemaTarget } from './write-schema.ts';

interface WsdlImportOptions extends SchemaTarget {
  readonly operation?: string;
  readonly element?: string;
  readonly output?: boolean;
  readonly service?: string;
  readonly port?: string;
}

/**
 * `crossdock schema import wsdl`: of a WSDL or an XSD file; without a name lists what there is. Throws UsageError for
 * names that it does not have, and for a file that can not be read.
 */
export async function importWsdl(session: Session, file: string, options: WsdlImportOptions): Promise<void> {
  if (options.operation !== undefined && options.element !== undefined)
    throw new UsageError('Name either an --operation or an --element.');
  refuseUrl(file);
  const named = options.operation !== undefined || options.element !== undefined;
  if (named) await checkTarget(session, options);
  const schemas = await read(session, file, options);
  if (!named) return list(session, file, schemas);
  const { what, schema } = choose(schemas, options);
  const titled = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(options.as === undefined ? {} : { title: options.as }),
    ...schema(),
  };
  const written = await writeSchema(session, options, titled);
  const { out } = session;
  out.data({ schema: options.as, file: written, from: what, document: titled });
  if (out.json) return;
  const teller = tellerOf(session, written);
  teller.tell(`${teller.what}: ${safeText(what)}.`);
}

/** What the file imports must lie in the project as well, or in its own folder where it is not in the project. */
async function read(session: Session, file: string, options: WsdlImportOptions): Promise<WsdlSchemas> {
  const path = resolve(session.io.cwd, file);
  const inProject = relative(session.root, path).replaceAll('\\', '/');
  const outside = inProject.startsWith('..') || resolve(session.root, inProject) !== path;
  const folder = projectFolder(outside ? dirname(path) : session.root);
  const choice = {
    ...(options.service === undefined ? {} : { service: options.service }),
    ...(options.port === undefined ? {} : { port: options.port }),
  };
  try {
    return await readWsdlSchemas(outside ? basename(path) : inProject, folder.files, choice);
  } catch (error) {
    const known = CrossdockError.from(error);
    if (isMissing(known)) throw new UsageError(`${file} can not be read: there is no such file.`);
    throw new UsageError(known.message, { cause: error });
  }
}

function isMissing(error: CrossdockError): boolean {
  const deepest = (thrown: unknown): unknown =>
    thrown instanceof Error && thrown.cause !== undefined ? deepest(thrown.cause) : thrown;
  return (deepest(error) as NodeJS.ErrnoException).code === 'ENOENT';
}

interface Chosen {
  readonly what: string;
  readonly schema: () => JsonSchema;
}

function choose({ operations, elements }: WsdlSchemas, options: WsdlImportOptions): Chosen {
  const direction = options.output === true ? 'output' : 'input';
  if (options.element !== undefined) {
    const wanted = options.element;
    const found = elements.find(
      ({ name, namespace }) => wanted === name || wanted === `{${namespace}}${name}`,
    );
    if (found !== undefined) return { what: `element ${found.name}`, schema: () => found.schema(direction) };
    const known = elements.map(({ name }) => name);
    throw new UsageError(`The file has no element "${wanted}".${suggestion(wanted, known)}`);
  }
  const wanted = options.operation ?? '';
  const found = operations.find(({ name }) => name === wanted);
  if (found === undefined) {
    const known = operations.map(({ name }) => name);
    throw new UsageError(`The file has no operation "${wanted}".${suggestion(wanted, known)}`);
  }
  const schema = found[direction];
  if (schema === undefined) {
    const nothing =
      direction === 'input' ? 'takes nothing. Its answer is imported with --output' : 'answers nothing';
    throw new UsageError(`${wanted} ${nothing}.`);
  }
  return { what: `${direction} of ${wanted}`, schema };
}

function list({ out }: Session, file: string, { operations, elements }: WsdlSchemas): void {
  out.data({
    operations: operations.map(({ name, summary }) => ({ name, summary })),
    elements: elements.map(({ name, namespace, summary }) => ({ name, namespace, summary })),
  });
  const { style } = out;
  out.print(style.bold(file));
  if (operations.length + elements.length === 0) return out.print('\nThere is nothing to import in it.');
  if (operations.length > 0) {
    out.print();
    out.table(
      [
        { title: 'OPERATION', cell: (row) => safeText(row.name) },
        { title: 'ABOUT', cell: (row) => safeText(row.summary), flex: { min: 20 }, optional: true },
      ],
      operations,
    );
  }
  if (elements.length > 0) {
    out.print();
    out.table(
      [
        { title: 'ELEMENT', cell: (row) => safeText(row.name) },
        { title: 'NAMESPACE', cell: (row) => safeText(row.namespace), flex: { min: 12 }, optional: true },
        { title: 'ABOUT', cell: (row) => safeText(row.summary), flex: { min: 16 }, optional: true },
      ],
      elements,
    );
  }
  out.note(
    `\n${style.dim('To import one: --operation <name> [--output], or --element <name>, with --as erp/order@1.')}`,
  );
}
