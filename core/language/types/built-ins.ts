import {
  argument,
  callback,
  DATE_TIME,
  lax,
  letThrough,
  mapped,
  numberOf,
  someOf,
  strict,
  textOf,
  type Call,
} from './call.ts';
import { join, joinAll, lengthsOf, listOf } from './join.ts';
import { lookUpMember } from './lookup.ts';
import { itemsOf, spreadOf, valueOf } from './sequence.ts';
import { truthOf } from './truth.ts';
import {
  ANY,
  BOOLEAN,
  INTEGER,
  isNothing,
  NEVER,
  NOTHING,
  NUMBER,
  STRING,
  UNKNOWN,
  withAbsence,
} from './type.ts';
import type { Form, ListForm, Member, NumberForm, ObjectForm, StringForm, Type } from './type.ts';

/** What a function of the language takes, in JSONata's notation, and what it gives. */
export interface BuiltIn {
  readonly signature: string;
  readonly gives: (call: Call) => Type;
}

const giving =
  (type: Type) =>
  (call: Call): Type =>
    strict(call, type);
const always = (type: Type) => (): Type => type;
const COUNT: Type = { forms: [{ kind: 'number', integer: true, min: 0 }] };
const LIST_OF_STRINGS: Type = { forms: [listOf(() => STRING, { min: 0, max: Infinity, maybe: true })] };

/** JSONata's own functions; `$eval` is none of ours. */
export const BUILT_INS: ReadonlyMap<string, BuiltIn> = new Map(
  Object.entries({
    sum: { signature: '<a<n>:n>', gives: (call) => strict(call, sumOf(argument(call, 0))) },
    count: { signature: '<a:n>', gives: always(COUNT) },
    max: { signature: '<a<n>:n>', gives: extreme },
    min: { signature: '<a<n>:n>', gives: extreme },
    average: { signature: '<a<n>:n>', gives: (call) => ofSome(call, anyNumber(argument(call, 0))) },
    string: { signature: '<x-b?:s>', gives: (call) => strict(call, stringOf(argument(call, 0))) },
    substring: { signature: '<s-nn?:s>', gives: substring },
    substringBefore: { signature: '<s-s:s>', gives: shortened },
    substringAfter: { signature: '<s-s:s>', gives: shortened },
    lowercase: { signature: '<s-:s>', gives: changed((text) => text.toLowerCase()) },
    uppercase: { signature: '<s-:s>', gives: changed((text) => text.toUpperCase()) },
    length: { signature: '<s-:n>', gives: giving(COUNT) },
    trim: { signature: '<s-:s>', gives: shortened },
    pad: { signature: '<s-ns?:s>', gives: giving(STRING) },
    match: {
      signature: '<s-f<s:o>n?:a<o>>',
      gives: (call) => lax(someOf(MATCH, Infinity, call.keep), argument(call, 0)),
    },
    contains: { signature: '<s-(sf):b>', gives: giving(BOOLEAN) },
    replace: { signature: '<s-(sf)(sf)n?:s>', gives: giving(STRING) },
    split: { signature: '<s-(sf)n?:a<s>>', gives: giving(LIST_OF_STRINGS) },
    join: { signature: '<a<s>s?:s>', gives: giving(STRING) },
    formatNumber: { signature: '<n-so?:s>', gives: giving(STRING) },
    formatBase: { signature: '<n-n?:s>', gives: giving(STRING) },
    formatInteger: { signature: '<n-s:s>', gives: giving(STRING) },
    parseInteger: { signature: '<s-s:n>', gives: giving(NUMBER) },
    number: { signature: '<(nsb)-:n>', gives: (call) => strict(call, toNumber(argument(call, 0))) },
    floor: { signature: '<n-:n>', gives: giving(INTEGER) },
    ceil: { signature: '<n-:n>', gives: giving(INTEGER) },
    round: { signature: '<n-n?:n>', gives: (call) => strict(call, rounded(call)) },
    abs: { signature: '<n-:n>', gives: (call) => strict(call, anyNumber(argument(call, 0))) },
    sqrt: { signature: '<n-:n>', gives: giving(NUMBER) },
    power: { signature: '<n-n:n>', gives: giving(NUMBER) },
    random: { signature: '<:n>', gives: always(NUMBER) },
    boolean: { signature: '<x-:b>', gives: (call) => strict(call, truthAs(argument(call, 0), true)) },
    not: { signature: '<x-:b>', gives: (call) => strict(call, truthAs(argument(call, 0), false)) },
    map: {
      signature: '<af>',
      gives: (call) => mapped(call, (item) => callback(call, 1, [item, INTEGER, argument(call, 0)])),
    },
    zip: {
      signature: '<a+>',
      gives: always({ forms: [listOf(() => ANY, { min: 0, max: Infinity, maybe: true })] }),
    },
    filter: { signature: '<af>', gives: filter },
    single: { signature: '<af?>', gives: single },
    reduce: { signature: '<afj?:j>', gives: reduce },
    sift: { signature: '<o-f?:o>', gives: sift },
    keys: { signature: '<x-:a<s>>', gives: (call) => someOf(STRING, Infinity, call.keep) },
    lookup: { signature: '<x-s:x>', gives: lookup },
    append: { signature: '<xx:a>', gives: append },
    exists: { signature: '<x:b>', gives: exists },
    spread: { signature: '<x-:a<o>>', gives: always(UNKNOWN) },
    merge: { signature: '<a<o>:o>', gives: (call) => strict(call, merged(argument(call, 0))) },
    reverse: { signature: '<a:a>', gives: (call) => strict(call, asList(argument(call, 0))) },
    each: { signature: '<o-f:a>', gives: (call) => someOf(eachValue(call), Infinity, call.keep) },
    error: { signature: '<s?:x>', gives: always(NEVER) },
    assert: { signature: '<bs?:x>', gives: always(NOTHING) },
    type: { signature: '<x:s>', gives: (call) => strict(call, kindName(argument(call, 0))) },
    sort: { signature: '<af?:a>', gives: sort },
    shuffle: { signature: '<a:a>', gives: (call) => strict(call, asList(argument(call, 0))) },
    distinct: { signature: '<x:x>', gives: distinct },
    base64encode: { signature: '<s-:s>', gives: giving(STRING) },
    base64decode: { signature: '<s-:s>', gives: giving(STRING) },
    encodeUrlComponent: { signature: '<s-:s>', gives: giving(STRING) },
    encodeUrl: { signature: '<s-:s>', gives: giving(STRING) },
    decodeUrlComponent: { signature: '<s-:s>', gives: giving(STRING) },
    decodeUrl: { signature: '<s-:s>', gives: giving(STRING) },
    toMillis: {
      signature: '<s-s?:n>',
      gives: (call) => strict(call, textual(call, 1) ? maybeNothing(INTEGER) : INTEGER),
    },
    fromMillis: {
      signature: '<n-s?s?:s>',
      gives: (call) => strict(call, textual(call, 1) ? STRING : DATE_TIME),
    },
    clone: { signature: '<(oa)-:o>', gives: (call) => argument(call, 0) },
    now: { signature: '<s?s?:s>', gives: (call) => (textual(call, 0) ? STRING : DATE_TIME) },
    millis: { signature: '<:n>', gives: always(INTEGER) },
  } satisfies Record<string, BuiltIn>),
);

const MATCH: Type = {
  forms: [
    {
      kind: 'object',
      members: new Map([
        ['match', { type: STRING }],
        ['index', { type: INTEGER }],
        ['groups', { type: LIST_OF_STRINGS }],
      ]),
    },
  ],
};

function textual(call: Call, index: number): boolean {
  return !isNothing(argument(call, index));
}

function maybeNothing(type: Type): Type {
  return withAbsence(type, { reason: 'unknown' });
}

/** A number of the kind of those in a list, or of a number. */
function anyNumber(type: Type): Type {
  return { forms: [{ kind: 'number', ...(isDecimal(type) ? { decimal: true } : {}) }] };
}

function numbersIn(type: Type): readonly Form[] {
  return type.forms.flatMap((form) => (form.kind === 'list' ? form.items.forms : [form]));
}

function isDecimal(type: Type): boolean {
  return numbersIn(type).some((form) => form.kind !== 'number' || form.decimal === true);
}

function sumOf(type: Type): Type {
  const numbers = numbersIn(type);
  const whole =
    numbers.length > 0 && numbers.every((form) => form.kind === 'number' && form.integer === true);
  return whole ? INTEGER : anyNumber(type);
}

/** Nothing comes of an empty list. */
function ofSome(call: Call, type: Type): Type {
  const list = argument(call, 0);
  const { min, why } = itemsOf(list);
  return strict(call, type).forms.length === 0
    ? NOTHING
    : lax(min > 0 ? type : withAbsence(type, why ?? { reason: 'unknown' }), list);
}

function extreme(call: Call): Type {
  const forms = numbersIn(argument(call, 0)).filter((form): form is NumberForm => form.kind === 'number');
  const joined = forms.length === 0 ? NUMBER : joinAll(forms.map((form) => ({ forms: [form] })));
  return ofSome(call, isDecimal(argument(call, 0)) ? anyNumber(argument(call, 0)) : joined);
}

function stringOf(type: Type): Type {
  return joinAll(
    type.forms.map((form): Type => {
      if (form.kind === 'string') return { forms: [form] };
      if (form.kind === 'boolean')
        return {
          forms: [
            { kind: 'string', values: form.value === undefined ? ['true', 'false'] : [String(form.value)] },
          ],
        };
      return form.kind === 'function' ? { forms: [{ kind: 'string', values: [''] }] } : STRING;
    }),
  );
}

function stringForms(type: Type): readonly StringForm[] {
  return type.forms.filter((form): form is StringForm => form.kind === 'string');
}

function substring(call: Call): Type {
  const strings = stringForms(argument(call, 0));
  const start = numberOf(argument(call, 1));
  const length = numberOf(argument(call, 2));
  if (
    start === 0 &&
    length === 10 &&
    strings.length > 0 &&
    strings.every(({ format }) => format === 'date-time')
  )
    return strict(call, { forms: [{ kind: 'string', format: 'date', minLength: 10, maxLength: 10 }] });
  const given = strings.length === 0 ? Infinity : Math.max(...strings.map((form) => lengthsOf(form).max));
  const most =
    length === undefined || !textual(call, 2) ? given : Math.min(given, Math.max(0, Math.ceil(length)));
  return strict(call, { forms: [{ kind: 'string', ...(Number.isFinite(most) ? { maxLength: most } : {}) }] });
}

/** A part of the string. */
function shortened(call: Call): Type {
  const strings = stringForms(argument(call, 0));
  const most = strings.length === 0 ? Infinity : Math.max(...strings.map((form) => lengthsOf(form).max));
  return strict(call, { forms: [{ kind: 'string', ...(Number.isFinite(most) ? { maxLength: most } : {}) }] });
}

function changed(change: (text: string) => string): (call: Call) => Type {
  return (call) => {
    const strings = stringForms(argument(call, 0));
    const known = strings.length > 0 && strings.every(({ values }) => values !== undefined);
    if (!known) return strict(call, STRING);
    const values = [...new Set(strings.flatMap((form) => (form.values ?? []).map(change)))];
    return strict(call, { forms: [{ kind: 'string', values }] });
  };
}

function toNumber(type: Type): Type {
  const known = type.forms.length > 0 && type.forms.every(({ kind }) => kind === 'number');
  return known ? { forms: type.forms } : NUMBER;
}

function rounded(call: Call): Type {
  const places = textual(call, 1) ? numberOf(argument(call, 1)) : 0;
  const decimal = isDecimal(argument(call, 0)) ? { decimal: true as const } : {};
  return {
    forms: [
      { kind: 'number', ...(places !== undefined && places <= 0 ? { integer: true } : {}), ...decimal },
    ],
  };
}

function truthAs(type: Type, sense: boolean): Type {
  const truth = truthOf({ forms: type.forms });
  return truth === undefined ? BOOLEAN : { forms: [{ kind: 'boolean', value: truth === sense }] };
}

function exists(call: Call): Type {
  const given = argument(call, 0);
  if (isNothing(given)) return { forms: [{ kind: 'boolean', value: false }] };
  return given.absent === undefined && given.forms.length > 0
    ? { forms: [{ kind: 'boolean', value: true }] }
    : BOOLEAN;
}

function filter(call: Call): Type {
  const list = argument(call, 0);
  if (isNothing(list)) return NOTHING;
  const { items, max } = itemsOf(list);
  callback(call, 1, [items, INTEGER, list]);
  return someOf(letThrough(call, 1, items), max, call.keep);
}

function single(call: Call): Type {
  const list = argument(call, 0);
  const { items } = itemsOf(list);
  if (textual(call, 1)) callback(call, 1, [items, INTEGER, list]);
  return strict(call, textual(call, 1) ? letThrough(call, 1, items) : items);
}

/** The value that is carried along is looked at twice: what it settles to must hold for every further item. */
function reduce(call: Call): Type {
  const list = argument(call, 0);
  if (isNothing(list)) return NOTHING;
  const { items, min } = itemsOf(list);
  const start = textual(call, 2) ? argument(call, 2) : items;
  const first = callback(call, 1, [widened(start), items, INTEGER, list]);
  const carried = widened(join(start, first));
  const second = callback(call, 1, [carried, items, INTEGER, list]);
  const same = widened(second).forms.every((form) =>
    carried.forms.some(
      (known) => known.kind === form.kind && known.kind !== 'object' && known.kind !== 'list',
    ),
  );
  const result = same ? join(carried, widened(second)) : UNKNOWN;
  const empty = min === 0 && !textual(call, 2) ? withAbsence(result, { reason: 'empty' }) : result;
  return lax(empty, list);
}

/** Without the values that are known so far. */
function widened(type: Type): Type {
  const forms = type.forms.map((form): Form => {
    switch (form.kind) {
      case 'number':
        return { kind: 'number', ...(form.decimal === true ? { decimal: true } : {}) };
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

function sift(call: Call): Type {
  const object = argument(call, 0);
  if (textual(call, 1)) callback(call, 1, [UNKNOWN, STRING, object]);
  const forms = object.forms.map((form): Form =>
    form.kind === 'object' ? optional(form) : { kind: 'any', maybe: true },
  );
  return forms.length === 0 ? NOTHING : withAbsence({ forms }, { reason: 'unknown' });
}

function optional(form: ObjectForm): ObjectForm {
  const members = [...form.members].map(([name, { type }]) => [name, { type: maybeNothing(type) }] as const);
  return { ...form, members: new Map<string, Member>(members) };
}

function eachValue(call: Call): Type {
  return withAbsence(callback(call, 1, [UNKNOWN, STRING, argument(call, 0)]), undefined);
}

function lookup(call: Call): Type {
  const name = textOf(argument(call, 1));
  return name === undefined ? UNKNOWN : lookUpMember(argument(call, 0), name);
}

function append(call: Call): Type {
  const [one, other] = [argument(call, 0), argument(call, 1)];
  if (isNothing(one)) return other;
  if (isNothing(other)) return one;
  const [a, b] = [itemsOf(one), itemsOf(other)];
  const both = listOf(() => join(a.items, b.items), { min: a.min + b.min, max: a.max + b.max });
  const alone = [...(one.absent === undefined ? [] : [other]), ...(other.absent === undefined ? [] : [one])];
  const absent = one.absent === undefined ? undefined : other.absent && one.absent;
  return withAbsence(joinAll([{ forms: [both] }, ...alone]), absent);
}

function merged(type: Type): Type {
  const forms = itemsOf(type).items.forms;
  const objects = forms.filter((form): form is ObjectForm => form.kind === 'object');
  if (objects.length !== forms.length || objects.length === 0)
    return { forms: [{ kind: 'object', members: new Map(), rest: UNKNOWN, dictionary: true }] };
  const [only] = objects;
  if (objects.length === 1 && only !== undefined && itemsOf(type).min > 0) return { forms: [{ ...only }] };
  const members = new Map<string, Member>();
  for (const form of objects)
    for (const [name, { type: member }] of form.members)
      members.set(name, { type: maybeNothing(join(members.get(name)?.type ?? member, member)) });
  const open = objects.some(({ rest }) => rest !== undefined);
  return { forms: [{ kind: 'object', members, ...(open ? { rest: UNKNOWN, dictionary: true } : {}) }] };
}

/** The items as a plain list, a single one included. */
function asList(type: Type): Type {
  const { items, min, max, maybe } = itemsOf(type);
  return { forms: [listOf(() => items, { min, max, ...(maybe ? { maybe } : {}) })] };
}

function sort(call: Call): Type {
  const list = argument(call, 0);
  const { items } = itemsOf(list);
  if (textual(call, 1)) callback(call, 1, [items, items]);
  return strict(call, asList(list));
}

function distinct(call: Call): Type {
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

function kindName(type: Type): Type {
  const names = type.forms.map(({ kind }) => (kind === 'list' ? 'array' : kind));
  return names.includes('any') ? STRING : { forms: [{ kind: 'string', values: [...new Set(names)] }] };
}
