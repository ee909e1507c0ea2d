import type { JsonSchema } from '../../model/json-schema.ts';
import { isDictionary, merge, valuesOf } from './dictionary.ts';
import { newObservation, Observer, type Observation } from './observation.ts';
import { looksSensitive, soundsSensitive } from './sensitive.ts';
import { numberPattern } from './text-facts.ts';

export interface InferOptions {
  /** Make an enum of texts that have few values, each seen several times. Default false. */
  readonly enums?: boolean;
  /** Give each member an example from the samples, but for sensitive ones. Default true. */
  readonly examples?: boolean;
  /** Refuse members that no sample has. Default false. */
  readonly closed?: boolean;
  /**
   * The samples are from CSV or XML, where every value is a text: texts that are numbers get a pattern, and an element that
   * is a list in one sample and alone in another is either. Default false.
   */
  readonly texts?: boolean;
}

/** What came of the samples beside the schema, for people. Places are written `lines[].sku`, `prices.*` in maps. */
export interface InferReport {
  readonly samples: number;
  /** Members at all places. */
  readonly fields: number;
  /** Members that are not in all objects at their place. */
  readonly missing: readonly { readonly path: string; readonly seen: number; readonly of: number }[];
  /** Objects that were taken for maps, with the number of names that were seen. */
  readonly maps: readonly { readonly path: string; readonly names: number }[];
  /** Members marked `x-sensitive`. */
  readonly sensitive: readonly string[];
  /** Members with values of several types. */
  readonly mixed: readonly { readonly path: string; readonly types: readonly string[] }[];
  /** Places that were always null or an empty list: nothing is known of their values. */
  readonly unknown: readonly string[];
}

export interface Inferred {
  readonly schema: JsonSchema;
  readonly report: InferReport;
}

/** Values of a text from which on a format or a pattern is believed. */
const ENOUGH = 3;

/**
 * Makes a JSON Schema 2020-12 that all samples fit, without having been told more than they show: required is what all
 * have, types and list items are merged. Throws CONFIG_INVALID for samples beyond measure.
 */
export function inferSchema(samples: Iterable<unknown>, options: InferOptions = {}): Inferred {
  const observer = new Observer();
  for (const sample of samples) observer.add(sample);
  const { root } = observer;
  const writer = new SchemaWriter(options);
  const schema = writer.schemaOf(root, '', false);
  return {
    schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema },
    report: { samples: root.count, ...writer.report },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

class SchemaWriter {
  readonly report: Mutable<Omit<InferReport, 'samples'>> = {
    fields: 0,
    missing: [],
    maps: [],
    sensitive: [],
    mixed: [],
    unknown: [],
  };
  readonly #options: InferOptions;

  constructor(options: InferOptions) {
    this.#options = options;
  }

  schemaOf(at: Observation, path: string, sensitive: boolean): JsonSchema {
    const types = typesOf(at);
    const known = types.filter((type) => type !== 'null');
    if (known.length === 0) {
      this.report.unknown.push(path);
      return { description: 'Always null in the samples.' };
    }
    if (this.#options.texts === true && at.items?.arrays === 0 && at.count > at.arrays)
      return this.#oneOrMany(at, at.items, path, sensitive);
    if (known.length > 1) this.report.mixed.push({ path, types });
    const personal = sensitive || (at.texts.example !== undefined && looksSensitive(at.texts.example));
    if (personal && !sensitive) this.report.sensitive.push(path);
    // Dates and the like are no words of a list, however often they come up.
    const mayBeEnum = types.length === 1 && !personal && at.texts.format(ENOUGH) === undefined;
    const values = this.#options.enums === true && mayBeEnum ? at.texts.values() : undefined;
    if (values !== undefined) return { enum: values };
    return {
      type: types.length === 1 ? types[0] : types,
      ...(at.texts.count > 0 ? this.#textsOf(at) : {}),
      ...(at.objects > 0 ? this.#objectOf(at, path, personal) : {}),
      ...(at.arrays > 0 ? this.#itemsOf(at, path, personal) : {}),
      ...this.#exampleOf(at, personal),
      ...(personal && at.objects + at.arrays === 0 ? { 'x-sensitive': true } : {}),
    };
  }

  /** In XML a list of one can not be told from an element alone: what stands alone is the same as an item. */
  #oneOrMany(at: Observation, items: Observation, path: string, sensitive: boolean): JsonSchema {
    const one = newObservation();
    merge(one, items);
    merge(one, { ...at, arrays: 0, items: undefined, count: at.count - at.arrays });
    const schema = this.schemaOf(one, path, sensitive);
    const { type } = schema;
    if (type === undefined) return { anyOf: [schema, { type: 'array', items: schema }] };
    return { ...schema, type: [...([] as unknown[]).concat(type), 'array'], items: schema };
  }

  #textsOf({ texts }: Observation): JsonSchema {
    const format = texts.format(ENOUGH);
    if (format !== undefined) return { format };
    const number = this.#options.texts === true ? texts.number(ENOUGH) : undefined;
    if (number === undefined) return {};
    const pattern = numberPattern(number);
    return {
      pattern: texts.empty === 0 ? pattern : `^$|${pattern}`,
      description: `${number === 'whole' ? 'A whole number' : 'A number'} as text${texts.empty === 0 ? '' : ', or nothing'}.`,
    };
  }

  #objectOf(at: Observation, path: string, personal: boolean): JsonSchema {
    if (isDictionary(at)) {
      this.report.maps.push({ path, names: at.members.size });
      return { additionalProperties: this.schemaOf(valuesOf(at), `${path}.*`, personal) };
    }
    const properties: [string, JsonSchema][] = [];
    const required: string[] = [];
    let closed = this.#options.closed === true;
    for (const [name, member] of at.members) {
      // Every object has one of these by inheritance, which a validator may take for its own.
      if (name in Object.prototype) {
        closed = false;
        continue;
      }
      const place = path === '' ? name : `${path}.${name}`;
      this.report.fields++;
      const marked = soundsSensitive(name, path);
      if (marked && !personal) this.report.sensitive.push(place);
      properties.push([name, this.schemaOf(member, place, personal || marked)]);
      if (member.count === at.objects) required.push(name);
      else this.report.missing.push({ path: place, seen: member.count, of: at.objects });
    }
    return {
      ...(required.length === 0 ? {} : { required }),
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(closed && properties.length > 0 ? { additionalProperties: false } : {}),
    };
  }

  #itemsOf({ items }: Observation, path: string, personal: boolean): JsonSchema {
    if (items !== undefined) return { items: this.schemaOf(items, `${path}[]`, personal) };
    this.report.unknown.push(`${path}[]`);
    return {};
  }

  #exampleOf(at: Observation, personal: boolean): JsonSchema {
    if (this.#options.examples === false || personal) return {};
    const example = at.texts.example ?? at.numberExample;
    return example === undefined ? {} : { examples: [example] };
  }
}

function typesOf(at: Observation): readonly string[] {
  return [
    at.texts.count > 0 ? 'string' : undefined,
    at.fractions > 0 ? 'number' : at.integers > 0 ? 'integer' : undefined,
    at.booleans > 0 ? 'boolean' : undefined,
    at.objects > 0 ? 'object' : undefined,
    at.arrays > 0 ? 'array' : undefined,
    at.nulls > 0 ? 'null' : undefined,
  ].filter((type) => type !== undefined);
}
