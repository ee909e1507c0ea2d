import {
  buildXml,
  CrossdockError,
  excerpt,
  formatOf,
  parseForm,
  parseJson,
  parseXml,
  type HttpResponse,
} from '../../core/sdk.ts';
import type { Format, RestSettings } from './settings.ts';

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
};

/**
 * The headers of requests in a format, by lower-case name: what the settings say, later ones before earlier ones, and else what
 * the format says. There is a content type for requests with a body only.
 */
export function headersOf(
  format: Format,
  hasBody: boolean,
  ...settings: readonly RestSettings['headers'][]
): Record<string, string> {
  const type = CONTENT_TYPES[format];
  const headers: Record<string, string> = { accept: type, ...(hasBody ? { 'content-type': type } : {}) };
  for (const some of settings)
    for (const [name, value] of Object.entries(some ?? {})) headers[name.toLowerCase()] = value;
  return headers;
}

/** Plain JSON → the bytes of a request. Throws OUTPUT_INVALID for what the format has no form for. */
export function writeBody(format: Format, value: unknown): string {
  switch (format) {
    case 'json':
      return JSON.stringify(value ?? null);
    case 'form':
      return writeForm(value);
    case 'xml':
      return buildXml(value);
  }
}

function writeForm(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CrossdockError('OUTPUT_INVALID', 'A form is made from an object.');
  const form = new URLSearchParams();
  for (const [name, field] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    for (const item of Array.isArray(field) ? (field as unknown[]) : [field]) {
      if (item === undefined || item === null) continue;
      if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean')
        throw new CrossdockError('OUTPUT_INVALID', `A form has no place for the object in "${name}".`, {
          path: `/${name}`,
        });
      form.append(name, String(item));
    }
  }
  return form.toString();
}

/**
 * An answer as plain JSON: as its content type says, else as the connection's format. An empty one is undefined.
 * Throws RESPONSE_UNREADABLE.
 */
export function readBody(format: Format, response: HttpResponse): unknown {
  const { body, headers } = response;
  if (body.length === 0) return undefined;
  try {
    switch (formatFrom(headers['content-type'], format)) {
      case 'json':
        return parseJson(body);
      case 'form':
        return parseForm(body);
      case 'xml':
        return parseXml(body);
    }
  } catch (cause) {
    throw new CrossdockError(
      'RESPONSE_UNREADABLE',
      `The answer of the target can not be read: ${CrossdockError.from(cause).message}`,
      { cause, response: excerpt(body) },
    );
  }
}

function formatFrom(contentType: string | undefined, format: Format): Format {
  if (contentType === undefined) return format;
  try {
    return formatOf(contentType);
  } catch (error) {
    // text/plain and the like: many APIs do not say what they send.
    if (CrossdockError.from(error).code === 'CONTENT_TYPE_UNSUPPORTED') return format;
    throw error;
  }
}
