import { createHash } from 'node:crypto';
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** A request as the ERP's SOAP layer understood it. */
export interface SoapRequest {
  readonly operation: string;
  readonly namespace: string;
  readonly input: XmlNode;
  readonly token?: UsernameToken;
}

/** An element's children by local name; texts as they came. A child that occurs more than once is an array. */
export interface XmlNode {
  readonly [name: string]: XmlValue;
}
type XmlValue = string | XmlNode | readonly (string | XmlNode)[];

/** WS-Security UsernameToken Profile 1.0. */
export interface UsernameToken {
  readonly username: string;
  readonly password: string;
  readonly digest: boolean;
  readonly nonce: string;
  readonly created: string;
}

/** What the ERP answers with instead of a result. */
export class SoapFault extends Error {
  readonly faultCode: string;
  /** The ERP's own code, in the fault's detail. */
  readonly erpCode: string | undefined;

  constructor(faultCode: string, text: string, erpCode?: string) {
    super(text);
    this.faultCode = faultCode;
    this.erpCode = erpCode;
  }
}

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/** Reads an envelope; a SoapFault for anything that is none. */
export function readEnvelope(xml: string): SoapRequest {
  if (xml.includes('<!DOCTYPE')) throw new SoapFault('soap:Client', 'a document type is not allowed');
  if (XMLValidator.validate(xml) !== true) throw new SoapFault('soap:Client', 'the request is not XML');
  const document = parser.parse(xml) as Record<string, unknown>;
  const envelope = element(child(document, 'Envelope'));
  const body = element(child(envelope, 'Body'));
  const entry = Object.entries(body).find(([name]) => !name.startsWith('@'));
  if (entry === undefined) throw new SoapFault('soap:Client', 'the body is empty');
  const prefix = entry[0].includes(':') ? entry[0].split(':')[0] : undefined;
  const attribute = prefix === undefined ? '@xmlns' : `@xmlns:${prefix}`;
  const namespace = [element(entry[1]), body, envelope].map((node) => node[attribute]).find(isText);
  const header = child(envelope, 'Header');
  const security = header === undefined ? undefined : child(element(header), 'Security');
  const token = security === undefined ? undefined : child(element(security), 'UsernameToken');
  return {
    operation: localName(entry[0]),
    namespace: namespace ?? '',
    input: withLocalNames(element(entry[1])),
    ...(token === undefined ? {} : { token: readToken(element(token)) }),
  };
}

/** True when the token's password is this one, sent as text or as a digest over nonce, time and password. */
export function tokenMatches(token: UsernameToken, username: string, password: string): boolean {
  const expected = token.digest
    ? createHash('sha1')
        .update(Buffer.concat([Buffer.from(token.nonce, 'base64'), Buffer.from(token.created + password)]))
        .digest('base64')
    : password;
  return token.username === username && token.password === expected;
}

export function writeEnvelope(
  operation: string,
  namespace: string,
  output: XmlNode,
  qualified: boolean,
): string {
  const prefixed = qualified ? withPrefix(output) : output;
  return envelope({ [`e:${operation}Response`]: { '@xmlns:e': namespace, ...prefixed } });
}

export function writeFault(fault: SoapFault, namespace: string): string {
  const detail =
    fault.erpCode === undefined
      ? {}
      : {
          detail: {
            'e:ErpFault': { '@xmlns:e': namespace, 'e:Code': fault.erpCode, 'e:Text': fault.message },
          },
        };
  return envelope({ 'soap:Fault': { faultcode: fault.faultCode, faultstring: fault.message, ...detail } });
}

function envelope(body: Record<string, unknown>): string {
  const document = {
    'soap:Envelope': { '@xmlns:soap': ENVELOPE, '@xmlns:wsse': WSSE, 'soap:Body': body },
  };
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document)}`;
}

function readToken(token: Record<string, unknown>): UsernameToken {
  const password = child(token, 'Password');
  const type = typeof password === 'object' && password !== null ? element(password)['@Type'] : undefined;
  return {
    username: text(child(token, 'Username')),
    password: text(password),
    digest: isText(type) && type.endsWith('#PasswordDigest'),
    nonce: text(child(token, 'Nonce')),
    created: text(child(token, 'Created')),
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function child(node: Record<string, unknown>, name: string): unknown {
  return Object.entries(node).find(([key]) => localName(key) === name)?.[1];
}

function element(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  if (value === '') return {};
  throw new SoapFault('soap:Client', 'the request is not a SOAP envelope');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function text(value: unknown): string {
  const content = typeof value === 'object' && value !== null ? (value as XmlNode)['#text'] : value;
  return isText(content) ? content : '';
}

function withLocalNames(node: Record<string, unknown>): XmlNode {
  const entries = Object.entries(node).filter(([name]) => !name.startsWith('@'));
  return Object.fromEntries(entries.map(([name, value]) => [localName(name), simplify(value)]));
}

function simplify(value: unknown): XmlValue {
  if (Array.isArray(value)) return value.map((item) => simplify(item) as string | XmlNode);
  if (typeof value !== 'object' || value === null) return String(value);
  const node = withLocalNames(value as Record<string, unknown>);
  return typeof node['#text'] === 'string' ? node['#text'] : node;
}

function withPrefix(value: XmlNode): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [`e:${name}`, prefixValue(item)] as const),
  );
}

function prefixValue(value: XmlValue): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item: string | XmlNode) => prefixValue(item));
  return withPrefix(value as XmlNode);
}
