import {
  convertSchema,
  operationsOf,
  readOpenApi,
  requestBody,
  responseBody,
  schemasOf,
  statusesOf,
  type BodyDirection,
  type OpenApiDocument,
} from '../../../core/language/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { count, safeText } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { suggestion } from '../../suggest.ts';
import { UsageError } from '../../usage-error.ts';
import { readNamedFile } from './read-file.ts';
import { checkTarget, tellerOf, writeSchema, type SchemaTarget } from './write-schema.ts';

interface OpenApiImportOptions extends SchemaTarget {
  readonly schema?: string;
  readonly operation?: string;
  /** `true`: of success. */
  readonly response?: boolean | string;
  readonly request?: boolean;
}

/**
 * `crossdock schema import openapi`: without a name lists what there is. Throws UsageError for names that the document
 * does not have, and for a document that can not be read.
 */
export async function importOpenApi(
  session: Session,
  file: string,
  options: OpenApiImportOptions,
): Promise<void> {
  refuseContradictions(options);
  const named = options.schema !== undefined || options.operation !== undefined;
  if (named) await checkTarget(session, options);
  const bytes = await readNamedFile(session, file);
  try {
    const document = readOpenApi(bytes);
    if (!named) return list(session, file, document);
    const chosen = choose(document, options);
    const { schema, leftOut } = convertSchema(document, chosen.schema, chosen.direction);
    const { $schema, ...rest } = schema;
    const titled = { $schema, ...(options.as === undefined ? {} : { title: options.as }), ...rest };
    const written = await writeSchema(session, options, titled);
    const { out } = session;
    out.data({ schema: options.as, file: written, from: chosen.what, leftOut, document: titled });
    if (out.json) return;
    const { what, tell } = tellerOf(session, written);
    const inner = Object.keys(schema['$defs'] ?? {}).length;
    tell(
      `${what}: ${safeText(chosen.what)}${inner === 0 ? '' : `, with ${count(inner, 'other schema')} that it refers to`}.`,
    );
    if (leftOut.length > 0)
      tell(`    ${out.style.dim(`Left out, for a hub can not check it: ${safeText(leftOut.join(', '))}`)}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const known = CrossdockError.from(error);
    const message = `${file}: ${known.message}`;
    throw known.code === 'CONFIG_INVALID'
      ? new UsageError(message, { cause: error })
      : new CrossdockError(known.code, message, { cause: error });
  }
}

function refuseContradictions({ schema, operation, response, request }: OpenApiImportOptions): void {
  if (schema !== undefined && operation !== undefined)
    throw new UsageError('Name either a --schema or an --operation.');
  if (response !== undefined && request === true)
    throw new UsageError('It is either --request or --response.');
  if (typeof response === 'string' && operation === undefined)
    throw new UsageError('Only an --operation has answers with a status.');
}

interface Chosen {
  readonly schema: JsonSchema;
  readonly direction: BodyDirection | undefined;
  /** In words. */
  readonly what: string;
}

function choose(document: OpenApiDocument, options: OpenApiImportOptions): Chosen {
  if (options.schema !== undefined) return chooseSchema(document, options.schema, options);
  return chooseBody(document, options.operation ?? '', options.response);
}

function chooseSchema(document: OpenApiDocument, name: string, options: OpenApiImportOptions): Chosen {
  const schemas = schemasOf(document);
  const found = schemas.find((one) => one.name === name);
  if (found === undefined) {
    const known = schemas.map((one) => one.name);
    throw new UsageError(`The document has no schema "${name}".${suggestion(name, known)}`);
  }
  const direction = options.response === true ? 'response' : options.request === true ? 'request' : undefined;
  return { schema: found.schema, direction, what: `schema ${name}` };
}

function chooseBody(document: OpenApiDocument, id: string, response: boolean | string | undefined): Chosen {
  const operations = operationsOf(document);
  const wanted = id.replace(/\s+/g, ' ').toLowerCase();
  const operation =
    operations.find((one) => one.id === id) ?? operations.find((one) => one.request.toLowerCase() === wanted);
  if (operation === undefined) {
    const known = operations.flatMap((one) => (one.id === one.request ? [one.id] : [one.id, one.request]));
    throw new UsageError(`The document has no operation "${id}".${suggestion(id, known)}`);
  }
  if (response === undefined) {
    const body = requestBody(document, operation);
    if (body !== undefined)
      return {
        schema: body.schema,
        direction: 'request',
        what: `request of ${operation.id} (${body.mediaType})`,
      };
    throw new UsageError(`${operation.id} takes no body. What it answers is imported with --response.`);
  }
  const status = typeof response === 'string' ? response : undefined;
  const body = responseBody(document, operation, status);
  if (body === undefined) {
    const which = status === undefined ? 'no answer with a body' : `no answer ${status} with a body`;
    const has = statusesOf(operation).join(', ');
    throw new UsageError(`${operation.id} has ${which}.${has === '' ? '' : ` Its answers are: ${has}.`}`);
  }
  return {
    schema: body.schema,
    direction: 'response',
    what: `answer ${body.status ?? ''} of ${operation.id} (${body.mediaType})`,
  };
}

function list({ out }: Session, file: string, document: OpenApiDocument): void {
  const schemas = schemasOf(document).map(({ name, summary }) => ({ name, summary }));
  const operations = operationsOf(document).map((operation) => ({
    id: operation.id,
    request: operation.request,
    summary: operation.summary,
    takes: requestBody(document, operation)?.mediaType,
    answers: responseBody(document, operation, undefined)?.mediaType,
  }));
  out.data({ title: document.title, openapi: document.version, schemas, operations });
  const { style } = out;
  out.print(`${style.bold(safeText(document.title || file))}  ${style.dim(`OpenAPI ${document.version}`)}`);
  if (schemas.length + operations.length === 0) return out.print('\nThere is nothing to import in it.');
  if (operations.length > 0) {
    out.print();
    out.table(
      [
        { title: 'OPERATION', cell: (row) => safeText(row.id), flex: { min: 16 } },
        {
          title: 'REQUEST',
          cell: (row) => (row.request === row.id ? '' : safeText(row.request)),
          flex: { min: 12 },
          optional: true,
        },
        { title: 'BODIES', cell: (row) => bodiesOf(row) },
        { title: 'ABOUT', cell: (row) => safeText(row.summary), flex: { min: 16 }, optional: true },
      ],
      operations,
    );
  }
  if (schemas.length > 0) {
    out.print();
    out.table(
      [
        { title: 'SCHEMA', cell: (row) => safeText(row.name), flex: { min: 16 } },
        { title: 'ABOUT', cell: (row) => safeText(row.summary), flex: { min: 16 }, optional: true },
      ],
      schemas,
    );
  }
  out.note(
    `\n${style.dim('To import one: --operation <id> [--response], or --schema <name>, with --as sales/order@1.')}`,
  );
}

function bodiesOf({ takes, answers }: { readonly takes?: string; readonly answers?: string }): string {
  return [takes && 'request', answers && 'response'].filter(Boolean).join(', ');
}
