import {
  CrossdockError,
  failOnStatus,
  valueAt,
  type ActionResult,
  type Call,
  type Clock,
  type EffectClass,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from '../../core/sdk.ts';
import { headersOf, readBody, writeBody } from './body.ts';
import { fieldsOf, fillAddress } from './template.ts';
import type { Format, RestAction, RestSettings } from './settings.ts';

/** An action of the settings with its defaults worked out. */
export interface Endpoint {
  readonly action: RestAction;
  readonly method: string;
  readonly format: Format;
  readonly reads: boolean;
  readonly effect: EffectClass;
  /** Fields of the input that stand in the address and not in the body. */
  readonly addressed: ReadonlySet<string>;
  readonly hasBody: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** The defaults that depend on other settings. */
export function toEndpoint(action: RestAction, settings: Pick<RestSettings, 'format' | 'headers'>): Endpoint {
  const method = action.method ?? 'POST';
  const format = action.format ?? settings.format ?? 'json';
  const hasBody = action.body !== undefined || !['GET', 'HEAD', 'DELETE'].includes(method);
  const reads = action.reads ?? (method === 'GET' || method === 'HEAD');
  return {
    action,
    method,
    format,
    reads,
    effect: action.effect ?? effectOf(action, reads),
    addressed: fieldsOf(action),
    hasBody,
    headers: headersOf(format, hasBody, settings.headers, action.headers),
  };
}

function effectOf(action: RestAction, reads: boolean): EffectClass {
  if (reads || action.method === 'PUT' || action.method === 'DELETE') return 'idempotent';
  if (action.idempotency_header !== undefined) return 'key';
  return action.probe === undefined ? 'none' : 'probe';
}

/** Performs an action once. */
export async function performAction(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  endpoint: Endpoint,
  input: unknown,
  call: Call,
): Promise<ActionResult> {
  const { action, reads, format } = endpoint;
  const response = await http.send({ ...toRequest(endpoint, input, call), signal: call.signal });
  if (reads && response.status === 404 && (action.not_found === null || action.not_found === 'null'))
    return { output: null };
  if (action.ok_statuses?.includes(response.status) !== true) failOnStatus(response, clock.now());
  return toResult(
    reads ? (readBody(format, response) ?? null) : bodyIfReadable(format, response),
    action.ref,
  );
}

/** Looks up whether an action has happened. */
export async function probeAction(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  { action, format, headers: { 'content-type': _, ...headers } }: Endpoint,
  input: unknown,
  call: Call,
): Promise<ActionResult | undefined> {
  const { probe } = action;
  if (probe === undefined) throw new CrossdockError('CONFIG_INVALID', 'The action has no `probe`.');
  const { url, query } = fillAddress(probe, input);
  const response = await http.send({ method: 'GET', url, query, headers, signal: call.signal });
  if (response.status === 404) return undefined;
  failOnStatus(response, clock.now());
  const body = readBody(format, response);
  if (probe.found !== undefined && isEmpty(valueAt(body, probe.found))) return undefined;
  return toResult(body, probe.ref ?? action.ref);
}

function toRequest(endpoint: Endpoint, input: unknown, call: Call): HttpRequest {
  const { action, method, format, hasBody } = endpoint;
  const { url, query } = fillAddress(action, input);
  const key = action.idempotency_header;
  const headers =
    key === undefined ? endpoint.headers : { ...endpoint.headers, [key.toLowerCase()]: call.idempotencyKey };
  if (!hasBody) return { method, url, query, headers };
  return { method, url, query, headers, body: writeBody(format, bodyOf(endpoint, input)) };
}

function bodyOf({ action, addressed }: Endpoint, input: unknown): unknown {
  if (action.body === '*') return input;
  if (action.body !== undefined) {
    const body = valueAt(input, action.body);
    if (body === undefined)
      throw new CrossdockError('OUTPUT_INVALID', `The body should be "${action.body}", which is missing.`, {
        path: `/${action.body.replaceAll('.', '/')}`,
      });
    return body;
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return addressed.size === 0
    ? input
    : Object.fromEntries(Object.entries(input).filter(([name]) => !addressed.has(name)));
}

function toResult(output: unknown, ref: string | undefined): ActionResult {
  const id = ref === undefined ? undefined : valueAt(output, ref);
  return typeof id === 'string' || typeof id === 'number' ? { output, ref: String(id) } : { output };
}

/** A 2xx says that a change was made. An answer that can't be read does not undo it. */
function bodyIfReadable(format: Format, response: HttpResponse): unknown {
  try {
    return readBody(format, response);
  } catch (error) {
    if (CrossdockError.from(error).code === 'RESPONSE_UNREADABLE') return undefined;
    throw error;
  }
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
