import { Axios, AxiosHeaders, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { Agent } from 'undici';
import type { Clock } from '../../model/clock.ts';
import type { HttpClient, HttpOptions, HttpRequest, HttpResponse } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { Logger } from '../../model/logger.ts';
import { createAddressGuard } from './address-guard.ts';
import { createCredentials, type Credentials } from './credentials.ts';
import { Deadlines } from './deadlines.ts';
import { Exchange, type Prepared } from './exchange.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { createUrlResolver, type TargetUrl } from './target-url.ts';
import { TokenSource } from './token-source.ts';

export interface OutboundOptions {
  /** Addresses beyond the public internet: `host-or-CIDR[:port]`, from `outbound.allow` of config/hub.yaml. */
  readonly allow: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** The hub's only way out over HTTP: one pool of sockets, one address check, one place where credentials are put on. */
export interface Http {
  /** A client for one connection. Throws CONFIG_INVALID for settings that can't work. */
  client(options: HttpOptions): HttpClient;
  /** Resolves when requests under way have ended. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const TOKEN_MAX_BYTES = 256 * 1024;

/**
 * Makes the outbound HTTP of a hub. axios is the interface, undici the engine. Sockets are kept alive and used for one
 * request at a time; redirects are never followed; proxies of the environment are not used.
 */
export function createHttp({ allow, clock, log }: OutboundOptions): Http {
  const guard = createAddressGuard(allow);
  const agent = new Agent({
    connect: createGuardedConnector(guard, CONNECT_TIMEOUT_MS),
    pipelining: 1,
  });
  const deadlines = new Deadlines(clock);
  let closing: Promise<void> | undefined;
  const axios = createAxios((prepared) => exchange(agent, deadlines, prepared), clock, log);
  return {
    client: (options) => new GuardedClient(axios, clock, options),
    close: () => (closing ??= agent.close()),
  };
}

type Send = (prepared: Prepared) => Promise<HttpResponse>;

/**
 * An Axios without its defaults: no transforms, no header rewriting, no rejecting by status. The request travels in
 * `data` as an instance of a class, which axios leaves as it is; everything else, its own fields too, it would copy and
 * normalise several times.
 */
function createAxios(send: Send, clock: Clock, log: Logger): Axios {
  const adapter: AxiosAdapter = async (config: InternalAxiosRequestConfig<Envelope>) => {
    const { prepared, shown } = config.data as Envelope;
    const began = clock.monotonic();
    const data = await send(prepared);
    const { status } = data;
    const ms = Math.round(clock.monotonic() - began);
    log.debug('http request', { method: prepared.method, url: shown, status, ms });
    return { status, statusText: '', headers: NO_HEADERS, data, config };
  };
  return new Axios({ adapter });
}

/** Those of an answer are in `data`. */
const NO_HEADERS = new AxiosHeaders();

class Envelope {
  readonly prepared: Prepared;
  /** The address without secrets, for the log. */
  readonly shown: string;

  constructor(prepared: Prepared, shown: string) {
    this.prepared = prepared;
    this.shown = shown;
  }
}

function exchange(agent: Agent, deadlines: Deadlines, prepared: Prepared): Promise<HttpResponse> {
  const first = new Exchange(prepared, deadlines);
  first.start(agent);
  if (prepared.method !== 'GET' && prepared.method !== 'HEAD') return first.response;
  return first.response.catch((error: unknown) => {
    if (!isStaleSocket(first, error)) throw error;
    // The server closed an idle socket just as we used it. Reads can be repeated (RFC 9110, 9.2.2).
    const second = new Exchange(prepared, deadlines);
    second.start(agent);
    return second.response;
  });
}

function isStaleSocket(tried: Exchange, error: unknown): boolean {
  return !tried.answered && error instanceof CrossdockError && error.code === 'TARGET_LOST';
}

class GuardedClient implements HttpClient {
  readonly #axios: Axios;
  readonly #clock: Clock;
  readonly #resolve: ReturnType<typeof createUrlResolver>;
  readonly #credentials: Credentials;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #maxResponseBytes: number;

  constructor(axios: Axios, clock: Clock, options: HttpOptions) {
    this.#axios = axios;
    this.#clock = clock;
    this.#resolve = createUrlResolver(options.baseUrl);
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#maxResponseBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
    // Encoded answers are not asked for: a few bytes may become gigabytes.
    this.#headers = lowerCase({ 'user-agent': 'crossdock', 'accept-encoding': 'identity' }, options.headers);
    this.#credentials = createCredentials(options.auth ?? { type: 'none' }, clock, (auth) => {
      const target = tokenTarget(auth.tokenUrl);
      return new TokenSource(auth, clock, async (url, form, headers) => {
        const own = lowerCase(headers, { 'user-agent': 'crossdock', 'accept-encoding': 'identity' });
        const prepared = this.#prepare({ method: 'POST', url, body: form }, target, own);
        return (await this.#dispatch({ ...prepared, maxResponseBytes: TOKEN_MAX_BYTES }, target.shown)).data;
      });
    });
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const target = this.#resolve(request.url, request.query);
    const headers = lowerCase(this.#headers, request.headers);
    const prepared = this.#prepare(request, target, headers);
    const waiting = this.#credentials.apply(prepared);
    if (waiting !== undefined) await waiting;
    const { data } = await this.#dispatch(prepared, target.shown);
    if (data.status === 401 && (await this.#credentials.renew?.(prepared)) === true)
      return (await this.#dispatch(prepared, target.shown)).data;
    return data;
  }

  #prepare(request: HttpRequest, { origin, path }: TargetUrl, headers: Record<string, string>): Prepared {
    return {
      method: request.method.toUpperCase(),
      origin,
      path,
      headers,
      body: request.body,
      signal: request.signal,
      deadline: this.#clock.monotonic() + this.#timeoutMs,
      maxResponseBytes: this.#maxResponseBytes,
    };
  }

  #dispatch(prepared: Prepared, shown: string): Promise<{ readonly data: HttpResponse }> {
    return this.#axios.request({ data: new Envelope(prepared, shown) });
  }
}

function tokenTarget(url: string): TargetUrl {
  try {
    return createUrlResolver(undefined)(url, undefined);
  } catch (cause) {
    throw new CrossdockError('CONFIG_INVALID', CrossdockError.from(cause).message, {
      path: '/auth/token_url',
      cause,
    });
  }
}

/** Both, with names in lower case; the later ones win. */
function lowerCase(
  base: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const headers: Record<string, string> = { ...base };
  if (more !== undefined) for (const name in more) headers[name.toLowerCase()] = more[name] as string;
  return headers;
}
