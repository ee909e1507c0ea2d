/**
 * The TypeScript type of what a JSON Schema literal (`as const`) describes, so that each shape of the API is written
 * once. Knows the keywords that our schemas use: const, enum, oneOf, type, items, properties, required,
 * additionalProperties. Anything else is `unknown`.
 */
export type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly oneOf: readonly (infer O)[] }
      ? FromSchema<O>
      : S extends { readonly type: infer T }
        ? Typed<S, T>
        : unknown;

type Typed<S, T> = T extends 'string'
  ? string
  : T extends 'integer' | 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : T extends 'array'
          ? ListOf<S>
          : T extends 'object'
            ? ObjectOf<S>
            : unknown;

type ListOf<S> = S extends { readonly items: infer I } ? readonly FromSchema<I>[] : readonly unknown[];

type ObjectOf<S> = S extends { readonly properties: infer P }
  ? Flat<
      { readonly [K in keyof P & RequiredOf<S>]: FromSchema<P[K]> } & {
        readonly [K in Exclude<keyof P, RequiredOf<S>>]?: FromSchema<P[K]>;
      }
    >
  : S extends { readonly additionalProperties: infer A }
    ? Readonly<Record<string, A extends object ? FromSchema<A> : unknown>>
    : Readonly<Record<string, unknown>>;

type RequiredOf<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;

/** Shows as one object in editors. */
type Flat<T> = { readonly [K in keyof T]: T[K] };
