import type { XmlObject, XmlValue } from '../../core/sdk.ts';
import { notationOf } from './describe-type.ts';
import type { ComplexType, ElementDeclaration, SimpleType, XsdType } from './xsd-model.ts';
import { textOf } from './xml-value.ts';
import { elementsOf } from './xsd-model.ts';

/**
 * An element of an answer (as `parseXml` gives it, without prefixes) → plain JSON of the form that `describeElement`
 * says. Tolerant: elements that the schema does not know are left out, missing ones are not missed.
 */
export function readElement(element: ElementDeclaration, value: XmlValue): unknown {
  if (isNil(value)) return null;
  return readType(element.type(), value);
}

function readType(type: XsdType, value: XmlValue): unknown {
  switch (type.kind) {
    case 'any':
      return value;
    case 'simple':
      return readText(type, textOf(value));
    case 'complex':
      return readComplex(type, value);
  }
}

function readComplex(type: ComplexType, value: XmlValue): unknown {
  const fields: XmlObject = typeof value === 'string' ? { '#text': value } : value;
  if (type.text !== undefined && type.attributes.length === 0) return readText(type.text, textOf(value));
  const result: Record<string, unknown> = {};
  for (const attribute of type.attributes) {
    const found = fields[`@${attribute.name}`];
    if (typeof found === 'string') result[`@${attribute.name}`] = readText(attribute.type, found);
  }
  if (type.text !== undefined) result['#text'] = readText(type.text, textOf(value));
  for (const element of elementsOf(type)) {
    const found = fields[element.name];
    if (found === undefined) continue;
    const items = (Array.isArray(found) ? found : [found]).map((item) => readElement(element, item));
    result[element.name] = element.maxOccurs > 1 ? items : items[0];
  }
  if (type.open)
    for (const [name, found] of Object.entries(fields))
      if (!(name in result) && name !== '#text') result[name] = found;
  return result;
}

function readText(type: SimpleType, text: string): unknown {
  switch (notationOf(type)) {
    case 'boolean':
      return text === 'true' || text === '1';
    case 'number': {
      const number = Number(text);
      // INF and NaN of XML Schema have no number in JSON.
      return text === '' || Number.isNaN(number) ? text : number;
    }
    case 'text':
      return text;
  }
}

function isNil(value: XmlValue): boolean {
  return typeof value === 'object' && (value['@nil'] === 'true' || value['@nil'] === '1');
}
