import type { Position } from '../../model/mapping.ts';

/**
 * What is known of a value before there is one. Plain data; parts that a schema may repeat without end are getters, so
 * that they are made when somebody looks.
 *
 * A type never says too little: a value that an expression can yield fits its type. What is marked as `maybe` need not
 * occur, and nothing is complained of on its account.
 */
export interface Type {
  /** What it can be when there is a value. None at all: there never is one, or the expression fails. */
  readonly forms: readonly Form[];
  /** Given when there can be nothing (JSONata's undefined), and why. */
  readonly absent?: Absence;
}

export interface Absence {
  /**
   * `optional`: a schema does not require it. `empty`: a list may have no items. `branch`: a condition has no other
   * branch. `unknown`: it can not be told whether it really happens.
   */
  readonly reason: 'optional' | 'empty' | 'branch' | 'unknown';
  /** What is optional or empty, as it is written. */
  readonly what?: string;
}

export type Form =
  AnyForm | NullForm | BooleanForm | NumberForm | StringForm | ListForm | ObjectForm | FunctionForm;

interface Marked {
  /** It can not be told whether this form really occurs. */
  readonly maybe?: true;
}

export interface AnyForm extends Marked {
  readonly kind: 'any';
}

export interface NullForm extends Marked {
  readonly kind: 'null';
}

export interface BooleanForm extends Marked {
  readonly kind: 'boolean';
  /** The only one of the two that it is. */
  readonly value?: boolean;
}

export interface NumberForm extends Marked {
  readonly kind: 'number';
  readonly integer?: true;
  /** It may be (or surely is) an exact decimal of `$decimal` and its kin; a number in JSON. */
  readonly decimal?: true | 'surely';
  /** All that it can be. */
  readonly values?: readonly number[];
  /** Inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Greater or less than these. */
  readonly above?: number;
  readonly below?: number;
}

export interface StringForm extends Marked {
  readonly kind: 'string';
  /** All that it can be. */
  readonly values?: readonly string[];
  /** JSON Schema's `format`. */
  readonly format?: string;
  readonly pattern?: string;
  /** In characters, as JSON Schema counts them. */
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface ListForm extends Marked {
  readonly kind: 'list';
  /** Of each item; never absent. */
  readonly items: Type;
  readonly min: number;
  readonly max: number;
  /** A sequence of JSONata's: what keeps one of its items alone is that item and no list. */
  readonly sequence?: true | 'maybe';
  /** Of a list that is written out: what each of its parts adds to it, in their order. */
  readonly parts?: readonly ListPart[];
  /** In what is wanted: an item that stands alone is made a list of one. */
  readonly single?: true;
}

export interface ListPart {
  /** Of an item; never absent. */
  readonly items: Type;
  readonly min: number;
  readonly max: number;
}

export interface ObjectForm extends Marked {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Member>;
  /** What members of other names can be; undefined where there are none. */
  readonly rest?: Type;
  /** How many schemas it is the meeting of, one in another. */
  readonly met?: number;
  /** Members of other names are expected, and no slip of the pen. */
  readonly dictionary?: true;
  /** Where the expression makes it. */
  readonly at?: Position;
}

export interface Member {
  /** Absent where the member may be. */
  readonly type: Type;
  /** Where the expression makes it. */
  readonly at?: Position;
}

export interface FunctionForm extends Marked {
  readonly kind: 'function';
  /** Of the language, without its `$`. */
  readonly name?: string;
  /** Written in the expression: its number among those that were met. */
  readonly lambda?: number;
}

export const ANY: Type = { forms: [{ kind: 'any' }] };
/** Anything, and maybe nothing: what can not be known. */
export const UNKNOWN: Type = { forms: [{ kind: 'any', maybe: true }], absent: { reason: 'unknown' } };
/** Never a value. */
export const NOTHING: Type = { forms: [], absent: { reason: 'unknown' } };
/** Evaluation never comes to an end here: it fails. */
export const NEVER: Type = { forms: [] };
export const BOOLEAN: Type = { forms: [{ kind: 'boolean' }] };
export const NUMBER: Type = { forms: [{ kind: 'number' }] };
export const INTEGER: Type = { forms: [{ kind: 'number', integer: true }] };
export const STRING: Type = { forms: [{ kind: 'string' }] };

export function isNever(type: Type): boolean {
  return type.forms.length === 0 && type.absent === undefined;
}

/** There is no value, whatever the message. */
export function isNothing(type: Type): boolean {
  return type.forms.length === 0 && type.absent !== undefined;
}

export function mayBeAny(type: Type): boolean {
  return type.forms.some(({ kind }) => kind === 'any');
}

/** Whatever there is, is a decimal. */
export function isSurelyDecimal({ forms }: Type): boolean {
  return forms.length > 0 && forms.every((form) => form.kind === 'number' && form.decimal === 'surely');
}

/** The same, absent as told, or never. */
export function withAbsence(type: Type, absent: Absence | undefined): Type {
  return absent === undefined ? { forms: type.forms } : { forms: type.forms, absent };
}

export function present(type: Type): Type {
  return type.absent === undefined ? type : { forms: type.forms };
}

/** Where two things may be missing, the reason that is best known is told. */
export function eitherAbsence(a: Absence | undefined, b: Absence | undefined): Absence | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return WEIGHT[b.reason] > WEIGHT[a.reason] ? b : a;
}

const WEIGHT: Readonly<Record<Absence['reason'], number>> = { unknown: 0, branch: 1, empty: 2, optional: 3 };

/** Nothing is complained of on its account any more, nor on that of its items. */
export function loosened(type: Type): Type {
  return {
    forms: type.forms.map(loosenedForm),
    ...(type.absent === undefined ? {} : { absent: { reason: 'unknown' as const } }),
  };
}

function loosenedForm(form: Form): Form {
  if (form.kind !== 'list') return { ...form, maybe: true };
  const { kind, min, max, sequence, single } = form;
  let items: Type | undefined;
  return {
    kind,
    get items() {
      return (items ??= loosened(form.items));
    },
    min,
    max,
    ...(sequence === undefined ? {} : { sequence }),
    ...(single === undefined ? {} : { single }),
    maybe: true,
  };
}
