import { EngineError } from '../error.ts';
import type { Run } from '../run.ts';
import type { Implementation } from './builtin.ts';

const ofNumber =
  (change: (value: number, other: number | undefined, run: Run) => number): Implementation =>
  ([value, other], _context, run) =>
    value === undefined ? undefined : change(value as number, other as number | undefined, run);

/** Functions of numbers, by name. */
export const NUMBERS: Readonly<Record<string, Implementation>> = {
  number: ([value], _context, run) => toNumber(value, run),
  abs: ofNumber((value) => Math.abs(value)),
  floor: ofNumber((value) => Math.floor(value)),
  ceil: ofNumber((value) => Math.ceil(value)),
  round: ofNumber((value, places, run) => round(value, places, run)),
  sqrt: ofNumber((value) => {
    if (value < 0) throw new EngineError('D3060', { value, index: 1 });
    return Math.sqrt(value);
  }),
  power: ofNumber((value, exponent) => {
    const result = Math.pow(value, exponent as number);
    if (!Number.isFinite(result)) throw new EngineError('D3061', { value, exp: exponent, index: 1 });
    return result;
  }),
};

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
/** Anchored as JSONata's own is: at one end for each of the first and last. */
const OTHER_BASE = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/;

/** `$number`. Throws D3030. */
export function toNumber(value: unknown, run: Run): number | undefined {
  if (typeof value === 'number' || value === undefined) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (DECIMAL.test(value) && Number.isFinite(Number(value))) return Number.parseFloat(value);
    if (OTHER_BASE.test(value)) return run.number(Number(value));
  }
  throw new EngineError('D3030', { value, index: 1 });
}

const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/**
 * `$round`: half to even, by the decimal digits. 2.675 has no exact form in binary, so its point is moved in the text;
 * that is only needed near a tie, everywhere else a multiplication gives the same.
 */
export function round(value: number, digits: number | undefined, run: Run): number {
  const places = digits ?? 0;
  const power = POWERS[places];
  if (power !== undefined) {
    const shifted = value * power;
    const floor = Math.floor(shifted);
    const beyond = shifted - floor - 0.5;
    // Below 1e9 the error of the product is far below 1e-6, and both halves of the quotient are exact.
    if (shifted < 1e9 && shifted > -1e9 && (beyond > 1e-6 || beyond < -1e-6)) {
      const result = (beyond > 0 ? floor + 1 : floor) / power;
      return result === 0 ? 0 : result;
    }
  }
  return run.number(roundDecimally(value, places));
}

function roundDecimally(value: number, places: number): number {
  const shifted = places ? movePoint(value, places) : value;
  let result = Math.round(shifted);
  if (Math.abs(result - shifted) === 0.5 && Math.abs(result % 2) === 1) result -= 1;
  if (places) result = movePoint(result, -places);
  return result === 0 ? 0 : result;
}

function movePoint(value: number, places: number): number {
  const written = String(value);
  const e = written.indexOf('e');
  return e < 0
    ? Number(`${written}e${places}`)
    : Number(`${written.slice(0, e)}e${Number(written.slice(e + 1)) + places}`);
}
