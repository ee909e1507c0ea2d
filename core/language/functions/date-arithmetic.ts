import { Temporal } from 'temporal-polyfill';
import { bounded } from './bounded-cache.ts';
import {
  dateOf,
  DAY,
  daysInMonth,
  daysOf,
  HOUR,
  inBounds,
  MINUTE,
  outOfBounds,
  weekdayOf,
} from './calendar.ts';
import { FunctionFault, shown } from './function-fault.ts';
import type { Moment } from './moment.ts';
import { instantOf, lastInstantOf, toInstant, toLocal, UTC, type Zone } from './zones.ts';

/** Units of time, one word each. Weeks begin on Monday. */
export const UNITS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
] as const;
export type Unit = (typeof UNITS)[number];

/** Units that always last as long. */
const EXACT: Readonly<Partial<Record<Unit, number>>> = {
  hour: HOUR,
  minute: MINUTE,
  second: 1_000,
  millisecond: 1,
};

/** Throws X2009. */
export function unitOf(value: unknown): Unit {
  const unit = UNITS.find((known) => known === value);
  if (unit !== undefined) return unit;
  throw new FunctionFault('X2009', `${shown(value)} is not a unit of time: ${UNITS.join(', ')}`);
}

interface Duration {
  readonly whole: Temporal.Duration;
  /** Undefined when it has years, months, weeks or days, which do not always last as long. */
  readonly exactMs: number | undefined;
  readonly hasTime: boolean;
}

const MAX_DURATION_TEXT = 60;

/** An ISO 8601 duration: `P1M`, `PT2H30M`, `-P10D`. Throws X2005. */
export const durationOf: (text: string) => Duration = bounded((text) => {
  try {
    if (text.length > MAX_DURATION_TEXT) throw new RangeError('too long');
    const whole = Temporal.Duration.from(text);
    const { years, months, weeks, days } = whole;
    const isExact = years === 0 && months === 0 && weeks === 0 && days === 0;
    return {
      whole,
      exactMs: isExact ? Math.trunc(whole.total('milliseconds')) : undefined,
      hasTime: /T/i.test(text),
    };
  } catch {
    throw new FunctionFault('X2005', `${shown(text)} is not an ISO 8601 duration like "P1M" or "PT2H30M"`);
  }
});

/**
 * A date plus whole days, weeks, months or years stays a date; all else becomes an instant. Months and years keep the day
 * of the month where there is one, else take the last. Days, weeks, months and years are those of the zone's clocks.
 */
export function add(moment: Moment, duration: Duration, zone: Zone | undefined): Moment {
  if (moment.kind === 'date' && !duration.hasTime)
    return { kind: 'date', ms: fromPlain(within(() => plainDate(moment.ms).add(duration.whole))) };
  const start = toInstant(moment, zone);
  if (duration.exactMs !== undefined) return { kind: 'instant', ms: inBounds(start + duration.exactMs) };
  const sum = within(() => zoned(start, zone).add(duration.whole));
  return { kind: 'instant', ms: inBounds(sum.epochMilliseconds) };
}

/** Whole units from one moment to another, negative when the other is earlier. */
export function difference(
  from: Moment,
  to: Moment,
  { unit, zone }: { readonly unit: Unit; readonly zone: Zone | undefined },
): number {
  const exact = EXACT[unit];
  if (exact === undefined && from.kind === 'date' && to.kind === 'date')
    return count(plainDate(from.ms).until(plainDate(to.ms), { largestUnit: largest(unit) }), unit);
  const [start, end] = [toInstant(from, zone), toInstant(to, zone)];
  // Adding 0 makes 0 of -0.
  if (exact !== undefined) return Math.trunc((end - start) / exact) + 0;
  return count(zoned(start, zone).until(zoned(end, zone), { largestUnit: largest(unit) }), unit);
}

/** The first moment of the year, quarter, month, week, day, hour, … that a moment is in. */
export function startOf(moment: Moment, unit: Unit, zone: Zone | undefined): Moment {
  if (moment.kind === 'date') {
    requireDateUnit(unit);
    return { kind: 'date', ms: floor(moment.ms, unit) };
  }
  const clocks = zone ?? UTC;
  const at = toInstant(moment, zone);
  const local = floor(toLocal(at, clocks), unit);
  // An hour that clocks show twice has two beginnings, a day that begins twice only one.
  const ms = EXACT[unit] === undefined ? instantOf(local, clocks) : lastInstantOf(local, clocks, at);
  return { kind: 'instant', ms: inBounds(ms) };
}

/** The last day, or the last millisecond, of what `startOf` begins. */
export function endOf(moment: Moment, unit: Unit, zone: Zone | undefined): Moment {
  if (moment.kind === 'date') {
    requireDateUnit(unit);
    return { kind: 'date', ms: next(floor(moment.ms, unit), unit) - DAY };
  }
  const clocks = zone ?? UTC;
  const start = startOf(moment, unit, zone).ms;
  const exact = EXACT[unit];
  const end =
    exact === undefined ? instantOf(next(floor(toLocal(start, clocks), unit), unit), clocks) : start + exact;
  return { kind: 'instant', ms: inBounds(end - 1) };
}

function requireDateUnit(unit: Unit): void {
  if (EXACT[unit] !== undefined)
    throw new FunctionFault('X2009', `a date has no ${unit}: give a timestamp, or a date with a time of day`);
}

function floor(local: number, unit: Unit): number {
  const exact = EXACT[unit];
  if (exact !== undefined) return Math.floor(local / exact) * exact;
  const days = Math.floor(local / DAY);
  if (unit === 'day') return days * DAY;
  if (unit === 'week') return (days - weekdayOf(days) + 1) * DAY;
  const { year, month } = dateOf(days);
  const first = unit === 'year' ? 1 : unit === 'quarter' ? month - ((month - 1) % 3) : month;
  return daysOf({ year, month: first, day: 1 }) * DAY;
}

/** The beginning of the next one, of a beginning. */
function next(start: number, unit: Unit): number {
  if (unit === 'day') return start + DAY;
  if (unit === 'week') return start + 7 * DAY;
  const { year, month } = dateOf(start / DAY);
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  let days = 0;
  for (let i = 0; i < months; i++) days += daysInMonth(year, month + i);
  return start + days * DAY;
}

function plainDate(ms: number): Temporal.PlainDate {
  return new Temporal.PlainDate(...fieldsOf(ms));
}

function fieldsOf(ms: number): [number, number, number] {
  const { year, month, day } = dateOf(ms / DAY);
  return [year, month, day];
}

function fromPlain({ year, month, day }: Temporal.PlainDate): number {
  return inBounds(daysOf({ year, month, day }) * DAY);
}

function zoned(ms: number, { name }: Zone = UTC): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(name);
}

function largest(unit: Unit): 'year' | 'month' | 'week' | 'day' {
  return unit === 'year' || unit === 'week' || unit === 'day' ? unit : 'month';
}

function count(duration: Temporal.Duration, unit: Unit): number {
  if (unit === 'year') return duration.years;
  if (unit === 'quarter') return Math.trunc(duration.months / 3) + 0;
  if (unit === 'month') return duration.months;
  return unit === 'week' ? duration.weeks : duration.days;
}

function within<T>(calculate: () => T): T {
  try {
    return calculate();
  } catch {
    throw outOfBounds();
  }
}
