import { CrossdockError } from '../model/errors.ts';

export interface XmlBuildOptions {
  /** Begin with `<?xml version="1.0" encoding="UTF-8"?>`. Default true. */
  readonly declaration?: boolean;
}

/** XML 1.0 names with one optional prefix; what is outside ASCII is left to the receiver. */
const NAME = /^[A-Za-z_\u00c0-\uffff][\w.\-\u00b7-\uffff]*(?::[A-Za-z_\u00c0-\uffff][\w.\-\u00b7-\uffff]*)?$/;
const MAX_DEPTH = 256;

/**
 * Plain JSON → XML, the reverse of `parseXml`: `@name` is an attribute, `#text` the text, an array a repeated element.
 * `undefined` leaves the element out, `null` makes an empty one. Everything is escaped; a name that is no XML name, or
 * a value with no single root, throws OUTPUT_INVALID with `path`.
 */
export function buildXml(value: unknown, options: XmlBuildOptions = {}): string {
  const roots = isRecord(value) ? Object.entries(value).filter(([, content]) => content !== undefined) : [];
  const [root] = roots;
  if (root === undefined || roots.length !== 1 || Array.isArray(root[1])) {
    throw invalid('', 'An XML document needs an object with exactly one member: its root element.');
  }
  const declaration = options.declaration === false ? '' : '<?xml version="1.0" encoding="UTF-8"?>';
  return declaration + element(root[0], root[1], '', 0);
}

/** One element, or for a list as many as it has items. */
function element(name: string, value: unknown, path: string, depth: number): string {
  if (value === undefined) return '';
  const at = `${path}/${name}`;
  if (Array.isArray(value)) {
    return (value as readonly unknown[])
      .map((item) => {
        if (Array.isArray(item)) throw invalid(at, 'A list of lists has no form in XML.');
        return element(name, item ?? null, path, depth);
      })
      .join('');
  }
  if (!NAME.test(name)) throw invalid(at, `"${name.slice(0, 80)}" is not an XML name.`);
  if (depth > MAX_DEPTH) throw invalid(at, `The value is nested deeper than ${MAX_DEPTH} levels.`);
  if (!isRecord(value)) {
    const text = scalar(value, at);
    return text === '' ? `<${name}/>` : `<${name}>${escapeXml(text)}</${name}>`;
  }
  let attributes = '';
  let content = '';
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('@')) attributes += attribute(key.slice(1), member, `${at}/${key}`);
    else if (key === '#text') content += escapeXml(scalar(member, at));
    else content += element(key, member, at, depth + 1);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

function attribute(name: string, value: unknown, at: string): string {
  if (value === undefined || value === null) return '';
  if (!NAME.test(name)) throw invalid(at, `"${name.slice(0, 80)}" is not an XML name.`);
  return ` ${name}="${escapeXml(scalar(value, at))}"`;
}

function scalar(value: unknown, path: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  throw invalid(path, 'Text and attributes can only be made of strings, numbers and booleans.');
}

// eslint-disable-next-line no-control-regex -- these are the characters that XML 1.0 can not carry at all
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text as it may stand in an element or an attribute. Characters that XML can not carry are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"'\r\n\t]/g, (char) => ESCAPES[char] as string);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, message: string): CrossdockError {
  return new CrossdockError('OUTPUT_INVALID', message, { path });
}
