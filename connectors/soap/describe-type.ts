import type { JsonSchema } from '../../core/sdk.ts';
import type { ComplexType, ElementDeclaration, SimpleType, XsdType } from './xsd-model.ts';
import { elementsOf } from './xsd-model.ts';

/** Whether a message is written or read: numbers without a size limit are texts when they are read. */
export type Direction = 'input' | 'output';

const SIZED_INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  byte: [-128, 127],
  short: [-32_768, 32_767],
  int: [-2_147_483_648, 2_147_483_647],
  unsignedByte: [0, 255],
  unsignedShort: [0, 65_535],
  unsignedInt: [0, 4_294_967_295],
};

const UNSIZED_INTEGERS: Readonly<Record<string, number | undefined>> = {
  integer: undefined,
  long: undefined,
  unsignedLong: 0,
  nonNegativeInteger: 0,
  positiveInteger: 1,
  nonPositiveInteger: undefined,
  negativeInteger: undefined,
};

const ZONE = '(Z|[+-][0-9]{2}:[0-9]{2})?';
const DATE = '-?[0-9]{4,}-[0-9]{2}-[0-9]{2}';
const TIME = '[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?';
const PATTERNS: Readonly<Record<string, string>> = {
  date: `^${DATE}${ZONE}$`,
  dateTime: `^${DATE}T${TIME}${ZONE}$`,
  time: `^${TIME}${ZONE}$`,
  hexBinary: '^([0-9a-fA-F]{2})*$',
};

/** How the text of an element is written in JSON. */
export type Notation = 'boolean' | 'number' | 'text';

/**
 * `boolean` → boolean; sized integers, float and double → number; all else, with decimal and the integers that have no
 * size limit, → text, since a JSON number could not hold every digit of them.
 */
export function notationOf(type: SimpleType): Notation {
  if (type.base === 'boolean') return 'boolean';
  return type.base in SIZED_INTEGERS || type.base === 'float' || type.base === 'double' ? 'number' : 'text';
}

/** Whether the text is a number of a kind for which JSON numbers are accepted as input. */
export function isNumeric(type: SimpleType): boolean {
  return notationOf(type) === 'number' || type.base === 'decimal' || type.base in UNSIZED_INTEGERS;
}

/**
 * The JSON Schema of an element's content. Elements that may repeat are arrays, attributes are `@name`, the text beside
 * attributes is `#text`. Named types are in `$defs`, so that types that refer to themselves come to an end.
 */
export function describeElement(element: ElementDeclaration, direction: Direction): JsonSchema {
  const definitions = new Map<ComplexType, Definition>();
  const type = element.type();
  // The element's own type is the schema itself, so that its members stand at the top.
  const schema =
    type.kind === 'complex'
      ? describeComplex(type, direction, definitions)
      : describeType(type, direction, definitions);
  if (definitions.size === 0) return schema;
  return {
    ...schema,
    $defs: Object.fromEntries([...definitions.values()].map(({ name, schema }) => [name, schema])),
  };
}

interface Definition {
  readonly name: string;
  schema: JsonSchema;
}

type Definitions = Map<ComplexType, Definition>;

function describeType(type: XsdType, direction: Direction, definitions: Definitions): JsonSchema {
  if (type.kind === 'any') return {};
  if (type.kind === 'simple') return describeSimple(type, direction);
  if (type.name === undefined) return describeComplex(type, direction, definitions);
  const known = definitions.get(type);
  if (known !== undefined) return { $ref: `#/$defs/${known.name}` };
  const taken = new Set([...definitions.values()].map(({ name }) => name));
  let name = type.name;
  for (let i = 2; taken.has(name); i += 1) name = `${type.name}${i}`;
  const definition: Definition = { name, schema: {} };
  definitions.set(type, definition);
  definition.schema = describeComplex(type, direction, definitions);
  return { $ref: `#/$defs/${name}` };
}

function describeComplex(type: ComplexType, direction: Direction, definitions: Definitions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { name, type: simple, required: needed } of type.attributes) {
    properties[`@${name}`] = describeSimple(simple, direction);
    if (needed) required.push(`@${name}`);
  }
  if (type.text !== undefined) {
    const text = describeSimple(type.text, direction);
    // Without attributes an answer's text stands alone: `12.50` and not `{ "#text": "12.50" }`.
    if (type.attributes.length === 0) return text;
    properties['#text'] = text;
  }
  for (const element of elementsOf(type)) {
    properties[element.name] = describeOccurrence(element, direction, definitions);
    if (element.minOccurs > 0) required.push(element.name);
  }
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(type.open ? {} : { additionalProperties: false }),
  };
}

function describeOccurrence(
  element: ElementDeclaration,
  direction: Direction,
  definitions: Definitions,
): JsonSchema {
  const one = describeType(element.type(), direction, definitions);
  const single = element.nillable ? { anyOf: [one, { type: 'null' }] } : one;
  const many =
    element.maxOccurs > 1
      ? {
          type: 'array',
          items: single,
          ...(element.minOccurs > 0 ? { minItems: element.minOccurs } : {}),
          ...(Number.isFinite(element.maxOccurs) ? { maxItems: element.maxOccurs } : {}),
        }
      : single;
  return element.documentation === undefined ? many : { description: element.documentation, ...many };
}

function describeSimple(type: SimpleType, direction: Direction): JsonSchema {
  if (type.enumeration !== undefined && !isNumeric(type)) return { enum: type.enumeration };
  if (type.base === 'boolean') return { type: 'boolean' };
  const { minInclusive, maxInclusive } = type;
  const bounds = {
    ...(minInclusive === undefined ? {} : { minimum: Number(minInclusive) }),
    ...(maxInclusive === undefined ? {} : { maximum: Number(maxInclusive) }),
  };
  const sized = SIZED_INTEGERS[type.base];
  if (sized !== undefined) return { type: 'integer', minimum: sized[0], maximum: sized[1], ...bounds };
  if (type.base === 'float' || type.base === 'double') return { type: 'number', ...bounds };
  const whole = type.base in UNSIZED_INTEGERS;
  if (whole || type.base === 'decimal') {
    const pattern = whole ? '^[+-]?[0-9]+$' : '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$';
    const text = { type: 'string', pattern };
    if (direction === 'output') return text;
    const least = UNSIZED_INTEGERS[type.base];
    const limits = { ...(least === undefined ? {} : { minimum: least }), ...bounds };
    return { anyOf: [{ type: whole ? 'integer' : 'number', ...limits }, text] };
  }
  const pattern = PATTERNS[type.base];
  return {
    type: 'string',
    ...(pattern === undefined ? {} : { pattern }),
    ...(type.minLength === undefined ? {} : { minLength: type.minLength }),
    ...(type.maxLength === undefined ? {} : { maxLength: type.maxLength }),
    ...(type.base === 'base64Binary' ? { contentEncoding: 'base64' } : {}),
  };
}
