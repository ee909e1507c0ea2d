import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { ACTIONS, reaches } from '../../access/index.ts';
import type { Authorizer } from '../../access/index.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import type { Logger } from '../../model/logger.ts';
import type { Call, Route } from './endpoint.ts';
import { requestIdOf, sendProblem } from './problem.ts';
import { readQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { sendJson } from './send-json.ts';
import type { Handler } from './server.ts';

/** Says all that is wrong with a value; an empty list if it fits. */
export type Check = (value: unknown) => readonly { readonly path: string; readonly message: string }[];

export interface ApiRouterOptions {
  readonly routes: readonly Route[];
  readonly authorizer: Authorizer;
  /** Makes the check of a schema; called once for each at start. */
  readonly compile: (schema: JsonSchema) => Check;
  readonly log: Logger;
}

/** An endpoint with its schemas compiled. */
interface Compiled {
  readonly route: Route;
  readonly params: Check;
  readonly query: Check;
  readonly body: Check | undefined;
  readonly response: Check;
}

const DEFAULT_BODY_BYTES = 1024 * 1024;
const NOTHING = { type: 'object', additionalProperties: false } as const;

/**
 * Serves endpoints. For each request, in this order: who asks (401), may they (403), is the request what the endpoint's
 * schemas say (400), then the handler, and its answer is held to the schema too: what a schema does not name is never
 * sent.
 */
export function apiRouter({ routes, authorizer, compile, log }: ApiRouterOptions): Handler {
  const router = express.Router({ caseSensitive: true, strict: true });
  const checks = memoized(compile);
  for (const path of literalsFirst(routes.map((route) => route.endpoint.path))) {
    const here = routes.filter((route) => route.endpoint.path === path);
    const methods = new Map<string, Compiled>();
    for (const route of here) {
      const { method, params, query, body, response } = route.endpoint;
      methods.set(method, {
        route,
        params: checks(params ?? NOTHING),
        query: checks(query ?? NOTHING),
        body: body && checks(body),
        response: checks(response),
      });
    }
    router.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), (request, response) => {
      requestIdOf(response);
      const found = methods.get(request.method);
      const work =
        found === undefined
          ? notServed(response, [...methods.keys()], request.method)
          : answer(found, { authorizer, log }, request, response);
      work.catch((error: unknown) => sendProblem(response, error, log));
    });
  }
  return router;
}

async function notServed(
  response: ServerResponse,
  methods: readonly string[],
  method: string,
): Promise<never> {
  response.setHeader('allow', methods.join(', '));
  throw new CrossdockError('METHOD_NOT_ALLOWED', `${method} is not served here.`);
}

async function answer(
  { route, params, query, body, response: answers }: Compiled,
  { authorizer, log }: Pick<ApiRouterOptions, 'authorizer' | 'log'>,
  request: IncomingMessage & { params: object; originalUrl: string },
  response: ServerResponse,
): Promise<void> {
  const { endpoint } = route;
  const { action } = endpoint;
  const principal = await authorizer.identify(request.headers.authorization);
  if (principal === undefined) {
    await authorizer.refused(undefined, action, `${endpoint.method} ${endpoint.path}`);
    throw new CrossdockError(
      'UNAUTHENTICATED',
      'This needs a token that is known, not expired and not revoked.',
    );
  }
  const scope = authorizer.scope(principal, action);
  if (!reaches(scope)) {
    await authorizer.refused(principal, action, `${endpoint.method} ${endpoint.path}`);
    const where = ACTIONS[action].scope === 'hub' ? ' on all domains' : '';
    throw new CrossdockError('FORBIDDEN', `This needs a role that grants ${action}${where}.`, {
      details: { action },
    });
  }

  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort(new Error('the client has gone'));
  });
  const call: Call = {
    principal,
    scope,
    // A plain copy: express's has no prototype, and schemas should not have to care.
    params: valid('path', params, { ...request.params }),
    query: valid('query', query, readQuery(endpoint.query, searchOf(request.originalUrl))),
    body: body && valid('body', body, await readJson(request, response, endpoint.maxBodyBytes)),
    signal: left.signal,
  };
  const result = await route.handle(call);
  const faults = answers(result);
  if (faults.length > 0) {
    log.error('an answer does not fit its schema and was withheld', { endpoint: endpoint.name, faults });
    throw new CrossdockError('INTERNAL', `the answer of ${endpoint.name} does not fit its schema`);
  }
  sendJson(response, endpoint.status ?? 200, result);
}

function valid(part: 'path' | 'query' | 'body', check: Check, value: unknown): unknown {
  const faults = check(value);
  if (faults.length === 0) return value;
  throw new CrossdockError('REQUEST_INVALID', `The ${part} is not what this endpoint takes.`, {
    details: { errors: faults.map(({ path, message }) => ({ in: part, path, message })) },
  });
}

/** The JSON of a body; no body at all is an empty object. */
async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes = DEFAULT_BODY_BYTES,
): Promise<unknown> {
  const bytes = await readBody(request, response, maxBytes);
  if (bytes.length === 0) return {};
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new CrossdockError('CONTENT_TYPE_UNSUPPORTED', 'The API takes application/json.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new CrossdockError('BODY_UNREADABLE', `The body is no JSON: ${(error as Error).message}`);
  }
}

function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/** Each path once, `/failures/retry` before `/failures/{id}`: else the one with a parameter would take both. */
function literalsFirst(paths: readonly string[]): readonly string[] {
  // A brace sorts behind all letters.
  return [...new Set(paths)].sort((a, b) => (a < b ? -1 : 1));
}

/** Endpoints share schemas; each is compiled once. */
function memoized(compile: (schema: JsonSchema) => Check): (schema: JsonSchema) => Check {
  const made = new Map<JsonSchema, Check>();
  return (schema) => {
    const check = made.get(schema) ?? compile(schema);
    made.set(schema, check);
    return check;
  };
}
