import { XMLParser } from 'fast-xml-parser';
import { CrossdockError, parseXml } from '../../core/sdk.ts';

/** An element of a WSDL or XSD file, with its namespaces resolved and its children in order. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** By name as written; namespace declarations are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** Prefixes in scope, `''` the default namespace: what a QName in an attribute or text is resolved with. */
  readonly scope: Readonly<Record<string, string>>;
}

interface RawNode {
  readonly ':@'?: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
});

/**
 * Reads a file of a WSDL. In a schema the order of elements has a meaning, which `parseXml` of the sdk does not keep;
 * it is asked first nevertheless, for it refuses what must not be read. Throws CONFIG_INVALID.
 */
export function readXmlTree(bytes: Buffer, file: string): XmlElement {
  try {
    parseXml(bytes);
  } catch (error) {
    throw new CrossdockError('CONFIG_INVALID', `${file}: ${CrossdockError.from(error).message}`, {
      cause: error,
    });
  }
  const nodes = parser.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as RawNode[];
  const root = nodes.find((node) => !('#text' in node));
  if (root === undefined) throw new CrossdockError('CONFIG_INVALID', `${file}: there is no root element.`);
  return toElement(root, { xml: 'http://www.w3.org/XML/1998/namespace' });
}

/** The child elements of this name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child element of this name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** `tns:Order` in the scope of this element → `{urn:orders}Order`. */
export function qualify(element: XmlElement, qname: string): string {
  const [prefix, name] = splitQName(qname);
  return key(element.scope[prefix] ?? '', name);
}

/** The form in which names with a namespace are compared: `{urn:orders}Order`. */
export function key(namespace: string, name: string): string {
  return `{${namespace}}${name}`;
}

/** The reverse of `key`. */
export function splitKey(qualified: string): { readonly namespace: string; readonly name: string } {
  const end = qualified.lastIndexOf('}');
  return { namespace: qualified.slice(1, end), name: qualified.slice(end + 1) };
}

function splitQName(qname: string): readonly [prefix: string, name: string] {
  const text = qname.trim();
  const colon = text.indexOf(':');
  return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
}

function toElement(node: RawNode, outer: Readonly<Record<string, string>>): XmlElement {
  const tag = Object.keys(node).find((name) => name !== ':@') ?? '';
  const scope: Record<string, string> = { ...outer };
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(node[':@'] ?? {})) {
    if (name === 'xmlns') scope[''] = value;
    else if (name.startsWith('xmlns:')) scope[name.slice(6)] = value;
    else attributes[name] = value;
  }
  const content = node[tag] as RawNode[];
  const [prefix, name] = splitQName(tag);
  return {
    name,
    namespace: scope[prefix] ?? '',
    attributes,
    children: content.filter((child) => !('#text' in child)).map((child) => toElement(child, scope)),
    text: content
      .map((child) => child['#text'])
      .filter((text) => typeof text === 'string')
      .join('')
      .trim(),
    scope,
  };
}
