import { buildXml, CrossdockError, escapeXml } from '../../core/sdk.ts';
import { isNumeric } from './describe-type.ts';
import type { AttributeUse, ComplexType, ElementDeclaration, SimpleType } from './xsd-model.ts';
import { elementsOf } from './xsd-model.ts';

/** Gives each namespace of a message a prefix: `n0`, `n1`, ... */
export class Prefixes {
  readonly #prefixes = new Map<string, string>();

  /** `Order` in `urn:orders` → `n0:Order`. */
  name(namespace: string, name: string): string {
    if (namespace === '') return name;
    let prefix = this.#prefixes.get(namespace);
    if (prefix === undefined) {
      prefix = `n${this.#prefixes.size}`;
      this.#prefixes.set(namespace, prefix);
    }
    return `${prefix}:${name}`;
  }

  /** ` xmlns:n0="urn:orders"`, for the envelope. */
  declarations(): string {
    return [...this.#prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${escapeXml(uri)}"`).join('');
  }
}

/**
 * Writes a value as the element that the schema declares: elements in the schema's order whatever the value's, names
 * in their namespaces, numbers without exponents, `null` as `xsi:nil`. Throws OUTPUT_INVALID with the path for what has
 * no place in the schema.
 */
export function writeElement(element: ElementDeclaration, value: unknown, prefixes: Prefixes): string {
  const out: string[] = [];
  writeOne(element, value, '', prefixes, out);
  return out.join('');
}

function writeOne(
  element: ElementDeclaration,
  value: unknown,
  path: string,
  prefixes: Prefixes,
  out: string[],
): void {
  const name = prefixes.name(element.namespace, element.name);
  if (value === null) {
    if (!element.nillable) throw invalid(path, `${element.name} must not be null`);
    out.push(`<${name} xsi:nil="true"/>`);
    return;
  }
  const type = element.type();
  switch (type.kind) {
    case 'simple':
      out.push(`<${name}>`, writeText(type, value, path), `</${name}>`);
      return;
    case 'any':
      out.push(`<${name}>`, writeAny(value, path), `</${name}>`);
      return;
    case 'complex':
      writeComplex(name, type, value, path, prefixes, out);
  }
}

function writeComplex(
  name: string,
  type: ComplexType,
  value: unknown,
  path: string,
  prefixes: Prefixes,
  out: string[],
): void {
  const fields = isRecord(value) ? value : type.text === undefined ? undefined : { '#text': value };
  if (fields === undefined) throw invalid(path, 'an object is needed here');
  out.push(`<${name}`);
  for (const attribute of type.attributes) out.push(writeAttribute(attribute, fields, path, prefixes));
  out.push('>');
  if (type.text !== undefined && fields['#text'] !== undefined)
    out.push(writeText(type.text, fields['#text'], join(path, '#text')));
  for (const particle of type.particles) {
    const lists = particle.elements.map((element) => ({ element, items: itemsOf(element, fields, path) }));
    const turns = particle.repeated ? Math.max(...lists.map(({ items }) => items.length)) : 0;
    for (let turn = 0; turn < turns; turn += 1)
      for (const { element, items } of lists)
        if (turn < items.length) writeOne(element, items[turn], join(path, element.name), prefixes, out);
    if (!particle.repeated)
      for (const { element, items } of lists)
        for (const item of items) writeOne(element, item, join(path, element.name), prefixes, out);
  }
  const extra = unknownFields(type, fields);
  if (extra.length > 0 && !type.open)
    throw invalid(path, `there is no element ${extra[0]} here; known are ${namesOf(type).join(', ')}`);
  for (const field of extra) out.push(writeAny({ [field]: fields[field] }, path));
  out.push(`</${name}>`);
}

function itemsOf(
  element: ElementDeclaration,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): readonly unknown[] {
  const value = fields[element.name];
  const items: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (items.length < element.minOccurs) throw invalid(path, `${element.name} is missing`);
  if (items.length > element.maxOccurs)
    throw invalid(path, `${element.name} may occur ${element.maxOccurs} times, not ${items.length}`);
  return items;
}

function writeAttribute(
  attribute: AttributeUse,
  fields: Readonly<Record<string, unknown>>,
  path: string,
  prefixes: Prefixes,
): string {
  const value = fields[`@${attribute.name}`];
  if (value === undefined || value === null) {
    if (attribute.required) throw invalid(path, `@${attribute.name} is missing`);
    return '';
  }
  const text = writeText(attribute.type, value, join(path, `@${attribute.name}`));
  return ` ${prefixes.name(attribute.namespace, attribute.name)}="${text}"`;
}

function writeText(type: SimpleType, value: unknown, path: string): string {
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value === 'boolean' && (type.base === 'boolean' || !isNumeric(type))) return String(value);
  if (typeof value === 'number' && type.base !== 'boolean') return plainNumber(value, path);
  throw invalid(path, `a ${type.base} is needed here`);
}

/** XML Schema's decimal knows no exponent, JavaScript writes one for small and for large numbers. */
function plainNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw invalid(path, 'a number must be finite');
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

function writeAny(value: unknown, path: string): string {
  if (!isRecord(value)) return escapeXml(typeof value === 'object' ? '' : String(value));
  return Object.entries(value)
    .map(([name, content]) => {
      const items: readonly unknown[] = Array.isArray(content) ? content : [content];
      if (name.startsWith('@') || name === '#text') throw invalid(path, `${name} has no place here`);
      return items.map((item) => buildXml({ [name]: item }, { declaration: false })).join('');
    })
    .join('');
}

function unknownFields(type: ComplexType, fields: Readonly<Record<string, unknown>>): string[] {
  const known = new Set(namesOf(type));
  return Object.keys(fields).filter((name) => fields[name] !== undefined && !known.has(name));
}

function namesOf(type: ComplexType): string[] {
  return [
    ...type.attributes.map(({ name }) => `@${name}`),
    ...(type.text === undefined ? [] : ['#text']),
    ...elementsOf(type).map(({ name }) => name),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function invalid(path: string, text: string): CrossdockError {
  return new CrossdockError('OUTPUT_INVALID', path === '' ? `${text}.` : `${path}: ${text}.`, { path });
}
