import type { JsonSchema } from '../../model/json-schema.ts';
import { isSchema, lookUp } from '../local-ref.ts';
import { findSchema } from '../schema-refs.ts';
import { joinAll, joinForms, listOf, memberOf, typeOfValue } from './join.ts';
import { meet } from './meet.ts';
import { closed, decided, unsure } from './open-up.ts';
import { undecidedAmong, undecidedIn, type Resolve } from './undecided.ts';
import { ANY, loosened, NEVER, UNKNOWN, withAbsence } from './type.ts';
import type { Form, ListForm, Member, NumberForm, ObjectForm, StringForm, Type } from './type.ts';

/** Turns JSON Schemas (2020-12) into types. Says what is surely so: keywords that decide by the value are left open. */
export interface SchemaTypes {
  /** What a value that fits the schema can be. `name` is the schema's own, which its references are relative to. */
  of(schema: JsonSchema, name?: string): Type;
  /** The same of a project's schema; undefined if there is none of this name. */
  named(name: string): Type | undefined;
  /**
   * What an action takes. The hub brings an output into its form first (core/language/shape.ts): where the schema says
   * just `array`, a single item is welcome.
   */
  wanted(schema: JsonSchema): Type;
}

/** Where a schema stands: references are looked up from here. */
interface Base {
  readonly root: JsonSchema;
  readonly name: string;
  /** Whether the hub brings what comes here into the form of the schema. */
  readonly shaped: boolean;
}

/** Types of a project's schemas. Each part of a schema is looked at once, and only when somebody asks for it. */
export function schemaTypes(schemas: ReadonlyMap<string, JsonSchema>): SchemaTypes {
  const reader = new Reader(schemas);
  return {
    of: (schema, name = '') => reader.type(schema, { root: schema, name, shaped: false }),
    named: (name) => {
      const schema = schemas.get(name);
      return schema === undefined ? undefined : reader.type(schema, { root: schema, name, shaped: false });
    },
    wanted: (schema) => reader.type(schema, { root: schema, name: '', shaped: true }),
  };
}

const SCALARS = ['null', 'boolean', 'number', 'string'] as const;
class Reader {
  readonly #schemas: ReadonlyMap<string, JsonSchema>;
  readonly #done = { plain: new Map<JsonSchema, Type>(), shaped: new Map<JsonSchema, Type>() };
  readonly #open = new Set<JsonSchema>();

  constructor(schemas: ReadonlyMap<string, JsonSchema>) {
    this.#schemas = schemas;
  }

  type(schema: unknown, base: Base): Type {
    if (schema === false) return NEVER;
    if (!isSchema(schema)) return ANY;
    const done = base.shaped ? this.#done.shaped : this.#done.plain;
    const known = done.get(schema);
    if (known !== undefined) return known;
    // It refers to itself without an object or a list between: that says nothing.
    if (this.#open.has(schema)) return ANY;
    this.#open.add(schema);
    const type = this.#read(schema, base);
    this.#open.delete(schema);
    done.set(schema, type);
    return type;
  }

  #read(schema: JsonSchema, base: Base): Type {
    let type: Type = { forms: this.#own(schema, base) };
    const ref = schema['$ref'];
    if (typeof ref === 'string') type = meet(type, this.#referred(ref, base));
    for (const part of listed(schema['allOf'])) type = meet(type, this.type(part, base));
    const elsewhere = { ...base, shaped: false };
    for (const choice of [listed(schema['anyOf']), listed(schema['oneOf'])]) {
      if (choice.length === 0) continue;
      const branches = choice.map((branch) => meet(type, this.type(branch, elsewhere)));
      const among = undecidedAmong(choice, base, this.#find);
      type = { forms: joinForms(joinAll(branches).forms.map((form) => unsure(form, schema, choice, among))) };
    }
    const { forms } = type;
    const asked = withParts(schema);
    const undecided = undecidedIn(asked, base, this.#find);
    if (undecided !== undefined) return { forms: forms.map((form) => decided(form, asked, undecided)) };
    return schema['unevaluatedProperties'] === false ? { forms: forms.map(closed) } : type;
  }

  readonly #find: Resolve<Base> = (ref, base) => {
    const [target = '', fragment = ''] = ref.split('#', 2);
    const own = target === '' || target === base.root['$id'];
    const name = own ? base.name : findSchema(target, base.name, this.#schemas);
    const root = own ? base.root : name === undefined ? undefined : this.#schemas.get(name);
    if (root === undefined || name === undefined) return undefined;
    const schema = lookUp(root, `#${fragment}`);
    return schema === undefined ? undefined : { schema, base: { root, name, shaped: base.shaped && own } };
  };

  #referred(ref: string, base: Base): Type {
    const found = this.#find(ref, base);
    return found === undefined ? ANY : this.type(found.schema, found.base);
  }

  /** What the keywords of this very schema say. */
  #own(schema: JsonSchema, base: Base): readonly Form[] {
    const { type, enum: allowed } = schema;
    const kinds = typeof type === 'string' ? [type] : Array.isArray(type) ? (type as readonly string[]) : [];
    const given = kinds.length > 0 ? this.#ofKinds(kinds, schema, base) : this.#implied(schema, base);
    const forms =
      schema['nullable'] === true && kinds.length > 0 ? [...given, { kind: 'null' } as const] : given;
    const values =
      schema['const'] !== undefined ? [schema['const']] : Array.isArray(allowed) ? allowed : undefined;
    if (values === undefined) return forms;
    return meet(joinAll((values as readonly unknown[]).map(typeOfValue)), { forms }).forms;
  }

  #ofKinds(kinds: readonly string[], schema: JsonSchema, base: Base): readonly Form[] {
    const forms = kinds.flatMap((kind): readonly Form[] => {
      switch (kind) {
        case 'null':
        case 'boolean':
          return [{ kind }];
        case 'integer':
        case 'number':
          return [numberForm(schema, kind === 'integer')];
        case 'string':
          return [stringForm(schema)];
        case 'array':
          return [this.#list(schema, base)];
        case 'object':
          return [this.#object(schema, base)];
        default:
          return [{ kind: 'any' }];
      }
    });
    return joinForms(forms);
  }

  /** Without `type`, a keyword holds for values of its own kind alone, and any other value fits. */
  #implied(schema: JsonSchema, base: Base): readonly Form[] {
    const has = (...keywords: readonly string[]): boolean =>
      keywords.some((key) => schema[key] !== undefined);
    const kinds = [
      ...(has('properties', 'required', 'additionalProperties', 'patternProperties') ? ['object'] : []),
      ...(has('items', 'prefixItems', 'minItems', 'maxItems') ? ['array'] : []),
      ...(has('minLength', 'maxLength', 'pattern', 'format') ? ['string'] : []),
      ...(has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum') ? ['number'] : []),
    ];
    if (kinds.length === 0) return [{ kind: 'any' }];
    const others = [...SCALARS, 'array', 'object'].filter((kind) => !kinds.includes(kind));
    const unlikely = this.#ofKinds(others, {}, base).map((form) => ({ ...form, maybe: true as const }));
    return [...this.#ofKinds(kinds, schema, base), ...unlikely];
  }

  #list(schema: JsonSchema, base: Base): ListForm {
    const { items, prefixItems } = schema;
    const single = base.shaped && schema['type'] === 'array';
    const places = listed(prefixItems);
    const rest = (): Type => (items === undefined ? ANY : this.type(items, base));
    const elsewhere = { ...base, shaped: false };
    // Which of several kinds an item is hangs on its place, which nobody follows.
    const any = (): Type =>
      loosened(joinAll([...places.map((place) => this.type(place, elsewhere)), rest()]));
    const max = numberAt(schema, 'maxItems') ?? Infinity;
    return listOf(places.length === 0 ? rest : any, {
      min: numberAt(schema, 'minItems') ?? 0,
      max: items === false ? Math.min(max, places.length) : max,
      ...(single ? { single } : {}),
    });
  }

  #object(schema: JsonSchema, base: Base): ObjectForm {
    const { properties, additionalProperties, patternProperties } = schema;
    const required = new Set(listed(schema['required']).map(String));
    const members = new Map<string, Member>();
    const rest = this.#rest(schema, base);
    for (const [name, property] of Object.entries(isSchema(properties) ? properties : {})) {
      const absent = required.has(name) ? undefined : ({ reason: 'optional', what: name } as const);
      members.set(
        name,
        memberOf(() => withAbsence(this.type(property, base), absent)),
      );
    }
    for (const name of required) {
      if (!members.has(name)) members.set(name, { type: rest === undefined ? ANY : { forms: rest.forms } });
    }
    const dictionary =
      additionalProperties === true || isSchema(additionalProperties) || patternProperties !== undefined;
    return {
      kind: 'object',
      members,
      ...(rest === undefined ? {} : { rest }),
      ...(dictionary ? { dictionary } : {}),
    };
  }

  #rest(schema: JsonSchema, base: Base): Type | undefined {
    const { additionalProperties, patternProperties } = schema;
    if (patternProperties !== undefined) return UNKNOWN;
    if (additionalProperties === false) return undefined;
    if (!isSchema(additionalProperties)) return UNKNOWN;
    const type = this.type(additionalProperties, { ...base, shaped: false });
    return withAbsence(type, { reason: 'unknown' });
  }
}

function numberForm(schema: JsonSchema, integer: boolean): NumberForm {
  const bounds = [
    ['min', 'minimum'],
    ['max', 'maximum'],
    ['above', 'exclusiveMinimum'],
    ['below', 'exclusiveMaximum'],
  ] as const;
  const given = bounds.flatMap(([name, keyword]) => {
    const value = numberAt(schema, keyword);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind: 'number', ...(integer ? { integer } : {}), ...Object.fromEntries(given) };
}

function stringForm(schema: JsonSchema): StringForm {
  const { format, pattern } = schema;
  const minLength = numberAt(schema, 'minLength');
  const maxLength = numberAt(schema, 'maxLength');
  return {
    kind: 'string',
    ...(typeof format === 'string' ? { format } : {}),
    ...(typeof pattern === 'string' ? { pattern } : {}),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

function numberAt(schema: JsonSchema, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === 'number' ? value : undefined;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A schema and all that it is put together of in its own place. */
function withParts(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...listed(schema['allOf']).filter(isSchema).flatMap(withParts)];
}
