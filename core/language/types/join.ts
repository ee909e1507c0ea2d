import type { Position } from '../../model/mapping.ts';
import {
  eitherAbsence,
  UNKNOWN,
  type BooleanForm,
  type Form,
  type ListForm,
  type Member,
  type NumberForm,
  type ObjectForm,
  type StringForm,
  type Type,
} from './type.ts';

/** More kinds of objects than this are not told apart. */
const MAX_OBJECTS = 8;
/** More values than this are not told apart. */
const MAX_VALUES = 40;

/** What is one type or the other. */
export function join(a: Type, b: Type): Type {
  if (a === b) return a;
  const absent = eitherAbsence(a.absent, b.absent);
  const forms = joinForms([...a.forms, ...b.forms]);
  return absent === undefined ? { forms } : { forms, absent };
}

export function joinAll(types: readonly Type[]): Type {
  const [first, ...others] = types;
  return first === undefined ? { forms: [] } : others.reduce(join, first);
}

/** Forms of the same kind become one; objects stay apart, since their members hang together. */
export function joinForms(forms: readonly Form[]): readonly Form[] {
  if (forms.length < 2) return forms;
  const any = forms.find(({ kind }) => kind === 'any');
  if (any !== undefined) return [any];
  const joined: Form[] = [];
  const objects = new Set<ObjectForm>();
  for (const form of forms) {
    if (form.kind === 'object') {
      objects.add(form);
      continue;
    }
    const at = joined.findIndex(({ kind }) => kind === form.kind);
    const before = joined[at];
    if (before === undefined) joined.push(form);
    else joined[at] = joinTwo(before, form);
  }
  return [...joined, ...(objects.size > MAX_OBJECTS ? [anyObject([...objects])] : objects)];
}

function anyObject(objects: readonly ObjectForm[]): ObjectForm {
  const maybe = objects.every((object) => object.maybe === true);
  return { kind: 'object', members: new Map(), rest: UNKNOWN, ...(maybe ? { maybe } : {}) };
}

function joinTwo(a: Form, b: Form): Form {
  const maybe = a.maybe === true && b.maybe === true ? ({ maybe: true } as const) : {};
  switch (a.kind) {
    case 'boolean':
      return { ...joinBooleans(a, b as BooleanForm), ...maybe };
    case 'number':
      return { ...joinNumbers(a, b as NumberForm), ...maybe };
    case 'string':
      return { ...joinStrings(a, b as StringForm), ...maybe };
    case 'list':
      return { ...joinLists(a, b as ListForm), ...maybe };
    case 'any':
    case 'null':
    case 'function':
    case 'object':
      return { kind: a.kind === 'object' ? 'any' : a.kind, ...maybe };
  }
}

function joinBooleans(a: BooleanForm, b: BooleanForm): BooleanForm {
  return a.value === b.value && a.value !== undefined
    ? { kind: 'boolean', value: a.value }
    : { kind: 'boolean' };
}

function joinNumbers(a: NumberForm, b: NumberForm): NumberForm {
  const values = joinValues(a.values, b.values);
  const [low, high] = [boundsOf(a), boundsOf(b)];
  const least = low.min !== undefined && high.min !== undefined ? Math.min(low.min, high.min) : undefined;
  const most = low.max !== undefined && high.max !== undefined ? Math.max(low.max, high.max) : undefined;
  return {
    kind: 'number',
    ...(isInteger(a) && isInteger(b) ? { integer: true } : {}),
    ...(a.decimal === undefined && b.decimal === undefined
      ? {}
      : { decimal: a.decimal === b.decimal ? a.decimal : true }),
    ...(values === undefined ? {} : { values }),
    ...(least === undefined ? {} : { min: least }),
    ...(most === undefined ? {} : { max: most }),
  };
}

function isInteger({ integer, values }: NumberForm): boolean {
  return integer === true || (values?.every(Number.isInteger) ?? false);
}

/** What a number is at least and at most; bounds that it does not reach count as if it did. */
export function boundsOf(form: NumberForm): { readonly min?: number; readonly max?: number } {
  const { values } = form;
  if (values !== undefined && values.length > 0)
    return { min: Math.min(...values), max: Math.max(...values) };
  const min = form.min ?? form.above;
  const max = form.max ?? form.below;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function joinStrings(a: StringForm, b: StringForm): StringForm {
  const values = joinValues(a.values, b.values);
  const [one, other] = [lengthsOf(a), lengthsOf(b)];
  const minLength = Math.min(one.min, other.min);
  const maxLength = Math.max(one.max, other.max);
  return {
    kind: 'string',
    ...(values === undefined ? {} : { values }),
    ...(a.format !== undefined && a.format === b.format ? { format: a.format } : {}),
    ...(a.pattern !== undefined && a.pattern === b.pattern ? { pattern: a.pattern } : {}),
    ...(minLength > 0 ? { minLength } : {}),
    ...(Number.isFinite(maxLength) ? { maxLength } : {}),
  };
}

/** How short and how long a string can be, in characters. */
export function lengthsOf({ values, minLength, maxLength }: StringForm): {
  readonly min: number;
  readonly max: number;
} {
  if (values !== undefined && values.length > 0) {
    const lengths = values.map((value) => [...value].length);
    return { min: Math.min(...lengths), max: Math.max(...lengths) };
  }
  return { min: minLength ?? 0, max: maxLength ?? Infinity };
}

function joinValues<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): readonly T[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  const values = [...new Set([...a, ...b])];
  return values.length > MAX_VALUES ? undefined : values;
}

function joinLists(a: ListForm, b: ListForm): ListForm {
  const items =
    a.max === 0 ? (): Type => b.items : b.max === 0 ? (): Type => a.items : () => join(a.items, b.items);
  const sequence = a.sequence === b.sequence ? a.sequence : ('maybe' as const);
  return listOf(items, {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    ...(sequence === undefined ? {} : { sequence }),
  });
}

/** A list whose items are made when somebody looks at them. */
export function listOf(items: () => Type, rest: Omit<ListForm, 'kind' | 'items'>): ListForm {
  let made: Type | undefined;
  return {
    kind: 'list',
    get items() {
      return (made ??= items());
    },
    ...rest,
  };
}

/** A member that is made when somebody looks at it. */
export function memberOf(type: () => Type, at?: Position): Member {
  let made: Type | undefined;
  return {
    get type() {
      return (made ??= type());
    },
    ...(at === undefined ? {} : { at }),
  };
}

/** Values as a type: of constants in mappings and of enumerations in schemas. */
export function typeOfValue(value: unknown): Type {
  return { forms: [formOfValue(value)] };
}

function formOfValue(value: unknown): Form {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', values: [value] };
  if (typeof value === 'string') return { kind: 'string', values: [value] };
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const items = joinAll(list.map(typeOfValue));
    return { kind: 'list', items, min: list.length, max: list.length };
  }
  if (typeof value !== 'object') return { kind: 'any' };
  const members = Object.entries(value).map(
    ([name, member]) => [name, { type: typeOfValue(member) }] as const,
  );
  return { kind: 'object', members: new Map(members) };
}

/** The same, with plain numbers in place of decimals. */
export function withoutDecimals(type: Type): Type {
  const forms = type.forms.map((form): Form => {
    if (form.kind === 'number') {
      const { decimal: _, ...plain } = form;
      return plain;
    }
    if (form.kind === 'list') {
      const { kind: _, items: __, parts: ___, ...others } = form;
      return listOf(() => withoutDecimals(form.items), others);
    }
    if (form.kind !== 'object') return form;
    const members = [...form.members].map(
      ([name, member]) => [name, memberOf(() => withoutDecimals(member.type), member.at)] as const,
    );
    const rest = form.rest === undefined || form.rest === UNKNOWN ? form.rest : withoutDecimals(form.rest);
    return { ...form, members: new Map(members), ...(rest === undefined ? {} : { rest }) };
  });
  return { ...type, forms };
}
