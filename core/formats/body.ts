import { CrossdockError } from '../model/errors.ts';
import { parseForm } from './form.ts';
import { parseJson } from './json.ts';
import { unreadable, type FormatLimits } from './limits.ts';
import { parseXml } from './xml.ts';

export type BodyFormat = 'json' | 'form' | 'xml';

/**
 * Bytes → plain JSON, as the content type says: `application/json` and `+json`, `application/x-www-form-urlencoded`,
 * `application/xml`, `text/xml` and `+xml`; in UTF-8 only. Throws CONTENT_TYPE_UNSUPPORTED, BODY_TOO_LARGE and
 * BODY_UNREADABLE.
 */
export function parseBody(contentType: string, bytes: Buffer, limits: FormatLimits = {}): unknown {
  // By far the most frequent one; nothing to take apart.
  const format = contentType === 'application/json' ? 'json' : formatOf(contentType);
  switch (format) {
    case 'json':
      return parseJson(bytes, limits);
    case 'form':
      return parseForm(bytes, limits);
    case 'xml':
      return parseXml(bytes, limits);
  }
}

/** Which reader a content type asks for. Throws CONTENT_TYPE_UNSUPPORTED and BODY_UNREADABLE (charset). */
export function formatOf(contentType: string): BodyFormat {
  const [type = '', ...parameters] = contentType.split(';');
  const format = readerOf(type.trim().toLowerCase());
  if (format === undefined) {
    throw new CrossdockError('CONTENT_TYPE_UNSUPPORTED', `The content type ${show(type)} is not supported.`);
  }
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(parameter)?.[1];
    if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
      throw unreadable(`The charset ${show(charset)} is not supported; send UTF-8.`);
    }
  }
  return format;
}

function readerOf(type: string): BodyFormat | undefined {
  if (type === 'application/json' || /^[\w.-]+\/[\w.-]+\+json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'application/xml' || type === 'text/xml' || /^[\w.-]+\/[\w.-]+\+xml$/.test(type)) return 'xml';
  return undefined;
}

function show(text: string): string {
  return JSON.stringify(text.trim().slice(0, 80));
}
