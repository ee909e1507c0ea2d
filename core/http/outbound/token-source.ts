import type { Auth, HttpResponse } from '../../model/connector.ts';
import type { Clock } from '../../model/clock.ts';
import { CrossdockError } from '../../model/errors.ts';
import { excerpt, retryAfter } from './status.ts';

/** A request to a token endpoint; how it is sent is the client's business. */
export type SendForm = (url: string, form: string, headers: Record<string, string>) => Promise<HttpResponse>;

/** A token is renewed this long before it ends, or after nine tenths of a short life. */
const MARGIN_MS = 30_000;

/**
 * Access tokens of one client (OAuth 2.0 client credentials, RFC 6749 4.4). A token is kept until shortly before it
 * expires; however many ask, one request is under way. Errors are about the token endpoint, so none of them leaves the
 * real request in doubt: CREDENTIALS_REFUSED, TARGET_THROTTLED, TARGET_UNAVAILABLE, TARGET_UNREACHABLE.
 */
export class TokenSource {
  readonly #auth: Extract<Auth, { type: 'oauth2' }>;
  readonly #clock: Clock;
  readonly #send: SendForm;
  #token: { readonly value: string; readonly until: number } | undefined;
  #pending: Promise<string> | undefined;

  constructor(auth: Extract<Auth, { type: 'oauth2' }>, clock: Clock, send: SendForm) {
    this.#auth = auth;
    this.#clock = clock;
    this.#send = send;
  }

  /** The token at hand, if it is still good. */
  current(): string | undefined {
    const token = this.#token;
    return token !== undefined && this.#clock.now() < token.until ? token.value : undefined;
  }

  /** A token. One who gives up (`signal`) does not take the others' request along. */
  async fetch(signal?: AbortSignal): Promise<string> {
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined;
    });
    return await unlessAborted(this.#pending, signal);
  }

  /** Another token than the one that was just refused: maybe somebody has already fetched it. */
  async replace(refused: string, signal?: AbortSignal): Promise<string> {
    if (this.#token?.value === refused) this.#token = undefined;
    return this.current() ?? (await this.fetch(signal));
  }

  async #request(): Promise<string> {
    const { clientId, clientSecret, scope, audience, clientAuth } = this.#auth;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== undefined) form.set('scope', scope);
    if (audience !== undefined) form.set('audience', audience);
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    if (clientAuth === 'body') {
      form.set('client_id', clientId);
      form.set('client_secret', clientSecret);
    } else {
      // RFC 6749, 2.3.1: both are form-encoded before they are joined.
      const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const asked = this.#clock.now();
    const response = await this.#send(this.#auth.tokenUrl, form.toString(), headers).catch(
      (error: unknown) => {
        throw aboutTokens(CrossdockError.from(error));
      },
    );
    if (response.status !== 200) throw refusal(response, asked);
    const { token, lifeMs } = parseToken(response);
    this.#token = { value: token, until: asked + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
    return token;
  }
}

function parseToken(response: HttpResponse): { token: string; lifeMs: number } {
  let body: unknown;
  try {
    body = JSON.parse(response.body.toString('utf8'));
  } catch {
    body = undefined;
  }
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const token = fields['access_token'];
  const type = fields['token_type'] ?? 'bearer';
  // A token is put into a header; what could not stand there is none (RFC 6750, 2.1).
  if (
    typeof token !== 'string' ||
    !/^[\x21-\x7e]+$/.test(token) ||
    typeof type !== 'string' ||
    !/^bearer$/i.test(type)
  )
    throw new CrossdockError('TARGET_UNAVAILABLE', 'The token endpoint answered without a bearer token.');
  const seconds = Number(fields['expires_in']);
  return { token, lifeMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : Infinity };
}

function refusal(response: HttpResponse, now: number): CrossdockError {
  const { status } = response;
  const wait = retryAfter(response, now);
  const code =
    status === 429 || (status === 503 && wait !== undefined)
      ? 'TARGET_THROTTLED'
      : status >= 500 || status === 408
        ? 'TARGET_UNAVAILABLE'
        : 'CREDENTIALS_REFUSED';
  return new CrossdockError(code, `The token endpoint answered ${status}.`, {
    response: excerpt(response.body),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** The target itself was not spoken to: nothing can have happened there. */
function aboutTokens(error: CrossdockError): CrossdockError {
  if (error.fate !== 'in_doubt') return error;
  return new CrossdockError('TARGET_UNREACHABLE', `No token: ${error.message}`, { cause: error });
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(
        new CrossdockError('TARGET_UNREACHABLE', 'Given up while a token was being fetched.', {
          cause: signal.reason,
        }),
      );
    };
  });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function formEncode(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}
