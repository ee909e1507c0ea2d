import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DEFAULT_FORMAT_LIMITS, unreadable, type FormatLimits } from './limits.ts';
import { decodeText } from './text.ts';

export interface XmlOptions extends FormatLimits {
  /** `soap:Body` becomes `Body`; declarations (`xmlns`, `xmlns:*`) go. Default false. */
  readonly removePrefixes?: boolean;
}

/** What XML looks like as plain JSON: text, or an object of `@attributes`, `#text` and child elements. */
export type XmlValue = string | XmlObject;
export interface XmlObject {
  [name: string]: XmlValue | XmlValue[];
}

const CDATA = '#cdata';
const TEXT = '#text';
const ATTRIBUTES = ':@';

/** Nothing is interpreted here: no entities, no numbers, no trimming. `convert` does that, once, under our limits. */
function parser(maxDepth: number): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    cdataPropName: CDATA,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: maxDepth,
    onDangerousProperty: (name: string) => name,
  });
}

/**
 * Reads one XML document as plain JSON: `<a x="1"><b>2</b></a>` is `{ a: { '@x': '1', b: '2' } }`. An element with text
 * and attributes has the text as `#text`; a repeated element is an array; an empty one is `''`. Values stay strings, or
 * order numbers would lose their zeros; text is trimmed unless it stands in CDATA.
 *
 * Document types and entity declarations are refused altogether (XXE, entity bombs); only the five entities of XML and
 * numeric references are understood. Throws BODY_TOO_LARGE and BODY_UNREADABLE.
 */
export function parseXml(input: Buffer | string, options: XmlOptions = {}): XmlObject {
  const limits = { ...DEFAULT_FORMAT_LIMITS, ...options };
  const text = decodeText(input, limits.maxBytes);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    throw unreadable('The XML declares a document type or an entity, which is not accepted.');
  }
  refuseEncoding(input, text);
  refuseMany(text, limits.maxNodes);
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    const { line, col } = verdict.err;
    throw unreadable(`The XML is not well-formed at line ${line}, column ${col ?? 1}.`);
  }
  let nodes: XmlNode[];
  try {
    nodes = parser(limits.maxDepth).parse(text) as XmlNode[];
  } catch (error) {
    const reason = /nested/i.test(String(error))
      ? `The XML is nested deeper than ${limits.maxDepth} levels.`
      : 'The XML can not be read.';
    throw unreadable(reason, error);
  }
  const roots = nodes.filter((node) => nameOf(node) !== TEXT);
  if (roots.length !== 1) throw unreadable(`The XML has ${roots.length} root elements instead of one.`);
  return convertChildren(roots, options.removePrefixes === true) as XmlObject;
}

type XmlNode = Readonly<Record<string, unknown>>;

function nameOf(node: XmlNode): string {
  for (const key in node) if (key !== ATTRIBUTES) return key;
  return TEXT;
}

function convert(node: XmlNode, name: string, bare: boolean): XmlValue {
  const children = node[name] as XmlNode[];
  const attributes = node[ATTRIBUTES] as Readonly<Record<string, string>> | undefined;
  const value = convertChildren(children, bare);
  if (attributes === undefined) return value;
  const withAttributes: XmlObject = {};
  for (const [key, raw] of Object.entries(attributes)) {
    if (bare && /^@xmlns(:|$)/.test(key)) continue;
    withAttributes[bare ? `@${withoutPrefix(key.slice(1))}` : key] = decodeEntities(raw);
  }
  if (Object.keys(withAttributes).length === 0) return value;
  if (typeof value !== 'string') return Object.assign(withAttributes, value);
  if (value !== '') withAttributes[TEXT] = value;
  return withAttributes;
}

function convertChildren(children: readonly XmlNode[], bare: boolean): XmlValue {
  const fields = new Map<string, XmlValue | XmlValue[]>();
  let text = '';
  let verbatim = false;
  for (const child of children) {
    const name = nameOf(child);
    if (name === TEXT) text += decodeEntities(String(child[TEXT]));
    else if (name === CDATA) {
      verbatim = true;
      for (const part of child[CDATA] as XmlNode[]) text += String(part[TEXT]);
    } else add(fields, bare ? withoutPrefix(name) : name, convert(child, name, bare));
  }
  if (!verbatim) text = text.trim();
  if (fields.size === 0) return text;
  if (text.trim() !== '') fields.set(TEXT, text);
  return Object.fromEntries(fields);
}

function add(fields: Map<string, XmlValue | XmlValue[]>, name: string, value: XmlValue): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (Array.isArray(before)) before.push(value);
  else fields.set(name, [before, value]);
}

function withoutPrefix(name: string): string {
  const bare = name.slice(name.indexOf(':') + 1);
  if (bare === '__proto__') throw unreadable('The XML has an element or attribute that is named __proto__.');
  return bare;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Each reference yields at most two characters for at least four, so decoding can not make a document grow. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (_, hex, decimal, name) => {
    if (name !== undefined) {
      const known = ENTITIES[name as string];
      if (known === undefined) throw unreadable('The XML uses an entity that XML does not define.');
      return known;
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    if (!isXmlChar(code)) throw unreadable('The XML has a numeric reference to no character.');
    return String.fromCodePoint(code);
  });
}

/** XML 1.0, production [2] Char. */
function isXmlChar(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

function refuseEncoding(input: Buffer | string, text: string): void {
  if (typeof input === 'string') return;
  const encoding = /^<\?xml\s[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    throw unreadable('The XML is declared in another encoding than UTF-8.');
  }
}

/** Elements and attributes are counted before anything is built for them. */
function refuseMany(text: string, maxNodes: number): void {
  let count = 0;
  for (let i = text.indexOf('<'); i >= 0; i = text.indexOf('<', i + 1)) count++;
  // A start tag and its end tag are one element.
  if (count > 2 * maxNodes) throw unreadable(`The XML has more than ${maxNodes} elements.`);
}
