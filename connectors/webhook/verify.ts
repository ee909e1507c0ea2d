import { createHmac, createSecretKey } from 'node:crypto';
import { CrossdockError, parseDuration, type InboundRequest } from '../../core/sdk.ts';
import { anyOf, sameBytes, sameText, standardKeys } from './secrets.ts';
import type { HmacVerification, Verification } from './settings.ts';

/** Throws SIGNATURE_INVALID for a request that is not proven. */
export type Verify = (request: InboundRequest) => void;

const TOLERANCE = '5m';

/** How requests of a connection are proven. Throws CONFIG_INVALID for secrets that can't be used. */
export function createVerify(verification: Verification): Verify {
  switch (verification.type) {
    case 'standard-webhooks':
      return standardWebhooks(
        standardKeys(verification.secrets, '/verify/secrets'),
        toleranceOf(verification),
      );
    case 'stripe':
      return stripe(verification.secrets, toleranceOf(verification));
    case 'github':
      return hmac({ ...verification, type: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' });
    case 'shopify':
      return hmac({ ...verification, type: 'hmac', header: 'x-shopify-hmac-sha256', encoding: 'base64' });
    case 'slack':
      return hmac({
        ...verification,
        type: 'hmac',
        header: 'x-slack-signature',
        prefix: 'v0=',
        timestamp_header: 'x-slack-request-timestamp',
        signed: 'v0:{timestamp}:{body}',
      });
    case 'hmac':
      return hmac(verification);
    case 'basic':
      return credentials('authorization', /^Basic +(.+)$/i, (sent) => {
        const pair = decode(sent, 'base64').toString('utf8');
        return anyOf(verification.secrets, (secret) => sameText(pair, `${verification.username}:${secret}`));
      });
    case 'bearer':
      return credentials('authorization', /^Bearer +(.+)$/i, (sent) =>
        anyOf(verification.secrets, (secret) => sameText(sent, secret)),
      );
    case 'api_key': {
      const fits = (sent: string): boolean => anyOf(verification.secrets, (secret) => sameText(sent, secret));
      return verification.in === 'query'
        ? inQuery(verification.name, fits)
        : credentials(verification.name.toLowerCase(), /^(.+)$/, fits);
    }
    case 'none':
      return () => undefined;
  }
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function standardWebhooks(secrets: readonly Buffer[], tolerance: number): Verify {
  const keys = secrets.map((secret) => createSecretKey(secret));
  return (request) => {
    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures,
    } = request.headers;
    if (id === undefined || timestamp === undefined || signatures === undefined) throw unproven();
    // Joined with a comma where the header came twice.
    const sent = [...signatures.matchAll(/(?:^|[\s,])v1,([A-Za-z0-9+/=]+)/g)].map(
      (match) => match[1] as string,
    );
    const proven = anyOf(keys, (key) => {
      const own = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(request.body).digest();
      return anyOf(sent, (signature) => sameBytes(own, decode(signature, 'base64')));
    });
    if (!proven) throw unproven();
    checkTime(timestamp, request, tolerance);
  };
}

/** https://docs.stripe.com/webhooks/signature: `t=<seconds>,v1=<hex>`, with one v1 for each active secret. */
function stripe(secrets: readonly string[], tolerance: number): Verify {
  const keys = secrets.map((secret) => createSecretKey(Buffer.from(secret)));
  return (request) => {
    const pairs = (request.headers['stripe-signature'] ?? '')
      .split(',')
      .map((pair) => pair.trim().split('='));
    const timestamp = pairs.find(([name]) => name === 't')?.[1];
    const sent = pairs.flatMap(([name, value]) => (name === 'v1' && value !== undefined ? [value] : []));
    if (timestamp === undefined) throw unproven();
    const proven = anyOf(keys, (key) => {
      const own = createHmac('sha256', key).update(`${timestamp}.`).update(request.body).digest();
      return anyOf(sent, (signature) => sameBytes(own, decode(signature, 'hex')));
    });
    if (!proven) throw unproven();
    checkTime(timestamp, request, tolerance);
  };
}

function hmac(settings: HmacVerification): Verify {
  const header = settings.header.toLowerCase();
  const timestampHeader = settings.timestamp_header?.toLowerCase();
  const idHeader = settings.id_header?.toLowerCase();
  const template = settings.signed ?? (timestampHeader === undefined ? '{body}' : '{timestamp}.{body}');
  const parts = template.split(/(\{(?:body|timestamp|id|method|url)\})/).filter((part) => part !== '');
  if (!parts.includes('{body}'))
    throw new CrossdockError('CONFIG_INVALID', 'What is signed must hold the {body}.', {
      path: '/verify/signed',
    });
  if (parts.includes('{timestamp}') && timestampHeader === undefined)
    throw new CrossdockError(
      'CONFIG_INVALID',
      'A {timestamp} is signed, but there is no `timestamp_header`.',
      {
        path: '/verify/signed',
      },
    );
  const algorithm = settings.algorithm ?? 'sha256';
  const prefix = settings.prefix ?? '';
  const secrets = settings.secrets.map((secret) => Buffer.from(secret, settings.secret_encoding ?? 'utf8'));
  if (secrets.some((secret) => secret.length === 0))
    throw new CrossdockError('CONFIG_INVALID', 'A secret can not be decoded.', { path: '/verify/secrets' });
  const keys = secrets.map((secret) => createSecretKey(secret));
  const tolerance = toleranceOf(settings);
  return (request) => {
    const signature = request.headers[header];
    const timestamp = timestampHeader === undefined ? undefined : request.headers[timestampHeader];
    if (signature === undefined || !signature.startsWith(prefix)) throw unproven();
    if (timestampHeader !== undefined && timestamp === undefined) throw unproven();
    const values: Readonly<Record<string, string | Buffer | undefined>> = {
      '{body}': request.body,
      '{timestamp}': timestamp,
      '{id}': idHeader === undefined ? '' : request.headers[idHeader],
      '{method}': request.method,
      '{url}': request.url,
    };
    const sent = decode(signature.slice(prefix.length).trim(), settings.encoding ?? 'hex');
    const proven = anyOf(keys, (key) => {
      const mac = createHmac(algorithm, key);
      for (const part of parts) mac.update(part in values ? (values[part] ?? '') : part);
      return sameBytes(mac.digest(), sent);
    });
    if (!proven) throw unproven();
    if (timestamp !== undefined) checkTime(timestamp, request, tolerance);
  };
}

function credentials(header: string, form: RegExp, fits: (sent: string) => boolean): Verify {
  return (request) => {
    const sent = form.exec(request.headers[header] ?? '')?.[1];
    if (sent === undefined || !fits(sent.trim())) throw unproven();
  };
}

function inQuery(name: string, fits: (sent: string) => boolean): Verify {
  return (request) => {
    const sent = URL.parse(request.url, 'http://hub')?.searchParams.get(name);
    if (sent === undefined || sent === null || !fits(sent)) throw unproven();
  };
}

/** Told only to those who hold the secret: it comes after the signature. */
function checkTime(timestamp: string, request: InboundRequest, tolerance: number): void {
  const at = timeOf(timestamp);
  if (Number.isNaN(at) || Math.abs(request.receivedAt - at) > tolerance)
    throw new CrossdockError('SIGNATURE_INVALID', 'The signed time is too far from now.');
}

/** Seconds since the epoch have ten digits until 2286, milliseconds thirteen. */
function timeOf(timestamp: string): number {
  if (!/^\d{1,15}$/.test(timestamp)) return Date.parse(timestamp);
  return Number(timestamp) * (timestamp.length > 11 ? 1 : 1_000);
}

function toleranceOf({ tolerance }: { readonly tolerance?: string }): number {
  return parseDuration(tolerance ?? TOLERANCE);
}

const WELL_FORMED = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
};

/** What is not well-formed, which Buffer would read as far as it goes, decodes to nothing, and that fits nothing. */
function decode(text: string, encoding: keyof typeof WELL_FORMED): Buffer {
  return WELL_FORMED[encoding].test(text) ? Buffer.from(text, encoding) : Buffer.alloc(0);
}

function unproven(): CrossdockError {
  return new CrossdockError(
    'SIGNATURE_INVALID',
    'The signature or the credentials are missing or not valid.',
  );
}
