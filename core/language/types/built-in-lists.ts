import {
  argument,
  callback,
  isGiven,
  lax,
  letThrough,
  maybeNothing,
  someOf,
  strict,
  textOf,
  type Call,
} from './call.ts';
import { join, joinAll, listOf, memberOf, typeOfValue } from './join.ts';
import { lookUpMember } from './lookup.ts';
import { itemsOf, spreadOf, valueOf } from './sequence.ts';
import { INTEGER, isNothing, NOTHING, present, STRING, UNKNOWN, withAbsence } from './type.ts';
import type { Form, ListForm, Member, ObjectForm, Type } from './type.ts';

/** Items that a function lets through. */
export function filter(call: Call): Type {
  const list = argument(call, 0);
  if (isNothing(list)) return NOTHING;
  const { items, max } = itemsOf(list);
  callback(call, 1, [items, INTEGER, list]);
  return someOf(letThrough(call, 1, items), max, call.keep);
}

/** The one item that a function lets through. */
export function single(call: Call): Type {
  const list = argument(call, 0);
  const { items } = itemsOf(list);
  if (isGiven(call, 1)) callback(call, 1, [items, INTEGER, list]);
  return strict(call, isGiven(call, 1) ? letThrough(call, 1, items) : items);
}

/** The value that is carried along is looked at twice: what it settles to must hold for every further item. */
export function reduce(call: Call): Type {
  const list = argument(call, 0);
  if (isNothing(list)) return NOTHING;
  const { items, min } = itemsOf(list);
  const start = isGiven(call, 2) ? argument(call, 2) : items;
  const first = callback(call, 1, [widened(start), items, INTEGER, list]);
  const carried = widened(join(start, first));
  const second = callback(call, 1, [carried, items, INTEGER, list]);
  const same = widened(second).forms.every((form) =>
    carried.forms.some(
      (known) => known.kind === form.kind && known.kind !== 'object' && known.kind !== 'list',
    ),
  );
  const result = same ? join(carried, widened(second)) : UNKNOWN;
  const empty = min === 0 && !isGiven(call, 2) ? withAbsence(result, { reason: 'empty' }) : result;
  return lax(empty, list);
}

/** Without the values that are known so far. */
function widened(type: Type): Type {
  const forms = type.forms.map((form): Form => {
    switch (form.kind) {
      case 'number':
        return { kind: 'number', ...(form.decimal === undefined ? {} : { decimal: form.decimal }) };
      case 'string':
        return { kind: 'string' };
      case 'boolean':
        return { kind: 'boolean' };
      default:
        return form;
    }
  });
  return withAbsence({ forms }, type.absent === undefined ? undefined : { reason: 'unknown' });
}

/** An object with some of its members. */
export function sift(call: Call): Type {
  const object = argument(call, 0);
  if (isGiven(call, 1)) callback(call, 1, [UNKNOWN, STRING, object]);
  const forms = object.forms.map((form): Form =>
    form.kind === 'object' ? sifted(call, form) : { kind: 'any', maybe: true },
  );
  return forms.length === 0 ? NOTHING : withAbsence({ forms }, { reason: 'unknown' });
}

function sifted(call: Call, form: ObjectForm): ObjectForm {
  const left = (type: Type, key: Type): Type =>
    maybeNothing(letThrough(call, 1, present(type), [key, { forms: [{ ...form }] }]));
  const members = [...form.members].map(
    ([name, { type }]) => [name, memberOf(() => left(type, typeOfValue(name)))] as const,
  );
  const rest = form.rest === undefined ? {} : { rest: left(form.rest, STRING) };
  return { ...form, members: new Map<string, Member>(members), ...rest };
}

/** What a function makes of a member. */
export function eachValue(call: Call): Type {
  return withAbsence(callback(call, 1, [UNKNOWN, STRING, argument(call, 0)]), undefined);
}

/** A member by its name. */
export function lookup(call: Call): Type {
  const name = textOf(argument(call, 1));
  return name === undefined ? UNKNOWN : lookUpMember(argument(call, 0), name);
}

/** Two lists as one. */
export function append(call: Call): Type {
  const [one, other] = [argument(call, 0), argument(call, 1)];
  if (isNothing(one)) return other;
  if (isNothing(other)) return one;
  const [a, b] = [itemsOf(one), itemsOf(other)];
  const both = listOf(() => join(a.items, b.items), { min: a.min + b.min, max: a.max + b.max });
  const alone = [...(one.absent === undefined ? [] : [other]), ...(other.absent === undefined ? [] : [one])];
  const absent = one.absent === undefined ? undefined : other.absent && one.absent;
  return withAbsence(joinAll([{ forms: [both] }, ...alone]), absent);
}

/** The items as a plain list, a single one included. */
export function asList(type: Type): Type {
  const { items, min, max, maybe } = itemsOf(type);
  return { forms: [listOf(() => items, { min, max, ...(maybe ? { maybe } : {}) })] };
}

/** Items in an order. */
export function sort(call: Call): Type {
  const list = argument(call, 0);
  const { items } = itemsOf(list);
  if (isGiven(call, 1)) callback(call, 1, [items, items]);
  return strict(call, asList(list));
}

/** A list without repetitions. */
export function distinct(call: Call): Type {
  const given = argument(call, 0);
  const forms = given.forms.map((form): Type => {
    if (form.kind !== 'list') return { forms: [form] };
    const least = Math.min(1, form.min);
    const plain: ListForm = listOf(() => form.items, {
      min: least,
      max: form.max,
      ...(form.maybe ? { maybe: true } : {}),
    });
    if (form.sequence === undefined) return { forms: [plain] };
    const fewer = valueOf({ ...spreadOf({ forms: [form] }), min: least, maybe: true });
    return form.sequence === true ? fewer : join(fewer, { forms: [{ ...plain, maybe: true }] });
  });
  return withAbsence(joinAll(forms), given.absent);
}
