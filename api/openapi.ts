import { ACTIONS } from '../core/access/index.ts';
import type { Endpoint } from '../core/http/server/index.ts';
import { ERRORS } from '../core/model/errors.ts';
import type { JsonSchema } from '../core/model/json-schema.ts';
import { API_PREFIX, endpoints } from './contract.ts';

type AnyEndpoint = Endpoint<unknown, unknown, unknown, JsonSchema>;
type Properties = Readonly<Record<string, JsonSchema>>;

/** The API as an OpenAPI 3.1 document, made from the same endpoints that are served and validated. */
export function openApi(version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of Object.values(endpoints) as readonly AnyEndpoint[]) {
    const path = (paths[endpoint.path] ??= {});
    path[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Crossdock admin API',
      version,
      description: 'See and steer a hub. Every operation names the action (x-action) that a role must grant.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ token: [] }],
    tags: [...new Set(Object.values(endpoints).map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An API token: cdk_…' } },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: 'A problem document (RFC 9457).',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

const PROBLEM = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: "The error's page, on the same server." },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened this time.' },
    code: { enum: Object.keys(ERRORS) },
    help: { type: 'string', description: 'What a person can do about it.' },
    requestId: { type: 'string', format: 'uuid' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          in: { enum: ['path', 'query', 'body'] },
          path: { type: 'string', description: 'JSON pointer.' },
          message: { type: 'string' },
        },
        required: ['path', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'help', 'requestId'],
} as const satisfies JsonSchema;

/** What each kind of endpoint may be answered with beside its success. */
function problems({ action, params, body }: AnyEndpoint): readonly string[] {
  return [
    '400',
    '401',
    ...(ACTIONS[action].scope === 'self' ? [] : ['403']),
    ...(params === undefined ? [] : ['404']),
    ...(body === undefined ? [] : ['409', '413', '415']),
    '500',
    '503',
  ];
}

function operation(endpoint: AnyEndpoint): Readonly<Record<string, unknown>> {
  const { name, action, summary, params, query, body, response, status = 200 } = endpoint;
  return {
    operationId: name,
    summary,
    description: `Action: \`${action}\`. ${ACTIONS[action].summary}.`,
    tags: [tagOf(endpoint)],
    'x-action': action,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: {
      [status]: { description: summary, content: { 'application/json': { schema: response } } },
      ...Object.fromEntries(
        problems(endpoint).map((code) => [code, { $ref: '#/components/responses/Problem' }]),
      ),
    },
  };
}

function parameters(where: 'path' | 'query', schema: unknown): readonly object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Properties;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(typeof property['description'] === 'string' && { description: property['description'] }),
    schema: property,
    ...(property['type'] === 'array' && { style: 'form', explode: true }),
  }));
}

function tagOf({ path }: { readonly path: string }): string {
  return path.split('/')[1]?.replace('.json', '') ?? '';
}
