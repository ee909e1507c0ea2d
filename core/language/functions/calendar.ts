import { FunctionFault } from './function-fault.ts';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

export interface DateFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const FROM_MARCH = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

/** Days since 1970-01-01 in the proleptic Gregorian calendar of ISO 8601. The fields must be a date. */
export function daysOf({ year, month, day }: DateFields): number {
  // Years begin in March here, so that the leap day is a year's last.
  const y = month < 3 ? year - 1 : year;
  const dayOfYear = (FROM_MARCH[(month + 9) % 12] as number) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

/** The date that is so many days after 1970-01-01. */
export function dateOf(days: number): DateFields {
  const date = new Date(days * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** 1 (Monday) to 7 (Sunday), as ISO 8601 counts. */
export function weekdayOf(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** From 1. */
export function dayOfYear(days: number): number {
  return days - daysOf({ year: dateOf(days).year, month: 1, day: 1 }) + 1;
}

/** ISO 8601: the week's year is that of its Thursday; the first week has the year's first Thursday. */
export function isoWeekOf(days: number): { readonly year: number; readonly week: number } {
  const thursday = days - weekdayOf(days) + 4;
  const { year } = dateOf(thursday);
  return { year, week: Math.floor((thursday - daysOf({ year, month: 1, day: 1 })) / 7) + 1 };
}

/** The Monday of an ISO week, as days since 1970. */
export function mondayOf(year: number, week: number): number {
  const fourth = daysOf({ year, month: 1, day: 4 });
  return fourth - weekdayOf(fourth) + 1 + (week - 1) * 7;
}

const FIRST = daysOf({ year: 1, month: 1, day: 1 }) * DAY;
const LAST = daysOf({ year: 10_000, month: 1, day: 1 }) * DAY - 1;

/** Milliseconds since 1970, in the years 1 to 9999. Throws X2006. */
export function inBounds(ms: number): number {
  if (ms >= FIRST && ms <= LAST) return ms;
  throw outOfBounds();
}

export function outOfBounds(): FunctionFault {
  return new FunctionFault('X2006', 'the date is not in the years 1 to 9999');
}
