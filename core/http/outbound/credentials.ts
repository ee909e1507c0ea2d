import { createHmac } from 'node:crypto';
import type { Auth } from '../../model/connector.ts';
import type { Clock } from '../../model/clock.ts';
import type { Prepared } from './exchange.ts';
import type { TokenSource } from './token-source.ts';

/** What puts a connection's credentials on its requests. */
export interface Credentials {
  /** Adds them. A promise only while a token has to be fetched. */
  apply(request: Prepared): void | Promise<void>;
  /** After a 401: true if the request now carries other credentials and may be sent once more. */
  renew?(request: Prepared): Promise<boolean>;
}

const NONE: Credentials = { apply: () => undefined };

/** Credentials by scheme. `tokens` is asked only for OAuth 2.0. */
export function createCredentials(
  auth: Auth,
  clock: Clock,
  tokens: (auth: Extract<Auth, { type: 'oauth2' }>) => TokenSource,
): Credentials {
  switch (auth.type) {
    case 'none':
      return NONE;
    case 'basic':
      return fixed('authorization', `Basic ${base64(`${auth.username}:${auth.password}`)}`);
    case 'bearer':
      return fixed('authorization', `Bearer ${auth.token}`);
    case 'api_key':
      return auth.in === 'query'
        ? inQuery(auth.name, auth.value)
        : fixed(auth.name.toLowerCase(), auth.value);
    case 'oauth2':
      return fromTokens(tokens(auth));
    case 'hmac':
      return signing(auth, clock);
  }
}

function fixed(header: string, value: string): Credentials {
  return {
    apply: (request) => {
      request.headers[header] = value;
    },
  };
}

function inQuery(name: string, value: string): Credentials {
  const parameter = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return {
    apply: (request) => {
      request.path += `${request.path.includes('?') ? '&' : '?'}${parameter}`;
    },
  };
}

function fromTokens(tokens: TokenSource): Credentials {
  const set = (request: Prepared, token: string): void => {
    request.headers['authorization'] = `Bearer ${token}`;
  };
  return {
    apply: (request) => {
      const token = tokens.current();
      if (token !== undefined) set(request, token);
      else return tokens.fetch(request.signal).then((fresh) => set(request, fresh));
    },
    renew: async (request) => {
      const refused = (request.headers['authorization'] ?? '').slice('Bearer '.length);
      set(request, await tokens.replace(refused, request.signal));
      return true;
    },
  };
}

function signing(auth: Extract<Auth, { type: 'hmac' }>, clock: Clock): Credentials {
  const header = auth.header.toLowerCase();
  const timestampHeader = auth.timestampHeader?.toLowerCase();
  return {
    apply: (request) => {
      const mac = createHmac(auth.algorithm ?? 'sha256', auth.secret);
      if (timestampHeader !== undefined) {
        const seconds = String(Math.floor(clock.now() / 1_000));
        request.headers[timestampHeader] = seconds;
        mac.update(`${seconds}.`);
      }
      mac.update(request.body ?? '');
      request.headers[header] = (auth.prefix ?? '') + mac.digest(auth.encoding ?? 'hex');
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
