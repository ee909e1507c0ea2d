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
  return circularEdges(graph.places(), (place) => graph.edgesOf(place)).flatMap(({ edge, closes }) => {
    const { from: place, refers } = edge;
    return refers ? [{ name: place.name, path: `${place.path}/$ref`, place, closes }] : [];
  });
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
  /** By a reference; else to a part. */
  readonly refers: boolean;
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
      if (this.#places.has(next.schema)) continue;
      for (const placed of schemasIn(next.schema, next.path, next.resource)) {
        const place = { ...placed, name: next.name };
        this.#places.set(place.schema, place);
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
    const step = (to: Place | undefined, refers: boolean): void => {
      if (to !== undefined) steps.push({ from, to, refers });
    };
    for (const part of partsInPlace(schema)) step(this.#places.get(part), false);
    const target = this.#targetOf(from);
    if (target !== undefined) step(this.#places.get(target.schema), true);
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
}
