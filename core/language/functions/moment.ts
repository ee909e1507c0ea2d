import { DAY, daysInMonth, daysOf, HOUR, inBounds, MINUTE, type DateFields } from './calendar.ts';
import { FunctionFault, shown } from './function-fault.ts';

/**
 * What a text or number says about time. An `instant` is a point in time: milliseconds since 1970 in UTC. A `local` time
 * is what a clock on the wall shows, and a `date` a day, somewhere; their milliseconds are what they would be in UTC.
 */
export interface Moment {
  readonly kind: 'date' | 'local' | 'instant';
  readonly ms: number;
}

const ISO =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?:(Z)|([-+][0-9]{2}):?([0-9]{2})?)?)?$/;

/** An ISO 8601 date, local time or timestamp; undefined when the text is none. Throws X2002 and X2006. */
export function readIso(text: string): Moment | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, utc, offsetHour, offsetMinute] = match;
  const date = dateMs({ year: Number(year), month: Number(month), day: Number(day) });
  if (hour === undefined) return { kind: 'date', ms: date };
  const time = timeMs({
    hour: Number(hour),
    minute: Number(minute),
    second: second === undefined ? 0 : Number(second),
    millisecond: fraction === undefined ? 0 : millisecondsOf(fraction),
  });
  if (utc !== undefined) return { kind: 'instant', ms: date + time };
  if (offsetHour === undefined) return { kind: 'local', ms: date + time };
  return { kind: 'instant', ms: inBounds(date + time - offsetMs(offsetHour, offsetMinute ?? '0')) };
}

/** A value as a timestamp: ISO 8601 text, or milliseconds since 1970. Throws X2007, X2002 and X2006. */
export function readTimestamp(value: unknown): Moment {
  if (typeof value === 'number' && Number.isFinite(value))
    return { kind: 'instant', ms: inBounds(Math.floor(value)) };
  const moment = typeof value === 'string' ? readIso(value) : undefined;
  if (moment !== undefined) return moment;
  throw new FunctionFault(
    'X2007',
    `${shown(value)} is neither an ISO 8601 date or timestamp nor milliseconds: $parseDate reads other formats`,
  );
}

/** Midnight of a date, as if in UTC. Throws X2002 for one that there is not, X2006 for the year 0. */
export function dateMs(date: DateFields): number {
  const { year, month, day } = date;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    const text = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
    throw new FunctionFault('X2002', `there is no date ${text}`);
  }
  return inBounds(daysOf(date) * DAY);
}

export interface TimeFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Milliseconds since midnight. Throws X2002 for a time that no clock shows; 24:00 and leap seconds are such. */
export function timeMs({ hour, minute, second, millisecond }: TimeFields): number {
  if (hour > 23 || minute > 59 || second > 59)
    throw new FunctionFault(
      'X2002',
      `there is no time of day ${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}`,
    );
  return hour * HOUR + minute * MINUTE + second * 1_000 + millisecond;
}

/** Of `+02` and `30`. Throws X2002. */
export function offsetMs(hours: string, minutes: string): number {
  const hour = Math.abs(Number(hours));
  if (hour > 23 || Number(minutes) > 59)
    throw new FunctionFault('X2002', `there is no offset ${hours}:${minutes}`);
  return (hours.startsWith('-') ? -1 : 1) * (hour * HOUR + Number(minutes) * MINUTE);
}

/** The first three digits of a fraction of a second; what is finer is cut off. */
export function millisecondsOf(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

/** `2026-03-01T17:45:10.000Z`, as JSONata's `$now` writes it. */
export function writeUtc(ms: number): string {
  return new Date(inBounds(ms)).toISOString();
}

/** `2026-03-01`, of milliseconds as if in UTC. */
export function writeDate(ms: number): string {
  return writeUtc(ms).slice(0, 10);
}

/** `2026-03-01T18:45:10.000+01:00`; `local` and `offset` in milliseconds. UTC is `Z`. */
export function writeOffset(local: number, offset: number): string {
  return writeUtc(local).slice(0, -1) + offsetText(offset, { separator: ':', zero: 'Z' });
}

/** `+01:00`; with seconds where a zone had such an offset once, as local mean times had. */
export function offsetText(
  offset: number,
  { separator, zero }: { readonly separator: string; readonly zero?: string },
): string {
  if (offset === 0 && zero !== undefined) return zero;
  const distance = Math.abs(offset);
  const seconds = Math.floor((distance % MINUTE) / 1_000);
  const parts = [Math.floor(distance / HOUR), Math.floor((distance % HOUR) / MINUTE)];
  if (seconds > 0) parts.push(seconds);
  return (offset < 0 ? '-' : '+') + parts.map((part) => digits(part, 2)).join(separator);
}

/** With zeros before it. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
