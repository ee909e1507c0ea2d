import {
  append,
  asList,
  distinct,
  eachValue,
  filter,
  lookup,
  reduce,
  sift,
  single,
  sort,
} from './built-in-lists.ts';
import {
  anyNumber,
  changed,
  extreme,
  ofSome,
  rounded,
  shortened,
  stringOf,
  substring,
  sumOf,
  toNumber,
} from './built-in-scalars.ts';
import {
  argument,
  callback,
  DATE_TIME,
  isGiven,
  lax,
  mapped,
  maybeNothing,
  someOf,
  strict,
  type Call,
} from './call.ts';
import { listOf } from './join.ts';
import { merged } from './merge.ts';
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
  type Type,
} from './type.ts';

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
      gives: (call) => strict(call, isGiven(call, 1) ? maybeNothing(INTEGER) : INTEGER),
    },
    fromMillis: {
      signature: '<n-s?s?:s>',
      gives: (call) => strict(call, isGiven(call, 1) ? STRING : DATE_TIME),
    },
    clone: { signature: '<(oa)-:o>', gives: (call) => argument(call, 0) },
    now: { signature: '<s?s?:s>', gives: (call) => (isGiven(call, 0) ? STRING : DATE_TIME) },
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

function kindName(type: Type): Type {
  const names = type.forms.map(({ kind }) => (kind === 'list' ? 'array' : kind));
  return names.includes('any') ? STRING : { forms: [{ kind: 'string', values: [...new Set(names)] }] };
}
