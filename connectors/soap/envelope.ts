import {
  CrossdockError,
  excerpt,
  type HttpResponse,
  parseXml,
  type XmlObject,
  type XmlValue,
} from '../../core/sdk.ts';
import type { Operation, SoapVersion } from './wsdl.ts';
import { Prefixes, writeElement } from './write-element.ts';

const NAMESPACES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** The envelope of a request. `header` is XML that may use the prefix `soap`. Throws OUTPUT_INVALID. */
export function writeEnvelope(
  version: SoapVersion,
  operation: Operation,
  input: unknown,
  header: string,
): string {
  const prefixes = new Prefixes();
  const body = operation.input === undefined ? '' : writeElement(operation.input, input ?? {}, prefixes);
  return (
    `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${NAMESPACES[version]}"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${prefixes.declarations()}>` +
    `${header === '' ? '' : `<soap:Header>${header}</soap:Header>`}<soap:Body>${body}</soap:Body></soap:Envelope>`
  );
}

/** The HTTP headers of a request: the action is a header in SOAP 1.1 and a parameter of the media type in 1.2. */
export function envelopeHeaders(version: SoapVersion, operation: Operation): Record<string, string> {
  const action = operation.soapAction.replaceAll('"', '');
  return version === '1.1'
    ? { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', soapaction: `"${action}"` }
    : {
        'content-type': `application/soap+xml; charset=utf-8${action === '' ? '' : `; action="${action}"`}`,
        accept: 'application/soap+xml',
      };
}

/** What an answer's body holds: one element, its local name and its content; undefined for an empty body. */
export interface Answer {
  readonly name: string;
  readonly content: XmlValue;
}

/**
 * Opens the envelope of an answer; document types and entities are refused. Throws RESPONSE_UNREADABLE for what is no
 * envelope.
 */
export function readEnvelope(response: HttpResponse): Answer | undefined {
  let document: XmlObject;
  try {
    document = parseXml(response.body, { removePrefixes: true });
  } catch (error) {
    throw unreadable(response, CrossdockError.from(error).message, error);
  }
  const envelope = document['Envelope'];
  const body = isElement(envelope) ? envelope['Body'] : undefined;
  if (body === '') return undefined;
  if (!isElement(body)) throw unreadable(response, 'It is no SOAP envelope.');
  const entry = Object.entries(body).find(([name]) => !name.startsWith('@'));
  if (entry === undefined) return undefined;
  const [name, content] = entry;
  return { name, content: Array.isArray(content) ? (content[0] as XmlValue) : content };
}

function isElement(value: unknown): value is XmlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(response: HttpResponse, why: string, cause?: unknown): CrossdockError {
  return new CrossdockError('RESPONSE_UNREADABLE', `The answer of the target can not be read. ${why}`, {
    response: excerpt(response.body),
    ...(cause === undefined ? {} : { cause }),
  });
}
