import type { JsonSchema } from '../model/json-schema.ts';
import { circularEdges, type Edge } from './circles.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { nameAt } from './schema-refs.ts';
import { schemasIn, type PlacedSchema } from './schema-walk.ts';

/** A reference that leads back to where it stands without going into the value: who follows it never ends. */
export interface SelfRef {
  /** The schema of the project that it stands in. */
  readonly name: string;
  /** JSON pointer to the reference. */
  readonly path: string;
  /** The schema that has it. */
  readonly place: PlacedSchema;
  /** Without those that close a circle there would be none. */
  readonly closes: boolean;
}

/**
 * All such references in some schemas and in the others that they refer to, by names. References to others are absolute
 * (`resolveRefs`). What leads back through members or items is none of these: a value ends.
 */
export function selfRefs(
  of: ReadonlyMap<string, JsonSchema>,
  others: ReadonlyMap<string, JsonSchema> = new Map(),
): readonly SelfRef[] {
  const graph = new Graph(new Map([...others, ...of]));
  for (const [name, schema] of of) graph.add({ name, schema, path: '', resource: schema });
  const found = new Map<string, SelfRef>();
  for (const { edge, closes } of circularEdges(graph.places(), (place) => graph.edgesOf(place))) {
    const { from: place, keyword } = edge;
    if (keyword === undefined) continue;
    const { name } = place;
    const path = `${place.path}/${keyword}`;
    // One that is dynamic may lead to several.
    const before = found.get(name + path)?.closes ?? false;
    found.set(name + path, { name, path, place, closes: before || closes });
  }
  return [...found.values()];
}

const SINGLE = ['not', 'if', 'then', 'else'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const BY_NAME = ['dependentSchemas', 'dependencies'];

/** The schemas in a schema that the same value is held against, and not a part of it. */
export function partsInPlace(schema: JsonSchema): readonly JsonSchema[] {
  const single = SINGLE.map((keyword) => schema[keyword]);
  const many = [...LISTS, ...BY_NAME].flatMap((keyword): unknown[] => Object.values(schema[keyword] ?? {}));
  return [...single, ...many].filter(isSchema);
}

interface Place extends PlacedSchema {
  readonly name: string;
}

interface Step extends Edge<Place> {
  /** What refers to it; none for a part. */
  readonly keyword?: string;
}

interface Target {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly path: string;
  readonly resource: JsonSchema;
}

/** Schemas, and from each those that the same value is held against. */
class Graph {
  readonly #schemas: ReadonlyMap<string, JsonSchema>;
  readonly #places = new Map<JsonSchema, Place>();
  /** Those that something refers to, and whole schemas. */
  readonly #targets = new Set<JsonSchema>();
  readonly #dynamic = new Map<string, Place[]>();

  constructor(schemas: ReadonlyMap<string, JsonSchema>) {
    this.#schemas = schemas;
  }

  places(): Iterable<Place> {
    return this.#places.values();
  }

  /** Adds a schema with all that it refers to. */
  add(first: Target): void {
    const left = [first];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      this.#targets.add(next.schema);
      if (this.#places.has(next.schema)) continue;
      for (const placed of schemasIn(next.schema, next.path, next.resource)) {
        const place = { ...placed, name: next.name };
        this.#places.set(place.schema, place);
        const anchor = place.schema['$recursiveAnchor'] === true ? '' : place.schema['$dynamicAnchor'];
        if (typeof anchor === 'string') this.#dynamicOf(anchor).push(place);
        const target = this.#targetOf(place);
        if (target === undefined) continue;
        left.push(target);
        const whole = this.#schemas.get(target.name);
        // First the whole: what is not found in it then is data that is used as a schema.
        if (whole !== undefined) left.push({ name: target.name, schema: whole, path: '', resource: whole });
      }
    }
  }

  edgesOf(from: Place): readonly Step[] {
    const { schema } = from;
    const steps: Step[] = [];
    const step = (to: Place | undefined, keyword?: string): void => {
      if (to !== undefined) steps.push({ from, to, ...(keyword === undefined ? {} : { keyword }) });
    };
    for (const part of partsInPlace(schema)) step(this.#places.get(part));
    const target = this.#targetOf(from);
    if (target !== undefined) step(this.#places.get(target.schema), '$ref');
    for (const keyword of ['$dynamicRef', '$recursiveRef'])
      if (typeof schema[keyword] === 'string')
        for (const to of this.#dynamicTargets(schema[keyword].slice(1), from)) step(to, keyword);
    return steps;
  }

  #targetOf({ schema: { $ref }, name, resource }: Place): Target | undefined {
    if (typeof $ref !== 'string') return undefined;
    const [address = '', fragment = ''] = $ref.split('#', 2);
    const within = address === '' ? name : nameAt(address);
    if (within === undefined) return undefined;
    const root = address === '' ? resource : this.#schemas.get(within);
    const schema = root && lookUp(root, `#${fragment}`);
    if (root === undefined || schema === undefined) return undefined;
    return { name: within, schema, path: (this.#places.get(root)?.path ?? '') + fragment, resource: root };
  }

  #dynamicOf(anchor: string): Place[] {
    const known = this.#dynamic.get(anchor) ?? [];
    this.#dynamic.set(anchor, known);
    return known;
  }

  /** What a dynamic reference can lead to: any anchor of that name, or for want of one what is around it. */
  #dynamicTargets(anchor: string, from: Place): readonly (Place | undefined)[] {
    const around: (Place | undefined)[] = [];
    for (let place: PlacedSchema | undefined = from; place !== undefined; place = place.above)
      if (this.#targets.has(place.schema)) around.push(this.#places.get(place.schema));
    return [...around, ...this.#dynamicOf(anchor)];
  }
}
