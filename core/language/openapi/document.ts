import { parse } from 'yaml';
import { parseJson } from '../../formats/index.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { toPointer } from '../json-pointer.ts';
import { isSchema, lookUp } from '../local-ref.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 200;

/** An OpenAPI document, read but not judged: only what is imported is looked at. */
export interface OpenApiDocument {
  readonly version: '3.0' | '3.1';
  readonly title: string;
  readonly root: JsonSchema;
}

/** One request of the API. */
export interface OpenApiOperation {
  /** The `operationId`, else `POST /orders`. */
  readonly id: string;
  /** `POST /orders` */
  readonly request: string;
  readonly summary: string;
  readonly node: JsonSchema;
}

/**
 * Reads OpenAPI 3.0 and 3.1, as JSON or YAML; at most 32 MiB. Nothing that it refers to is fetched. Throws CONFIG_INVALID
 * with what is wrong.
 */
export function readOpenApi(bytes: Buffer): OpenApiDocument {
  const root = readTree(bytes);
  const version = root['openapi'];
  if (typeof root['swagger'] === 'string') {
    throw invalid('It is Swagger 2.0. Convert it to OpenAPI 3 first, and import the result.');
  }
  if (typeof version !== 'string')
    throw invalid('It is no OpenAPI document: there is no "openapi" at its top.');
  const known = /^3\.[012]/.test(version);
  if (!known) throw invalid(`OpenAPI ${version} is not understood; 3.0 and 3.1 are.`);
  return {
    version: version.startsWith('3.0') ? '3.0' : '3.1',
    title: textOf(memberOf(root, 'info')['title']),
    root,
  };
}

/** A schema of its components. */
export interface OpenApiSchema {
  readonly name: string;
  readonly summary: string;
  /** A reference to it, so that it is known by that name when it is converted. */
  readonly schema: JsonSchema;
}

/** The schemas of its components, in the order of the document. */
export function schemasOf(document: OpenApiDocument): readonly OpenApiSchema[] {
  const schemas = memberOf(memberOf(document.root, 'components'), 'schemas');
  return Object.entries(schemas).flatMap(([name, one]) => {
    if (!isSchema(one)) return [];
    const summary = shortText(one, 'title');
    const pointer = toPointer(['components', 'schemas', name]).replaceAll('%', '%25');
    return [{ name, summary, schema: { $ref: `#${pointer}` } }];
  });
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Its operations in the order of the document; webhooks (3.1) are `WEBHOOK <name>`. */
export function operationsOf(document: OpenApiDocument): readonly OpenApiOperation[] {
  const operations: OpenApiOperation[] = [];
  const add = (path: string, item: unknown, webhook: boolean): void => {
    const resolved = isSchema(item) ? resolve(document, item) : undefined;
    for (const [method, node] of Object.entries(resolved ?? {})) {
      if (!METHODS.includes(method) || !isSchema(node)) continue;
      const request = webhook ? `WEBHOOK ${path}` : `${method.toUpperCase()} ${path}`;
      const id = textOf(node['operationId']);
      const summary = shortText(node, 'summary');
      operations.push({ id: id === '' ? request : id, request, summary, node });
    }
  };
  for (const [path, item] of Object.entries(memberOf(document.root, 'paths'))) add(path, item, false);
  for (const [name, item] of Object.entries(memberOf(document.root, 'webhooks'))) add(name, item, true);
  return operations;
}

/** What a body looks like, and where in the document that is said. */
export interface BodySchema {
  readonly schema: JsonSchema;
  /** `application/json` */
  readonly mediaType: string;
  /** The status of an answer. */
  readonly status?: string;
}

/** The body that an operation takes; undefined when it takes none that has a schema. */
export function requestBody(document: OpenApiDocument, operation: OpenApiOperation): BodySchema | undefined {
  const body = operation.node['requestBody'];
  return isSchema(body) ? contentOf(document, resolve(document, body)) : undefined;
}

/** The body of an answer: of this status, or by default of the first that says success. Undefined when it has none. */
export function responseBody(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  status: string | undefined,
): BodySchema | undefined {
  const responses = Object.entries(memberOf(operation.node, 'responses'));
  const wanted =
    status === undefined
      ? [
          ...responses.filter(([key]) => /^2/.test(key)).sort(([a], [b]) => (a < b ? -1 : 1)),
          ...responses.filter(([key]) => key === 'default'),
        ]
      : responses.filter(([key]) => key.toUpperCase() === status.toUpperCase());
  for (const [key, response] of wanted) {
    const content = isSchema(response) ? contentOf(document, resolve(document, response)) : undefined;
    if (content !== undefined) return { ...content, status: key };
  }
  return undefined;
}

/** The statuses that an operation answers with. */
export function statusesOf(operation: OpenApiOperation): readonly string[] {
  return Object.keys(memberOf(operation.node, 'responses'));
}

/** JSON is what the hub reads best; then what is like it, forms and XML. */
function contentOf(document: OpenApiDocument, body: JsonSchema): BodySchema | undefined {
  const rank = (type: string): number => {
    if (/^application\/json\b/i.test(type)) return 0;
    if (/\+json\b/i.test(type)) return 1;
    return /^application\/x-www-form-urlencoded\b/i.test(type) ? 2 : 3;
  };
  const types = Object.entries(memberOf(body, 'content')).sort(([a], [b]) => rank(a) - rank(b));
  for (const [mediaType, content] of types) {
    const schema = isSchema(content) ? resolve(document, content)['schema'] : undefined;
    if (isSchema(schema)) return { schema, mediaType };
  }
  return undefined;
}

/** What a node refers to, if it is a reference; itself otherwise. Throws CONFIG_INVALID for one that leads nowhere. */
export function resolve(document: OpenApiDocument, node: JsonSchema): JsonSchema {
  let found = node;
  for (let hops = 0; typeof found['$ref'] === 'string'; hops++) {
    if (hops > 50) throw invalid(`The reference "${found['$ref']}" goes round in a circle.`);
    found = follow(document, found['$ref']);
  }
  return found;
}

/** What a reference in the document leads to. Throws CONFIG_INVALID when it leads elsewhere or nowhere. */
export function follow(document: OpenApiDocument, ref: string): JsonSchema {
  if (!ref.startsWith('#')) {
    const what = 'Bundle the documents into one first; nothing is fetched.';
    throw invalid(`It refers to "${ref}", another document. ${what}`);
  }
  const found = lookUp(document.root, ref);
  if (found === undefined) throw invalid(`It refers to "${ref}", which it does not have.`);
  return found;
}

function readTree(bytes: Buffer): JsonSchema {
  if (bytes.length > MAX_BYTES) throw invalid('The document is larger than 32 MiB.');
  let value: unknown;
  try {
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    value = /^\s*\{/.test(text)
      ? parseJson(text, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH })
      : parse(text, { maxAliasCount: 1000, schema: 'core', prettyErrors: true });
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deep' : CrossdockError.from(error).message;
    throw new CrossdockError('CONFIG_INVALID', `The document can not be read: ${firstLine(reason)}.`, {
      cause: error,
    });
  }
  if (!isSchema(value)) throw invalid('It is no OpenAPI document.');
  return value;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/[.:]$/, '');
}

/** A member that should be an object, as one. */
function memberOf(node: JsonSchema, name: string): JsonSchema {
  const member = Object.hasOwn(node, name) ? node[name] : undefined;
  return isSchema(member) ? member : {};
}

/** One line that says what it is. */
function shortText(node: JsonSchema, keyword: string): string {
  return textOf(node[keyword]) || (textOf(node['description']).split('\n', 1)[0] as string);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function invalid(message: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', message);
}
