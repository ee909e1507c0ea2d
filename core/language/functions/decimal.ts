import { FunctionFault, shown } from './function-fault.ts';

/** How what does not fit the places is rounded; `half-up` is what merchants do, `half-even` what banks and JSONata do. */
export const ROUNDING_MODES = [
  'half-even',
  'half-up',
  'half-down',
  'up',
  'down',
  'ceiling',
  'floor',
] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/** Significant digits of a quotient, as in IEEE 754's decimal128; the last is rounded half to even. */
const QUOTIENT_DIGITS = 34;

const MAX_DIGITS = 1_000;
const POWERS: bigint[] = [1n];
/** The powers of ten that doubles hold exactly. */
const EXACT_POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * A number as people write it: an integer and how many of its digits stand behind the point. Immutable. Sums, products
 * and remainders are exact; a quotient has 34 significant digits. It has no memory of zeros at its end: 1.50 is 1.5.
 * Digits are capped at 1000 (X1003), so that no message can make a number that fills the memory.
 */
export class Decimal {
  readonly #digits: bigint;
  /** From 0 to 1000. */
  readonly #scale: number;

  private constructor(digits: bigint, scale: number) {
    this.#digits = digits;
    this.#scale = scale;
  }

  /** Of a number by its shortest decimal text: 0.1 is exactly 0.1. Throws X1001 for NaN and infinities. */
  static ofNumber(value: number): Decimal {
    if (Number.isSafeInteger(value)) return new Decimal(BigInt(value), 0);
    // Of all decimals with at most 15 digits just one is read as this double: it is the shortest text.
    const cents = Math.round(value * 100);
    if (Math.abs(cents) < 1e15 && cents / 100 === value) return new Decimal(BigInt(cents), 2);
    if (!Number.isFinite(value)) throw new FunctionFault('X1001', `${value} is not a decimal number`);
    return Decimal.ofText(String(value));
  }

  /** Of digits with a point and perhaps an exponent, as JSON writes numbers. Throws X1001 and X1003. */
  static ofText(text: string): Decimal {
    if (text.length > 2 * MAX_DIGITS) throw tooLong();
    const match = NUMBER.exec(text);
    if (match === null)
      throw new FunctionFault('X1001', `${shown(text)} is not a decimal number like "1234.50"`);
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const digits = BigInt(sign + whole + fraction);
    const scale = fraction.length - Number(exponent);
    if (digits === 0n) return ZERO;
    if (Math.abs(scale) > 2 * MAX_DIGITS) throw tooLong();
    return scale >= 0 ? Decimal.#bounded(digits, scale) : Decimal.#bounded(digits * power(-scale), 0);
  }

  /** Of whole units of 10^-places: 4670 with 2 places is 46.70. */
  static ofUnits(units: bigint, places: number): Decimal {
    return places >= 0 ? Decimal.#bounded(units, places) : Decimal.#bounded(units * power(-places), 0);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.#scale, other.#scale);
    return Decimal.#bounded(this.#at(scale) + other.#at(scale), scale);
  }

  minus(other: Decimal): Decimal {
    const scale = Math.max(this.#scale, other.#scale);
    return Decimal.#bounded(this.#at(scale) - other.#at(scale), scale);
  }

  times(other: Decimal): Decimal {
    return Decimal.#bounded(this.#digits * other.#digits, this.#scale + other.#scale);
  }

  /** Rounded half to even at 34 significant digits. Throws X1002. */
  dividedBy(other: Decimal): Decimal {
    if (other.#digits === 0n) throw new FunctionFault('X1002', 'a decimal cannot be divided by zero');
    if (this.#digits === 0n) return ZERO;
    const shift = Math.max(0, QUOTIENT_DIGITS + 2 - lengthOf(this.#digits) + lengthOf(other.#digits));
    const dividend = this.#digits * power(shift);
    let quotient = dividend / other.#digits;
    let scale = this.#scale + shift - other.#scale;
    if (quotient * other.#digits !== dividend) {
      // One digit more says that something is left, which decides between a tie and more than half.
      quotient = quotient * 10n + (dividend < 0n === other.#digits < 0n ? 1n : -1n);
      scale += 1;
    }
    const surplus = lengthOf(quotient) - QUOTIENT_DIGITS;
    if (surplus > 0) {
      quotient = divideRounded(quotient, power(surplus), 'half-even');
      scale -= surplus;
    }
    return scale >= 0 ? Decimal.#bounded(quotient, scale) : Decimal.#bounded(quotient * power(-scale), 0);
  }

  /** With the sign of the dividend, as `%` of numbers has. Throws X1002. */
  modulo(other: Decimal): Decimal {
    if (other.#digits === 0n) throw new FunctionFault('X1002', 'a decimal cannot be divided by zero');
    const scale = Math.max(this.#scale, other.#scale);
    return Decimal.#bounded(this.#at(scale) % other.#at(scale), scale);
  }

  negated(): Decimal {
    return new Decimal(-this.#digits, this.#scale);
  }

  absolute(): Decimal {
    return this.#digits < 0n ? this.negated() : this;
  }

  /** To so many places behind the point, or before it when negative. */
  rounded(places: number, mode: RoundingMode): Decimal {
    // From this many places before the point on, nothing is left of any decimal.
    const bounded = Math.max(places, -MAX_DIGITS - 1);
    return bounded >= this.#scale ? this : Decimal.ofUnits(this.units(bounded, mode), bounded);
  }

  /** How many whole units of 10^-places: what `rounded` gives, as an integer. */
  units(places: number, mode: RoundingMode): bigint {
    return places >= this.#scale
      ? this.#at(places)
      : divideRounded(this.#digits, power(this.#scale - places), mode);
  }

  /** Below 0, 0 or above it, as this is less than, equal to or more than the other. */
  compare(other: Decimal): number {
    const scale = Math.max(this.#scale, other.#scale);
    const left = this.#at(scale);
    const right = other.#at(scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  isZero(): boolean {
    return this.#digits === 0n;
  }

  /** How many places behind the point it needs. */
  places(): number {
    const text = this.toString();
    const point = text.indexOf('.');
    return point < 0 ? 0 : text.length - point - 1;
  }

  /** The double nearest to it. */
  toNumber(): number {
    const digits = Number(this.#digits);
    // Both are exact, and IEEE division rounds to the nearest.
    return Number.isSafeInteger(digits) && this.#scale < EXACT_POWERS.length
      ? digits / (EXACT_POWERS[this.#scale] as number)
      : Number(this.toString());
  }

  /** The number with the same decimal text. Throws X1004 where there is none: it has too many digits. */
  toExactNumber(): number {
    const digits = Number(this.#digits);
    // No two decimals of at most 15 digits are read as the same double.
    if (digits < 1e15 && digits > -1e15 && this.#scale < EXACT_POWERS.length)
      return digits / (EXACT_POWERS[this.#scale] as number);
    const value = this.toNumber();
    if (Number.isFinite(value) && Decimal.ofNumber(value).equals(this)) return value;
    throw new FunctionFault(
      'X1004',
      `the decimal ${this.toString()} has more digits than a JSON number holds: give it as text with $string or $fixed, or round it`,
    );
  }

  /** All digits, no exponent, no zeros at the end: `46.7`. */
  toString(): string {
    const text = this.#text();
    if (this.#scale === 0) return text;
    let end = text.length;
    while (text[end - 1] === '0') end -= 1;
    return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
  }

  /** With exactly so many places: `46.70`. */
  toFixed(places: number, mode: RoundingMode = 'half-even'): string {
    return new Decimal(this.units(places, mode), Math.max(0, places)).#text();
  }

  /** A number in JSON. Throws X1004 like `toExactNumber`. */
  toJSON(): number {
    return this.toExactNumber();
  }

  #at(scale: number): bigint {
    return scale === this.#scale ? this.#digits : this.#digits * power(scale - this.#scale);
  }

  #text(): string {
    if (this.#scale === 0) return this.#digits.toString();
    const negative = this.#digits < 0n;
    const digits = (negative ? -this.#digits : this.#digits).toString().padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** Zeros at the end are dropped where there are many places; the number of digits is capped. */
  static #bounded(digits: bigint, scale: number): Decimal {
    let kept = digits;
    let places = scale;
    while (places > QUOTIENT_DIGITS && kept % 10n === 0n && kept !== 0n) {
      kept /= 10n;
      places -= 1;
    }
    if (places > MAX_DIGITS || kept >= LIMIT || kept <= -LIMIT) throw tooLong();
    return new Decimal(kept, places);
  }
}

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/;
const LIMIT = 10n ** BigInt(MAX_DIGITS);
const ZERO = Decimal.ofNumber(0);

function power(exponent: number): bigint {
  return (POWERS[exponent] ??= 10n ** BigInt(exponent));
}

function lengthOf(digits: bigint): number {
  const length = digits.toString().length;
  return digits < 0n ? length - 1 : length;
}

function divideRounded(digits: bigint, divisor: bigint, mode: RoundingMode): bigint {
  const quotient = digits / divisor;
  const rest = digits % divisor;
  if (rest === 0n) return quotient;
  const away = quotient + (digits < 0n ? -1n : 1n);
  const twice = rest < 0n ? -rest * 2n : rest * 2n;
  switch (mode) {
    case 'up':
      return away;
    case 'down':
      return quotient;
    case 'ceiling':
      return digits < 0n ? quotient : away;
    case 'floor':
      return digits < 0n ? away : quotient;
    case 'half-up':
      return twice >= divisor ? away : quotient;
    case 'half-down':
      return twice > divisor ? away : quotient;
    case 'half-even':
      return twice > divisor || (twice === divisor && quotient % 2n !== 0n) ? away : quotient;
  }
}

function tooLong(): FunctionFault {
  return new FunctionFault('X1003', `a decimal has at most ${MAX_DIGITS} digits`);
}
