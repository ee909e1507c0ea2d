import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import axios from 'axios';
import { API_PREFIX, endpoints } from '../api/contract.ts';
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ResponseOf } from '../core/http/server/index.ts';
import { CrossdockError, ERRORS } from '../core/model/errors.ts';
import { UsageError } from './usage-error.ts';
import type { ErrorCode } from '../core/model/errors.ts';

export interface HubAddress {
  /** Default http://127.0.0.1:7400. */
  readonly url: string | undefined;
  /** Default: what `start` left in the data folder, if the hub is on this machine. */
  readonly token: string | undefined;
  /** The data folder. */
  readonly data: string;
}

/** Any endpoint of the API's contract. */
type AnyEndpoint = Endpoint<unknown, unknown, unknown, unknown>;

/** What an endpoint wants to be told: only the parts that it has. */
export type CallInput<E extends AnyEndpoint> = {
  readonly params?: ParamsOf<E>;
  readonly query?: Defined<QueryOf<E>>;
  readonly body?: Defined<BodyOf<E>>;
};

/** Optional members may be undefined as well: what an option that was not given is. */
type Defined<T> = { readonly [K in keyof T]: T[K] | (undefined extends T[K] ? undefined : never) };

/** The admin API of a running hub, as the commands use it. */
export interface ApiClient {
  /** Where the hub is, for messages. */
  readonly url: string;
  /** What may be asked. */
  readonly endpoints: typeof endpoints;
  /**
   * Asks one endpoint of the contract. Resolves with its answer. Throws HUB_UNREACHABLE when nothing answers, and for
   * any refusal the error that the hub's problem document names.
   */
  readonly call: <E extends AnyEndpoint>(endpoint: E, input?: CallInput<E>) => Promise<ResponseOf<E>>;
}

export const DEFAULT_URL = 'http://127.0.0.1:7400';
/** The answer of a slow act (a campaign over many failures) may take its time. */
const TIMEOUT_MS = 120_000;

/** Makes a client; nothing is sent yet. Throws UsageError for an address or a token that can not be one. */
export async function connectToHub(address: HubAddress): Promise<ApiClient> {
  const base = baseUrl(address.url ?? DEFAULT_URL);
  const token = address.token ?? (isLoopback(base) ? await adminToken(address.data) : undefined);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('The API token holds characters that no token has.');
  const http = axios.create({
    baseURL: base.href.replace(/\/$/, '') + API_PREFIX,
    timeout: TIMEOUT_MS,
    // A token must not follow a redirect to elsewhere, nor go through a proxy meant for the web.
    maxRedirects: 0,
    proxy: false,
    maxContentLength: 256 * 1024 * 1024,
    validateStatus: () => true,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    paramsSerializer: { serialize: (query) => serialize(query as Record<string, unknown>) },
  });
  return {
    url: base.href.replace(/\/$/, ''),
    endpoints,
    call: async <E extends AnyEndpoint>(endpoint: E, input: CallInput<E> = {}) => {
      let response;
      try {
        response = await http.request<unknown>({
          method: endpoint.method,
          url: pathOf(endpoint.path, input.params ?? {}),
          params: input.query,
          data: input.body ?? (endpoint.method === 'POST' ? {} : undefined),
        });
      } catch (error) {
        throw unreachable(base, error);
      }
      if (response.status >= 200 && response.status < 300) return response.data as ResponseOf<E>;
      throw problemOf(response.status, response.data, { url: base, token });
    },
  };
}

/** What /readyz says. */
export interface Readiness {
  readonly ready: boolean;
  /** Ready, but a part is not that it can do without for a while. */
  readonly degraded: boolean;
  readonly body: unknown;
  /** Milliseconds since the epoch, by the clock of what answered; NaN if it does not say. */
  readonly date: number;
}

/** Asks /readyz, which needs no token. Rejects when nothing answers within three seconds. */
export async function askReadiness(url: string): Promise<Readiness> {
  const answer = await axios.get<unknown>(`${url}/readyz`, {
    timeout: 3_000,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
  return {
    ready: answer.status === 200,
    degraded: (answer.data as { degraded?: unknown } | null)?.degraded === true,
    body: answer.data,
    date: Date.parse(String(answer.headers['date'])),
  };
}

/** `/failures/{id}` with its parameters filled in. */
function pathOf(template: string, params: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** Whether a token may be offered to it unasked: only a hub on this very machine is the one that made the file. */
function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

async function adminToken(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'admin-token'), 'utf8')).trim();
  } catch {
    return undefined;
  }
}

function baseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`"${text}" is not the address of a hub, such as ${DEFAULT_URL}.`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError('Give the token with --token or CROSSDOCK_TOKEN, not in the address.');
  return url;
}

function serialize(query: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) params.append(name, String(one));
  }
  return params.toString();
}

function unreachable(base: URL, error: unknown): CrossdockError {
  const reason = axios.isAxiosError(error) ? (error.code ?? error.message) : String(error);
  return new CrossdockError('HUB_UNREACHABLE', `No hub answers at ${base.origin} (${reason}).`);
}

/** The hub's problem document (RFC 9457) as the error that it was there; anything else that answers is no hub. */
function problemOf(
  status: number,
  body: unknown,
  { url, token }: { readonly url: URL; readonly token: string | undefined },
): CrossdockError {
  if (typeof body !== 'object' || body === null || !('code' in body))
    return new CrossdockError(
      'HUB_UNREACHABLE',
      `Something answers at ${url.origin}, but not as a hub does (HTTP status ${status}).`,
    );
  const { code, detail, title, ...details } = body as Record<string, unknown>;
  const known = Object.hasOwn(ERRORS, String(code)) ? (code as ErrorCode) : 'INTERNAL';
  const said = [detail, title].find((text) => typeof text === 'string') ?? `HTTP status ${status}`;
  return new CrossdockError(
    known,
    known === 'UNAUTHENTICATED' && token === undefined ? 'No API token was given.' : said,
    { details },
  );
}
