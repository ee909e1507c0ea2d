import { argument, isGiven, lax, numberOf, strict, type Call } from './call.ts';
import { joinAll, lengthsOf, withoutDecimals } from './join.ts';
import { itemsOf } from './sequence.ts';
import { INTEGER, isSurelyDecimal, NOTHING, NUMBER, STRING, withAbsence } from './type.ts';
import type { Form, NumberForm, StringForm, Type } from './type.ts';

/** A number of the kind of those in a list, or of a number. */
export function anyNumber(type: Type): Type {
  return { forms: [{ kind: 'number', ...decimalOf(type) }] };
}

/** What is calculated of decimals is one. An empty list has none. */
function decimalOf(type: Type): Pick<NumberForm, 'decimal'> {
  const surely =
    type.forms.length > 0 &&
    type.forms.every((form) =>
      form.kind === 'list' ? form.min > 0 && isSurelyDecimal(form.items) : isSurelyDecimal({ forms: [form] }),
    );
  return surely ? { decimal: 'surely' } : isDecimal(type) ? { decimal: true } : {};
}

function numbersIn(type: Type): readonly Form[] {
  return type.forms.flatMap((form) => (form.kind === 'list' ? form.items.forms : [form]));
}

function isDecimal(type: Type): boolean {
  return numbersIn(type).some((form) => form.kind !== 'number' || form.decimal !== undefined);
}

/** A sum: whole where all are. */
export function sumOf(type: Type): Type {
  const numbers = numbersIn(type);
  const whole =
    numbers.length > 0 && numbers.every((form) => form.kind === 'number' && form.integer === true);
  return whole ? INTEGER : anyNumber(type);
}

/** Nothing comes of an empty list. */
export function ofSome(call: Call, type: Type): Type {
  const list = argument(call, 0);
  const { min, why } = itemsOf(list);
  return strict(call, type).forms.length === 0
    ? NOTHING
    : lax(min > 0 ? type : withAbsence(type, why ?? { reason: 'unknown' }), list);
}

/** The largest or smallest of a list. */
export function extreme(call: Call): Type {
  const forms = numbersIn(argument(call, 0)).filter((form): form is NumberForm => form.kind === 'number');
  const joined = forms.length === 0 ? NUMBER : joinAll(forms.map((form) => ({ forms: [form] })));
  return ofSome(call, isDecimal(argument(call, 0)) ? anyNumber(argument(call, 0)) : joined);
}

/** What `$string` makes of a value. */
export function stringOf(type: Type): Type {
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

/** A part of a string by its places; of a date and time, the first ten characters are a date. */
export function substring(call: Call): Type {
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
    length === undefined || !isGiven(call, 2) ? given : Math.min(given, Math.max(0, Math.ceil(length)));
  return strict(call, { forms: [{ kind: 'string', ...(Number.isFinite(most) ? { maxLength: most } : {}) }] });
}

/** A part of the string. */
export function shortened(call: Call): Type {
  const strings = stringForms(argument(call, 0));
  const most = strings.length === 0 ? Infinity : Math.max(...strings.map((form) => lengthsOf(form).max));
  return strict(call, { forms: [{ kind: 'string', ...(Number.isFinite(most) ? { maxLength: most } : {}) }] });
}

/** A change of text that is known by its values, as of an enumeration. */
export function changed(change: (text: string) => string): (call: Call) => Type {
  return (call) => {
    const strings = stringForms(argument(call, 0));
    const known = strings.length > 0 && strings.every(({ values }) => values !== undefined);
    if (!known) return strict(call, STRING);
    const values = [...new Set(strings.flatMap((form) => (form.values ?? []).map(change)))];
    return strict(call, { forms: [{ kind: 'string', values }] });
  };
}

/** What `$number` makes of a value. */
export function toNumber(type: Type): Type {
  const known = type.forms.length > 0 && type.forms.every(({ kind }) => kind === 'number');
  return known ? withoutDecimals({ forms: type.forms }) : NUMBER;
}

/** What `$round` gives: a whole number unless places are asked for. */
export function rounded(call: Call): Type {
  const places = isGiven(call, 1) ? numberOf(argument(call, 1)) : 0;
  const decimal = decimalOf(argument(call, 0));
  return {
    forms: [
      { kind: 'number', ...(places !== undefined && places <= 0 ? { integer: true } : {}), ...decimal },
    ],
  };
}
