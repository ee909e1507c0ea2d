import { numberWithin, type NumberBounds } from './number-within.ts';

type Scalar = string | number | boolean;

/** What a stand-in has to be like. */
export interface StandInDemand {
  /** The JSON Schema format, if the value has one. */
  readonly format?: string;
  /** The only values that are allowed, where there are such. */
  readonly allowed?: readonly unknown[];
  /** What binds a number, where something does. */
  readonly bounds?: NumberBounds;
  /** Whether a value may stand there: after the schema, and because it is not taken. */
  readonly fits: (candidate: Scalar) => boolean;
}

/** Tries of one kind before another kind is tried. */
const TRIES = 24;

/**
 * A value that stands in for a sensitive one: of the same type, format, length and look, but made of nothing of it except that
 * look. The `number`th of its case, so that the same case always gets the same ones. Undefined when no try fits.
 */
export function standIn(value: Scalar, number: number, demand: StandInDemand): Scalar | undefined {
  for (const candidate of candidates(value, number, demand)) if (demand.fits(candidate)) return candidate;
  return undefined;
}

function* candidates(value: Scalar, number: number, demand: StandInDemand): Iterable<Scalar> {
  const { format, allowed, bounds } = demand;
  // One of two: what stands in must not tell which.
  if (typeof value === 'boolean') {
    yield false;
    return;
  }
  for (const one of allowed ?? []) if (typeof one === typeof value && one !== value) yield one as Scalar;
  for (let salt = 0; salt < TRIES; salt += 1) {
    const random = generator(number * 1_009 + salt);
    if (typeof value === 'number') yield numberLike(value, random);
    else {
      const formatted = format === undefined ? look(value) : format;
      const made = ofFormat(formatted, value, number + salt * 97, random);
      yield made ?? textLike(value, random, ALL);
    }
  }
  if (typeof value === 'number') {
    if (bounds !== undefined) yield* numbersWithin(value, number, bounds);
    return;
  }
  // A pattern may ask for some of the letters ("K-" before a number): digits, then small letters alone are changed.
  for (const kinds of ['digits and small letters', 'digits', 'letters'] as const)
    for (let salt = 0; salt < TRIES; salt += 1)
      yield textLike(value, generator(number * 1_009 + 500 + salt), KINDS[kinds]);
}

/** Nothing of the value but how many decimals it has. */
function* numbersWithin(value: number, number: number, bounds: NumberBounds): Iterable<number> {
  const unit = Number.isInteger(value) ? 1 : 10 ** -decimals(value);
  for (let salt = 0; salt < TRIES * 4; salt += 1) {
    const candidate = numberWithin(bounds, number * 7 + salt, unit);
    if (candidate !== undefined) yield candidate;
  }
}

type Random = () => number;

interface Kinds {
  readonly digits: boolean;
  readonly small: boolean;
  readonly capital: boolean;
}

const ALL: Kinds = { digits: true, small: true, capital: true };
const KINDS = {
  'digits and small letters': { digits: true, small: true, capital: false },
  digits: { digits: true, small: false, capital: false },
  letters: { digits: false, small: true, capital: true },
} as const satisfies Record<string, Kinds>;

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** Letters for letters of the same case, in turns so that it can be spoken, digits for digits; all else stays. */
function textLike(value: string, random: Random, kinds: Kinds): string {
  let inWord = 0;
  let result = '';
  for (const sign of value) {
    const isCapital = /\p{Lu}/u.test(sign);
    if (/\p{L}/u.test(sign)) {
      const letters = inWord % 2 === 0 ? CONSONANTS : VOWELS;
      const letter = pick(letters, random);
      if (isCapital) result += kinds.capital ? letter.toUpperCase() : sign;
      else result += kinds.small ? letter : sign;
      inWord += 1;
      continue;
    }
    inWord = 0;
    if (/\p{N}/u.test(sign))
      result += kinds.digits ? pick(result === '' ? '123456789' : '0123456789', random) : sign;
    else result += sign;
  }
  return result;
}

/** As many digits before and behind the point, and the same sign. */
function numberLike(value: number, random: Random): number {
  const [whole = '0', fraction = ''] = Math.abs(value)
    .toFixed(Number.isInteger(value) ? 0 : decimals(value))
    .split('.');
  const digits = (text: string): string =>
    [...text].map((_, at) => pick(at === 0 ? '123456789' : '0123456789', random)).join('');
  const made = Number(fraction === '' ? digits(whole) : `${digits(whole)}.${digits(fraction)}`);
  return value < 0 ? -made : made;
}

function decimals(value: number): number {
  const [, fraction = ''] = String(value).split('.');
  return /e/.test(fraction) ? 2 : Math.min(10, fraction.length);
}

/** The format of a text that nobody named one for. */
function look(value: string): string | undefined {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return 'email';
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return 'uuid';
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return 'date-time';
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return 'date';
  if (/^https?:\/\//.test(value)) return 'uri';
  return undefined;
}

/** Addresses, numbers and names that are set aside for examples (RFC 2606, 5737, 3849). */
function ofFormat(
  format: string | undefined,
  value: string,
  number: number,
  random: Random,
): string | undefined {
  switch (format) {
    case 'email':
    case 'idn-email': {
      const [local = ''] = value.split('@');
      return `${textLike(local, random, ALL).replace(/[^a-z0-9._+-]/gi, '')}@example.com`;
    }
    case 'uuid':
      return `00000000-0000-4000-8000-${String(number % 1e12).padStart(12, '0')}`;
    case 'date':
      return dateLike(number);
    case 'date-time':
      return value
        .replace(/^\d{4}-\d{2}-\d{2}/, dateLike(number))
        .replace(/(?<=[Tt ])\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/, noon);
    case 'time':
      return value.replace(/^\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/, noon);
    case 'uri':
    case 'url':
    case 'iri':
    case 'uri-reference':
    case 'iri-reference':
      return `https://example.com/${number}`;
    case 'hostname':
    case 'idn-hostname':
      return `host-${number}.example.com`;
    case 'ipv4':
      return `192.0.2.${(number % 254) + 1}`;
    case 'ipv6':
      return `2001:db8::${((number % 65_535) + 1).toString(16)}`;
    default:
      return undefined;
  }
}

/** A day of the sixties to nineties. */
function dateLike(number: number): string {
  const day = new Date(Date.UTC(1960, 0, 1) + ((number * 1_373) % 14_000) * 86_400_000);
  return day.toISOString().slice(0, 10);
}

/** Noon, as exact as the time was. */
function noon(time: string): string {
  return '12:00:00.000000000'.slice(0, time.length);
}

function pick(from: string, random: Random): string {
  return from[Math.floor(random() * from.length)] as string;
}

/** Numbers from 0 to 1 that look random and are always the same (mulberry32). */
function generator(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
