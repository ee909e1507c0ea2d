import { buildXml, CrossdockError, escapeXml } from '../../core/sdk.ts';
import { isNumeric } from './describe-type.ts';
import type { AttributeUse, ComplexType, ElementDeclaration, Particle, SimpleType } from './xsd-model.ts';
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
  const writer = new Writer(prefixes);
  writer.element(element, value, '');
  return writer.text;
}

class Writer {
  readonly #prefixes: Prefixes;
  readonly #out: string[] = [];

  constructor(prefixes: Prefixes) {
    this.#prefixes = prefixes;
  }

  get text(): string {
    return this.#out.join('');
  }

  element(element: ElementDeclaration, value: unknown, path: string): void {
    const name = this.#prefixes.name(element.namespace, element.name);
    if (value === null) {
      if (!element.nillable) throw invalid(path, `${element.name} must not be null`);
      this.#out.push(`<${name} xsi:nil="true"/>`);
      return;
    }
    const type = element.type();
    switch (type.kind) {
      case 'simple':
        this.#out.push(`<${name}>`, writeText(type, value, path), `</${name}>`);
        return;
      case 'any':
        this.#out.push(`<${name}>`, writeAny(value, path), `</${name}>`);
        return;
      case 'complex': {
        const fields = isRecord(value) ? value : type.text === undefined ? undefined : { '#text': value };
        if (fields === undefined) throw invalid(path, 'an object is needed here');
        this.#out.push(`<${name}`, ...type.attributes.map((it) => this.#attribute(it, fields, path)), '>');
        this.#content(type, fields, path);
        this.#out.push(`</${name}>`);
      }
    }
  }

  #content(type: ComplexType, fields: Fields, path: string): void {
    if (type.text !== undefined && fields['#text'] !== undefined)
      this.#out.push(writeText(type.text, fields['#text'], join(path, '#text')));
    for (const particle of type.particles) this.#particle(particle, fields, path);
    const extra = unknownFields(type, fields);
    if (extra.length > 0 && !type.open)
      throw invalid(path, `there is no element ${extra[0]} here; known are ${namesOf(type).join(', ')}`);
    for (const field of extra) this.#out.push(writeAny({ [field]: fields[field] }, path));
  }

  #particle({ elements, repeated }: Particle, fields: Fields, path: string): void {
    const lists = elements.map((element) => ({ element, items: itemsOf(element, fields, path) }));
    // One element after the other, unless the whole group repeats: then they take turns.
    const turns = repeated ? Math.max(...lists.map(({ items }) => items.length)) : 1;
    for (let turn = 0; turn < turns; turn += 1)
      for (const { element, items } of lists)
        for (const item of repeated ? items.slice(turn, turn + 1) : items)
          this.element(element, item, join(path, element.name));
  }

  #attribute(attribute: AttributeUse, fields: Fields, path: string): string {
    const value = fields[`@${attribute.name}`];
    if (value === undefined || value === null) {
      if (attribute.required) throw invalid(path, `@${attribute.name} is missing`);
      return '';
    }
    const text = writeText(attribute.type, value, join(path, `@${attribute.name}`));
    return ` ${this.#prefixes.name(attribute.namespace, attribute.name)}="${text}"`;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function itemsOf(element: ElementDeclaration, fields: Fields, path: string): readonly unknown[] {
  const value = fields[element.name];
  const items: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (items.length < element.minOccurs) throw invalid(path, `${element.name} is missing`);
  if (items.length > element.maxOccurs)
    throw invalid(path, `${element.name} may occur ${element.maxOccurs} times, not ${items.length}`);
  return items;
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
  if (!isRecord(value)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return plain ? escapeXml(String(value)) : '';
  }
  return Object.entries(value)
    .map(([name, content]) => {
      const items: readonly unknown[] = Array.isArray(content) ? content : [content];
      if (name.startsWith('@') || name === '#text') throw invalid(path, `${name} has no place here`);
      return items.map((item) => buildXml({ [name]: item }, { declaration: false })).join('');
    })
    .join('');
}

function unknownFields(type: ComplexType, fields: Fields): string[] {
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

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function invalid(path: string, text: string): CrossdockError {
  return new CrossdockError('OUTPUT_INVALID', path === '' ? `${text}.` : `${path}: ${text}.`, { path });
}
