import { dateOf, DAY, inBounds, isLeapYear, isoWeekOf, mondayOf, weekdayOf } from './calendar.ts';
import { FunctionFault, shown } from './function-fault.ts';
import { dateMs, timeMs, type Moment } from './moment.ts';

/** What the letters of a pattern said. All numbers as they were written; `offset` in milliseconds. */
export interface Fields {
  year?: number;
  month?: number;
  quarter?: number;
  day?: number;
  dayOfYear?: number;
  weekYear?: number;
  week?: number;
  /** 1 is Monday. */
  weekday?: number;
  hour?: number;
  /** 1 to 12, with `half`. */
  hourOfHalf?: number;
  /** 0 is before noon. */
  half?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  offset?: number;
}

/** What a pattern of these letters needs to be written. */
export function shownBy(letters: string): Moment['kind'] {
  if (/[Xx]/.test(letters)) return 'instant';
  return /[HhamsS]/.test(letters) ? 'local' : 'date';
}

/**
 * The moment that the fields say. Throws X2004 when they are no full date or time of day, X2002 when there is no such
 * date or when the weekday, the quarter or the half of the day is another.
 */
export function fieldsToMoment(fields: Fields, pattern: string): Moment {
  const day = dayMs(fields, pattern);
  requireAgreement(fields, day);
  const hour = hourOf(fields, pattern);
  if (hour === undefined) return { kind: 'date', ms: day };
  const { minute = 0, second = 0, millisecond = 0, offset } = fields;
  const local = day + timeMs({ hour, minute, second, millisecond });
  return offset === undefined
    ? { kind: 'local', ms: local }
    : { kind: 'instant', ms: inBounds(local - offset) };
}

function dayMs(fields: Fields, pattern: string): number {
  const { year, month, day, dayOfYear, weekYear, week, weekday } = fields;
  if (year !== undefined && month !== undefined && day !== undefined) return dateMs({ year, month, day });
  if (year !== undefined && dayOfYear !== undefined) {
    if (dayOfYear < 1 || dayOfYear > (isLeapYear(year) ? 366 : 365))
      throw new FunctionFault('X2002', `${year} has no day ${dayOfYear}`);
    return dateMs({ year, month: 1, day: 1 }) + (dayOfYear - 1) * DAY;
  }
  if (weekYear !== undefined && week !== undefined && weekday !== undefined) {
    const days = mondayOf(weekYear, week) + weekday - 1;
    if (week < 1 || weekday < 1 || weekday > 7 || isoWeekOf(days).year !== weekYear)
      throw new FunctionFault('X2002', `${weekYear} has no day ${weekday} of week ${week}`);
    return inBounds(days * DAY);
  }
  throw new FunctionFault('X2004', `the date pattern ${shown(pattern)} has no full date to read`);
}

function hourOf(fields: Fields, pattern: string): number | undefined {
  const { hour, hourOfHalf, half } = fields;
  if (hour !== undefined) {
    if (half !== undefined && half !== Math.floor(hour / 12))
      throw new FunctionFault('X2002', 'the time is in the other half of the day');
    return hour;
  }
  if (hourOfHalf !== undefined && half !== undefined) {
    if (hourOfHalf < 1 || hourOfHalf > 12)
      throw new FunctionFault('X2002', `there is no hour ${hourOfHalf} of half a day`);
    return (hourOfHalf % 12) + half * 12;
  }
  const { minute, second, millisecond, offset } = fields;
  if ([hourOfHalf, half, minute, second, millisecond, offset].every((part) => part === undefined))
    return undefined;
  throw new FunctionFault('X2004', `the date pattern ${shown(pattern)} has no full time of day to read`);
}

function requireAgreement({ weekday, quarter }: Fields, day: number): void {
  const days = day / DAY;
  if (weekday !== undefined && weekday !== weekdayOf(days))
    throw new FunctionFault('X2002', 'the date is on another day of the week');
  if (quarter !== undefined && quarter !== Math.ceil(dateOf(days).month / 3))
    throw new FunctionFault('X2002', 'the date is in another quarter');
}
