import { dayOfYear, DAY, isoWeekOf, weekdayOf } from './calendar.ts';
import type { DateFormat, View } from './date-format.ts';
import { fieldsToMoment, shownBy, type Fields } from './date-fields.ts';
import { FunctionFault, shown } from './function-fault.ts';
import { digits, millisecondsOf, offsetMs, offsetText } from './moment.ts';

const MONTHS = names('January February March April May June July August September October November December');
const WEEKDAYS = names('Monday Tuesday Wednesday Thursday Friday Saturday Sunday');

/** One letter of a pattern, at one of its widths. */
interface Part {
  readonly write: (view: View) => string;
  /** Reads from a place on, returns the place behind it; undefined when something else stands there. */
  readonly read: (text: string, from: number, into: Fields) => number | undefined;
}

const MAX_PATTERN = 100;

/**
 * A pattern of date letters as Unicode's TR 35 (CLDR) has them, in English: `dd.MM.yyyy HH:mm`. Text stands in single
 * quotes. Throws X2004.
 */
export function compilePattern(pattern: string): DateFormat {
  const parts: Part[] = [];
  let letters = '';
  for (const token of tokens(pattern)) {
    if (token.quoted === undefined) letters += token.text[0] ?? '';
    parts.push(token.quoted === undefined ? partOf(token.text, pattern) : literal(token.quoted));
  }
  return {
    shows: shownBy(letters),
    write: (view) => {
      let text = '';
      for (const part of parts) text += part.write(view);
      return text;
    },
    read: (value) => {
      const text = String(value);
      const fields: Fields = {};
      let at: number | undefined = 0;
      for (const part of parts) {
        at = part.read(text, at, fields);
        if (at === undefined) break;
      }
      if (at !== text.length)
        throw new FunctionFault('X2001', `${shown(text)} is not a date of the form ${shown(pattern)}`);
      return fieldsToMoment(fields, pattern);
    },
  };
}

interface Token {
  readonly text: string;
  readonly quoted?: string;
}

const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

function tokens(pattern: string): readonly Token[] {
  if (pattern === '' || pattern.length > MAX_PATTERN)
    throw new FunctionFault('X2004', `a date pattern has 1 to ${MAX_PATTERN} characters`);
  const found = [...pattern.matchAll(TOKEN)].map(([text, quoted, letter]): Token => {
    if (letter !== undefined) return { text };
    if (quoted === undefined) return { text, quoted: text };
    return { text, quoted: quoted === '' ? "'" : quoted.replaceAll("''", "'") };
  });
  if (found.reduce((length, { text }) => length + text.length, 0) < pattern.length)
    throw new FunctionFault('X2004', `the date pattern ${shown(pattern)} has a quote that does not end`);
  return found;
}

function literal(text: string): Part {
  return {
    write: () => text,
    read: (whole, from) => (whole.startsWith(text, from) ? from + text.length : undefined),
  };
}

function partOf(letters: string, pattern: string): Part {
  const part = PARTS.get(letters) ?? (/^S{1,9}$/.test(letters) ? fraction(letters.length) : undefined);
  if (part !== undefined) return part;
  throw new FunctionFault(
    'X2004',
    `the date pattern ${shown(pattern)} has "${letters}", which is no field: text stands in single quotes`,
  );
}

/** Digits: so many, or up to so many where fewer are written too. */
function numberPart(
  field: keyof Fields,
  { least, most = least }: { readonly least: number; readonly most?: number },
  of: (view: View) => number,
): Part {
  return {
    write: (view) => digits(of(view), least),
    read: (text, from, into) => {
      let to = from;
      while (to < from + most && isDigit(text.charCodeAt(to))) to += 1;
      if (to - from < least) return undefined;
      into[field] = Number(text.slice(from, to));
      return to;
    },
  };
}

function namePart(field: keyof Fields, known: readonly string[], of: (view: View) => number): Part {
  return {
    write: (view) => known[of(view) - 1] as string,
    read: (text, from, into) => {
      const lower = text.slice(from, from + 9).toLowerCase();
      const index = known.findIndex((name) => lower.startsWith(name.toLowerCase()));
      if (index < 0) return undefined;
      into[field] = index + 1;
      return from + (known[index] as string).length;
    },
  };
}

function fraction(width: number): Part {
  return {
    write: ({ local }) =>
      digits(((local % 1_000) + 1_000) % 1_000, 3)
        .padEnd(width, '0')
        .slice(0, width),
    read: (text, from, into) => {
      const found = text.slice(from, from + width);
      if (found.length < width || !/^[0-9]+$/.test(found)) return undefined;
      into.millisecond = millisecondsOf(found);
      return from + width;
    },
  };
}

const OFFSET = /(Z)|([-+][0-9]{2})(?:(:?)([0-9]{2}))?/y;

function offsetPart(width: number, zero: string | undefined): Part {
  const separator = width === 3 ? ':' : '';
  return {
    write: ({ offset = 0 }) => {
      const text = offsetText(offset, { separator, ...(zero === undefined ? {} : { zero }) });
      return width === 1 && text.endsWith('00') && text.length === 5 ? text.slice(0, 3) : text;
    },
    read: (text, from, into) => {
      OFFSET.lastIndex = from;
      const match = OFFSET.exec(text);
      if (match === null) return undefined;
      const [all, utc, hours = '', mark, minutes] = match;
      if (utc !== undefined && zero === undefined) return undefined;
      if (utc === undefined && (minutes === undefined ? width > 1 : mark !== separator)) return undefined;
      into.offset = utc === undefined ? offsetMs(hours, minutes ?? '0') : 0;
      return from + all.length;
    },
  };
}

const HALF_DAY: Part = {
  write: (view) => (hourOf(view) < 12 ? 'AM' : 'PM'),
  read: (text, from, into) => {
    const half = text.slice(from, from + 2).toUpperCase();
    if (half !== 'AM' && half !== 'PM') return undefined;
    into.half = half === 'AM' ? 0 : 1;
    return from + 2;
  },
};

/** Of two digits of a year: 69 to 99 are of the last century, as in POSIX. */
const SHORT_YEAR: Part = {
  write: (view) => digits(yearOf(view) % 100, 2),
  read: (text, from, into) => {
    const to = YEAR_OF_TWO.read(text, from, into);
    if (into.year !== undefined) into.year += into.year < 69 ? 2000 : 1900;
    return to;
  },
};
const YEAR_OF_TWO = numberPart('year', { least: 2 }, yearOf);

const PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['y', numberPart('year', { least: 1, most: 4 }, yearOf)],
  ['yy', SHORT_YEAR],
  ['yyyy', numberPart('year', { least: 4 }, yearOf)],
  ['YYYY', numberPart('weekYear', { least: 4 }, (view) => isoWeekOf(dayOf(view)).year)],
  ['w', numberPart('week', { least: 1, most: 2 }, (view) => isoWeekOf(dayOf(view)).week)],
  ['ww', numberPart('week', { least: 2 }, (view) => isoWeekOf(dayOf(view)).week)],
  ['Q', numberPart('quarter', { least: 1 }, (view) => Math.ceil(monthOf(view) / 3))],
  ['M', numberPart('month', { least: 1, most: 2 }, monthOf)],
  ['MM', numberPart('month', { least: 2 }, monthOf)],
  ['MMM', namePart('month', short(MONTHS), monthOf)],
  ['MMMM', namePart('month', MONTHS, monthOf)],
  ['d', numberPart('day', { least: 1, most: 2 }, (view) => date(view).getUTCDate())],
  ['dd', numberPart('day', { least: 2 }, (view) => date(view).getUTCDate())],
  ['D', numberPart('dayOfYear', { least: 1, most: 3 }, (view) => dayOfYear(dayOf(view)))],
  ['DDD', numberPart('dayOfYear', { least: 3 }, (view) => dayOfYear(dayOf(view)))],
  ['e', numberPart('weekday', { least: 1 }, (view) => weekdayOf(dayOf(view)))],
  ['E', namePart('weekday', short(WEEKDAYS), (view) => weekdayOf(dayOf(view)))],
  ['EEE', namePart('weekday', short(WEEKDAYS), (view) => weekdayOf(dayOf(view)))],
  ['EEEE', namePart('weekday', WEEKDAYS, (view) => weekdayOf(dayOf(view)))],
  ['H', numberPart('hour', { least: 1, most: 2 }, hourOf)],
  ['HH', numberPart('hour', { least: 2 }, hourOf)],
  ['h', numberPart('hourOfHalf', { least: 1, most: 2 }, (view) => ((hourOf(view) + 11) % 12) + 1)],
  ['hh', numberPart('hourOfHalf', { least: 2 }, (view) => ((hourOf(view) + 11) % 12) + 1)],
  ['a', HALF_DAY],
  ['m', numberPart('minute', { least: 1, most: 2 }, (view) => date(view).getUTCMinutes())],
  ['mm', numberPart('minute', { least: 2 }, (view) => date(view).getUTCMinutes())],
  ['s', numberPart('second', { least: 1, most: 2 }, (view) => date(view).getUTCSeconds())],
  ['ss', numberPart('second', { least: 2 }, (view) => date(view).getUTCSeconds())],
  ['X', offsetPart(1, 'Z')],
  ['XX', offsetPart(2, 'Z')],
  ['XXX', offsetPart(3, 'Z')],
  ['x', offsetPart(1, undefined)],
  ['xx', offsetPart(2, undefined)],
  ['xxx', offsetPart(3, undefined)],
]);

function date({ local }: View): Date {
  return new Date(local);
}

function dayOf({ local }: View): number {
  return Math.floor(local / DAY);
}

function yearOf(view: View): number {
  return date(view).getUTCFullYear();
}

function monthOf(view: View): number {
  return date(view).getUTCMonth() + 1;
}

function hourOf(view: View): number {
  return date(view).getUTCHours();
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function names(list: string): readonly string[] {
  return list.split(' ');
}

function short(list: readonly string[]): readonly string[] {
  return list.map((name) => name.slice(0, 3));
}
