import type { HttpRequest } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';

/** Where a request goes. */
export interface TargetUrl {
  /** `https://crm.example.com` */
  readonly origin: string;
  /** Path and query, encoded. */
  readonly path: string;
  /** The address without query, fit for logs. */
  readonly shown: string;
}

/** Turns the URLs of a connection's requests into addresses. Built once per client. */
export type UrlResolver = (url: string, query: HttpRequest['query']) => TargetUrl;

/**
 * Relative URLs are put behind `baseUrl`, path and all: `/accounts` on `https://crm.example.com/v2` is
 * `https://crm.example.com/v2/accounts`. Absolute ones must be of the same origin as `baseUrl`, since the connection's
 * credentials go along: a link in an answer can't carry them elsewhere. Throws CONFIG_INVALID for an unusable
 * `baseUrl`; the resolver throws ADDRESS_REFUSED (other origin, scheme, user in the URL) and OUTPUT_INVALID (no URL).
 */
export function createUrlResolver(baseUrl: string | undefined): UrlResolver {
  const base = baseUrl === undefined ? undefined : parseBase(baseUrl);
  // Most actions always have the same address.
  let last: { readonly url: string; readonly target: TargetUrl } | undefined;
  return (url, query) => {
    if (query !== undefined) return resolve(base, url, query);
    if (last?.url !== url) last = { url, target: resolve(base, url, undefined) };
    return last.target;
  };
}

function resolve(base: Base | undefined, url: string, query: HttpRequest['query']): TargetUrl {
  const parsed = parse(url, base);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new CrossdockError('ADDRESS_REFUSED', `Only http and https are spoken, not ${parsed.protocol}`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new CrossdockError('ADDRESS_REFUSED', 'A URL may not hold a user or a password.');
  if (base !== undefined && parsed.origin !== base.origin)
    throw new CrossdockError(
      'ADDRESS_REFUSED',
      `${parsed.origin} is not where this connection belongs (${base.origin}); its credentials do not go there.`,
    );
  const extra = query === undefined ? '' : formatQuery(query);
  const search = extra === '' ? parsed.search : `${parsed.search === '' ? '?' : `${parsed.search}&`}${extra}`;
  return { origin: parsed.origin, path: parsed.pathname + search, shown: parsed.origin + parsed.pathname };
}

interface Base {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly href: string;
}

function parseBase(text: string): Base {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new CrossdockError('CONFIG_INVALID', 'The base URL is not an http or https URL.', {
      path: '/base_url',
    });
  if (url.username !== '' || url.password !== '')
    throw new CrossdockError('CONFIG_INVALID', 'The base URL holds a user or a password; use `auth`.', {
      path: '/base_url',
    });
  if (url.search !== '' || url.hash !== '')
    throw new CrossdockError('CONFIG_INVALID', 'The base URL has a query or a fragment.', {
      path: '/base_url',
    });
  return { origin: url.origin, href: url.origin + url.pathname.replace(/\/+$/, '') };
}

function parse(url: string, base: Base | undefined): URL {
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(url) || base === undefined;
  const text = absolute ? url : url === '' || url.startsWith('?') ? base.href + url : join(base.href, url);
  const parsed = URL.parse(text);
  if (parsed === null) throw new CrossdockError('OUTPUT_INVALID', 'The address of the request is not a URL.');
  return parsed;
}

function join(base: string, path: string): string {
  return path.startsWith('/') ? base + path : `${base}/${path}`;
}

/** A list is repeated under its name. */
function formatQuery(query: NonNullable<HttpRequest['query']>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    const key = encodeURIComponent(name);
    if (Array.isArray(value))
      for (const item of value) parts.push(`${key}=${encodeURIComponent(String(item))}`);
    else parts.push(`${key}=${encodeURIComponent(String(value))}`);
  }
  return parts.join('&');
}
