import { textOf } from '../text.ts';
import { SLOW, type Quick, type Quick1, type Quick2 } from './builtin.ts';
import { toNumber, round } from './numbers.ts';
import { after, before, lengthOf, substring, trim } from './texts.ts';

const ofText =
  (change: (value: string) => unknown): Quick1 =>
  (value) =>
    typeof value === 'string' ? change(value) : undefinedOrSlow(value);

const ofTexts =
  (change: (value: string, other: string) => unknown): Quick2 =>
  (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? change(a, b) : SLOW;

const ofNumber =
  (change: (value: number) => number): Quick1 =>
  (value) =>
    typeof value === 'number' ? change(value) : undefinedOrSlow(value);

/** The functions that mappings call most. */
export const QUICK: Readonly<Record<string, Quick>> = {
  exists: { 1: (value) => value !== undefined },
  boolean: { 1: truth },
  not: {
    1: (value) => {
      const answer = truth(value);
      return typeof answer === 'boolean' ? !answer : answer;
    },
  },
  string: {
    1: (value, run) =>
      typeof value === 'string' || value === undefined
        ? value
        : typeof value === 'number' && Number.isFinite(value)
          ? textOf(value, run)
          : SLOW,
  },
  number: {
    1: (value, run) =>
      typeof value === 'number' || value === undefined
        ? value
        : typeof value === 'string' && PLAIN_NUMBER.test(value)
          ? toNumber(value, run)
          : SLOW,
  },
  count: { 1: (value) => (Array.isArray(value) ? value.length : value === undefined ? 0 : 1) },
  sum: { 1: sum },
  round: {
    1: (value, run) => (typeof value === 'number' ? round(value, undefined, run) : undefinedOrSlow(value)),
    2: (value, places, run) =>
      typeof value === 'number' && typeof places === 'number' ? round(value, places, run) : SLOW,
  },
  abs: { 1: ofNumber(Math.abs) },
  floor: { 1: ofNumber(Math.floor) },
  ceil: { 1: ofNumber(Math.ceil) },
  uppercase: { 1: ofText((value) => value.toUpperCase()) },
  lowercase: { 1: ofText((value) => value.toLowerCase()) },
  trim: { 1: ofText(trim) },
  length: { 1: ofText(lengthOf) },
  substring: {
    2: (value, start) =>
      typeof value === 'string' && typeof start === 'number' ? substring(value, start) : SLOW,
    3: (value, start, length) =>
      typeof value === 'string' && typeof start === 'number' && typeof length === 'number'
        ? substring(value, start, length)
        : SLOW,
  },
  substringBefore: { 2: ofTexts(before) },
  substringAfter: { 2: ofTexts(after) },
  contains: { 2: ofTexts((value, token) => value.includes(token)) },
};

const PLAIN_NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/;

function undefinedOrSlow(value: unknown): unknown {
  return value === undefined ? undefined : SLOW;
}

function truth(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? value !== '' : undefinedOrSlow(value);
}

function sum(value: unknown): unknown {
  // A sum begins with 0, which makes 0 of -0.
  if (!Array.isArray(value)) return typeof value === 'number' ? 0 + value : undefinedOrSlow(value);
  let total = 0;
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'number') return SLOW;
    total += item;
  }
  return Number.isFinite(total) ? total : SLOW;
}
