import { markSensitive, schemaRegistry } from '../../core/language/index.ts';
import type { Marked, ScalarPlace } from '../../core/language/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { pathText } from '../output/diff.ts';
import { looksPersonal } from './looks-personal.ts';
import { boundsOf } from './number-within.ts';
import { Originals } from './originals.ts';
import { sensitivePaths } from './sensitive-paths.ts';
import { standIn } from './stand-in.ts';

/** A value to be made harmless, and what says which parts of it are sensitive. */
export interface Exposed {
  /** How it is called in front of paths: `input`, `given.account`. */
  readonly name: string;
  readonly value: unknown;
  readonly schema?: string | JsonSchema;
}

/** A value that was replaced; never what it was. */
export interface Replaced {
  readonly path: string;
  readonly standIn: unknown;
}

/** Something to look at before the case goes anywhere. */
export interface Suspicion {
  readonly path: string;
  /** `looks like a mail address`. */
  readonly reason: string;
}

/** Values without what is sensitive in them. */
export interface Harmless {
  /** In the order of what was given. */
  readonly values: readonly unknown[];
  readonly replaced: readonly Replaced[];
  /** Unmarked values that look personal. */
  readonly suspicions: readonly Suspicion[];
  /** The schemas mark something, whether or not these values have it. */
  readonly marks: boolean;
  /** Stand-ins that do not fit their schema, because no try did. */
  readonly unfit: readonly string[];
  /** Paths in another value (the finished case) that still hold a sensitive text. */
  survivors(value: unknown): readonly string[];
}

interface Settings {
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** Paths that are sensitive whatever their schemas say, with all below them: `customer.note`, `lines[].text`. */
  readonly alsoSensitive?: readonly string[];
}

/** Keywords that bind a scalar. */
const BINDING = [
  'enum',
  'const',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
];

/**
 * Replaces every sensitive value by a stand-in of the same type, format and look. The same value has the same stand-in in
 * all of them, also where it is a part of another text, has another case, or is written percent-encoded. Pure: the same
 * values give the same stand-ins, and nothing of the originals can be computed from them. Throws UsageError for a path of
 * `alsoSensitive` that leads nowhere.
 */
export function replaceSensitive(exposed: readonly Exposed[], settings: Settings): Harmless {
  const { schemas, alsoSensitive = [] } = settings;
  const marks = exposed.map(({ value, schema }) => markSensitive(value, schema, schemas));
  const isNamed = sensitivePaths(exposed, alsoSensitive);
  const isSensitive = (place: ScalarPlace, name: string): boolean =>
    place.value !== '' && (place.sensitive || isNamed(place.path, name));
  const sensitive = exposed.map(({ name }, at) =>
    (marks[at] as Marked).scalars.filter((place) => isSensitive(place, name)),
  );
  const places = sensitive.flat();
  const names = marks.flatMap((marked) => marked.names.map((path) => String(path.at(-1))));
  const originals = new Originals([...places.map(({ value }) => value), ...names]);
  const registry = schemaRegistry(new Map());
  const unfit: string[] = [];
  const make = (value: ScalarPlace['value'], constraints: readonly JsonSchema[], path: string): void => {
    if (originals.standInOf(value) !== undefined) return;
    const met = constraints
      .map((schema) => ({ schema, fits: registry.compile(schema) }))
      .filter(({ fits }) => fits(value).length === 0);
    const bounds = boundsOf(met.map(({ schema }) => schema));
    const free = (candidate: unknown): boolean => typeof value === 'boolean' || originals.isFree(candidate);
    const demand = {
      ...formatOf(constraints),
      ...(bounds === undefined ? {} : { bounds }),
      fits: (candidate: unknown) => free(candidate) && met.every(({ fits }) => fits(candidate).length === 0),
    };
    const fitting = standIn(value, originals.made + 1, demand);
    if (fitting === undefined) unfit.push(path);
    const made = fitting ?? standIn(value, originals.made + 1, { ...demand, fits: free }) ?? blank(value);
    originals.replace(value, made);
  };
  marks.forEach(({ names: own }, at) => {
    const { name } = exposed[at] as Exposed;
    for (const place of sensitive[at] ?? [])
      make(place.value, place.schemas.map(binding), pathText(place.path, name));
    for (const path of own) make(String(path.at(-1)), [], pathText(path, name));
  });

  const replaced: Replaced[] = [];
  const suspicions: Suspicion[] = [];
  const values = exposed.map(({ name, value }, at) => {
    const marked = marks[at] as Marked;
    const byPath = new Map(marked.scalars.map((place) => [JSON.stringify(place.path), place]));
    const hidden = new Set(sensitive[at]);
    const rewrite = (node: unknown, path: readonly (string | number)[]): unknown => {
      if (Array.isArray(node)) return node.map((item, index) => rewrite(item, [...path, index]));
      if (typeof node === 'object' && node !== null)
        return Object.fromEntries(
          Object.entries(node).map(([key, member]) => [
            marked.declared.has(JSON.stringify([...path, key])) ? key : originals.withoutInName(key),
            rewrite(member, [...path, key]),
          ]),
        );
      const place = byPath.get(JSON.stringify(path));
      const fresh = place === undefined ? node : scalarFor(place, originals, hidden.has(place));
      if (fresh !== node) replaced.push({ path: pathText(path, name), standIn: fresh });
      else {
        const reason = place !== undefined && !hidden.has(place) ? looksPersonal(path, node) : undefined;
        if (reason !== undefined) suspicions.push({ path: pathText(path, name), reason });
      }
      return fresh;
    };
    return rewrite(value, []);
  });
  const someMarked = marks.some((marked) => marked.marks);
  return {
    values,
    replaced,
    suspicions,
    unfit,
    marks: someMarked,
    survivors: (value) => originals.survivors(value),
  };
}

function scalarFor(place: ScalarPlace, originals: Originals, sensitive: boolean): unknown {
  if (sensitive) return originals.standInOf(place.value);
  // One of a few words that a schema lists says nothing of a person.
  if (place.schemas.some((schema) => Array.isArray(schema['enum']) || schema['const'] !== undefined))
    return place.value;
  return originals.without(place.value);
}

function binding(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    BINDING.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]]])),
  );
}

function formatOf(constraints: readonly JsonSchema[]): {
  readonly format?: string;
  readonly allowed?: readonly unknown[];
} {
  const format = constraints.map((schema) => schema['format']).find((one) => typeof one === 'string');
  const allowed = constraints.map((schema) => schema['enum']).find((one) => Array.isArray(one)) as
    unknown[] | undefined;
  return { ...(format === undefined ? {} : { format }), ...(allowed === undefined ? {} : { allowed }) };
}

/** What nothing fits: privacy comes first. */
function blank(value: ScalarPlace['value']): ScalarPlace['value'] {
  if (typeof value === 'string') return 'x'.repeat(value.length);
  return typeof value === 'number' ? 0 : false;
}
