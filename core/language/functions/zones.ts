import { Temporal } from 'temporal-polyfill';
import { nearest } from '../nearest.ts';
import { bounded } from './bounded-cache.ts';
import { DAY, inBounds } from './calendar.ts';
import { FunctionFault, shown } from './function-fault.ts';
import type { Moment } from './moment.ts';

/** A time zone of the IANA data that come with Node. All times are in milliseconds. */
export interface Zone {
  readonly name: string;
  /** What its clocks are ahead of UTC at a point in time. */
  readonly offsetAt: (ms: number) => number;
}

/** By its IANA name (`Europe/Berlin`, `UTC`) or as a fixed offset (`+02:00`). Throws X2003. */
export const zoneOf: (name: string) => Zone = bounded(makeZone);

const MAX_NAME = 64;

function makeZone(name: string): Zone {
  if (name.length > MAX_NAME) throw new FunctionFault('X2003', `unknown time zone ${shown(name)}`);
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
  } catch {
    const near = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
    const hint = near === undefined ? '' : `: did you mean ${shown(near)}?`;
    throw new FunctionFault('X2003', `unknown time zone ${shown(name)}${hint}`);
  }
  return { name, offsetAt: cachedOffsets(name) };
}

export const UTC = zoneOf('UTC');

interface Period {
  readonly from: number;
  /** Not in it any more. */
  readonly to: number;
  readonly offset: number;
}

const MAX_PERIODS = 100;

/** Clocks change a few times a year: what was found out holds from one change to the next. */
function cachedOffsets(zone: string): (ms: number) => number {
  let periods: Period[] = [];
  let last: Period | undefined;
  return (ms) => {
    if (last !== undefined && ms >= last.from && ms < last.to) return last.offset;
    last = periods.find(({ from, to }) => ms >= from && ms < to);
    if (last === undefined) {
      last = periodAround(zone, ms);
      if (periods.length >= MAX_PERIODS) periods = [];
      periods.push(last);
    }
    return last.offset;
  };
}

function periodAround(zone: string, ms: number): Period {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  // The change that this very millisecond begins with counts as before it.
  const before = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const after = at.getTimeZoneTransition('next');
  return {
    from: before?.epochMilliseconds ?? -Infinity,
    to: after?.epochMilliseconds ?? Infinity,
    offset: at.offsetNanoseconds / 1e6,
  };
}

/**
 * The point in time when clocks in a zone show a local time. Where clocks are put back it is shown twice: the first
 * counts. Where they are put forward it is never shown: it counts as if they had not been (`compatible` of Temporal and
 * of RFC 5545).
 */
export function instantOf(local: number, zone: Zone): number {
  const [first] = candidates(local, zone);
  return first ?? local - zone.offsetAt(local - DAY);
}

/** The latest point in time, up to a given one, when clocks in a zone showed a local time. */
export function lastInstantOf(local: number, zone: Zone, until: number): number {
  const possible = candidates(local, zone).filter((ms) => ms <= until);
  return possible.at(-1) ?? instantOf(local, zone);
}

function candidates(local: number, zone: Zone): readonly number[] {
  const before = zone.offsetAt(local - DAY);
  const after = zone.offsetAt(local + DAY);
  if (before === after) return [local - before];
  // Of two, the one with the larger offset is the earlier.
  return [Math.max(before, after), Math.min(before, after)]
    .filter((offset) => zone.offsetAt(local - offset) === offset)
    .map((offset) => local - offset);
}

/** A moment as a point in time; local times and dates (their first moment) are read in the zone. Throws X2006, X2008. */
export function toInstant(moment: Moment, zone: Zone | undefined): number {
  if (moment.kind === 'instant') return moment.ms;
  if (zone !== undefined) return inBounds(instantOf(moment.ms, zone));
  const what = moment.kind === 'date' ? 'a date' : 'a local time';
  throw new FunctionFault(
    'X2008',
    `${what} is a point in time only in a time zone: give one, such as "Europe/Berlin"`,
  );
}

/** What clocks in a zone show at a point in time, in milliseconds as if in UTC. */
export function toLocal(ms: number, zone: Zone): number {
  return ms + zone.offsetAt(ms);
}
