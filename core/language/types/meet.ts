import { boundsOf, listOf, memberOf } from './join.ts';
import {
  NEVER,
  UNKNOWN,
  withAbsence,
  type Form,
  type ListForm,
  type Member,
  type NumberForm,
  type ObjectForm,
  type StringForm,
  type Type,
} from './type.ts';

/** What is both: a value that has to fit two schemas. */
export function meet(a: Type, b: Type): Type {
  if (a === b) return a;
  const forms = a.forms.flatMap((one) => b.forms.flatMap((other) => meetForms(one, other) ?? []));
  return withAbsence({ forms }, a.absent === undefined ? undefined : b.absent && a.absent);
}

function meetForms(a: Form, b: Form): Form | undefined {
  const maybe = a.maybe === true || b.maybe === true;
  if (b.kind === 'any') return mark(a, maybe);
  if (a.kind === 'any') return mark(b, maybe);
  if (a.kind !== b.kind) return undefined;
  switch (a.kind) {
    case 'boolean':
      return meetBooleans(a.value, (b as typeof a).value, maybe);
    case 'number':
      return markOr(meetNumbers(a, b as NumberForm), maybe);
    case 'string':
      return markOr(meetStrings(a, b as StringForm), maybe);
    case 'list':
      return markOr(meetLists(a, b as ListForm), maybe);
    case 'object':
      return markOr(meetObjects(a, b as ObjectForm), maybe);
    case 'null':
    case 'function':
      return mark(a, maybe);
  }
}

function mark<F extends Form>(form: F, maybe: boolean): F {
  if (maybe === (form.maybe === true)) return form;
  const { maybe: _, ...plain } = form;
  return (maybe ? { ...plain, maybe: true } : plain) as F;
}

function markOr(form: Form | undefined, maybe: boolean): Form | undefined {
  return form === undefined ? undefined : mark(form, maybe);
}

function meetBooleans(a: boolean | undefined, b: boolean | undefined, maybe: boolean): Form | undefined {
  if (a !== undefined && b !== undefined && a !== b) return undefined;
  const value = a ?? b;
  return { kind: 'boolean', ...(value === undefined ? {} : { value }), ...(maybe ? { maybe } : {}) };
}

function meetNumbers(a: NumberForm, b: NumberForm): NumberForm | undefined {
  const joint: NumberForm = {
    kind: 'number',
    ...(a.integer === true || b.integer === true ? { integer: true } : {}),
    ...(a.decimal === undefined && b.decimal === undefined ? {} : { decimal: a.decimal ?? b.decimal }),
    ...bound('min', most(a.min, b.min)),
    ...bound('max', least(a.max, b.max)),
    ...bound('above', most(a.above, b.above)),
    ...bound('below', least(a.below, b.below)),
  };
  const values = narrowed(a.values, b.values)?.filter((value) => inRange(value, joint));
  if (values?.length === 0) return undefined;
  const { min = -Infinity, max = Infinity } = boundsOf(joint);
  return min > max ? undefined : { ...joint, ...(values === undefined ? {} : { values }) };
}

/** Whether a number keeps the bounds of a form, and is whole where that wants it. */
export function inRange(value: number, { integer, min, max, above, below }: NumberForm): boolean {
  return (
    (integer !== true || Number.isInteger(value)) &&
    value >= (min ?? -Infinity) &&
    value <= (max ?? Infinity) &&
    value > (above ?? -Infinity) &&
    value < (below ?? Infinity)
  );
}

function bound(name: 'min' | 'max' | 'above' | 'below', value: number | undefined): Partial<NumberForm> {
  return value === undefined ? {} : { [name]: value };
}

function most(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function meetStrings(a: StringForm, b: StringForm): StringForm | undefined {
  const values = narrowed(a.values, b.values);
  if (values?.length === 0) return undefined;
  const minLength = most(a.minLength, b.minLength);
  const maxLength = least(a.maxLength, b.maxLength);
  const format = a.format ?? b.format;
  const pattern = a.pattern ?? b.pattern;
  return {
    kind: 'string',
    ...(values === undefined ? {} : { values }),
    ...(format === undefined ? {} : { format }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

function narrowed<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): readonly T[] | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.filter((value) => b.includes(value));
}

function meetLists(a: ListForm, b: ListForm): ListForm | undefined {
  const min = Math.max(a.min, b.min);
  const max = Math.min(a.max, b.max);
  if (min > max) return undefined;
  return listOf(() => meet(a.items, b.items), {
    min,
    max,
    ...(a.single === true || b.single === true ? { single: true } : {}),
  });
}

/** Of schemas that are interwoven without end, one is truth enough. */
const MAX_MET = 16;

function meetObjects(a: ObjectForm, b: ObjectForm): ObjectForm {
  const met = Math.max(a.met ?? 0, b.met ?? 0) + 1;
  if (met > MAX_MET) return a;
  const members = new Map<string, Member>();
  for (const name of new Set([...a.members.keys(), ...b.members.keys()])) {
    const [one, other] = [a.members.get(name), b.members.get(name)];
    if (one !== undefined && other !== undefined)
      members.set(
        name,
        memberOf(() => meet(one.type, other.type)),
      );
    else {
      const known = (one ?? other) as Member;
      const elsewhere = one === undefined ? a.rest : b.rest;
      // Closed there: no value that fits both has it.
      if (elsewhere !== undefined) members.set(name, known);
    }
  }
  const rest = a.rest === undefined || b.rest === undefined ? undefined : restOf(a.rest, b.rest);
  const dictionary = a.dictionary === true || b.dictionary === true;
  return {
    kind: 'object',
    members,
    met,
    ...(rest === undefined ? {} : { rest }),
    ...(dictionary ? { dictionary } : {}),
  };
}

function restOf(a: Type, b: Type): Type {
  if (a === UNKNOWN) return b;
  return b === UNKNOWN ? a : a === NEVER ? a : meet(a, b);
}
