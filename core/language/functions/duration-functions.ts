import { mistakeOf } from './arguments.ts';
import { add, difference, durationOf, endOf, startOf, unitOf } from './date-arithmetic.ts';
import { optionalZone, TIMESTAMP, UNIT, written, ZONE } from './date-arguments.ts';
import { readTimestamp } from './moment.ts';
import type { OwnFunction, OwnParameter } from './own-function.ts';

const CLOCKS: OwnParameter = {
  ...ZONE,
  optional: true,
  default: 'UTC for a timestamp; none for a date; a local time needs one',
  description: 'Whose days, weeks, months and years count.',
};

const SAME_KIND = 'A date where a date was given, else a timestamp in UTC.';

/** Functions that calculate with dates. */
export const DURATION_FUNCTIONS: readonly OwnFunction[] = [
  {
    name: 'addDuration',
    group: 'dates',
    signature: '<(sn)-ss?:s>',
    summary: 'Adds an ISO 8601 duration to a date or timestamp.',
    parameters: [
      TIMESTAMP,
      {
        name: 'duration',
        takes: ['string'],
        description: 'Such as "P1M", "P14D", "PT2H30M" or "-P1Y".',
        mistake: (literal) => mistakeOf(() => durationOf(String(literal))),
      },
      CLOCKS,
    ],
    returns: {
      types: ['string'],
      description: `${SAME_KIND} A date plus hours is a timestamp, and needs a zone.`,
    },
    examples: [
      { expression: '$addDuration("2026-03-01", "P14D")', result: '2026-03-15' },
      {
        expression: '$addDuration("2026-01-31", "P1M")',
        result: '2026-02-28',
        comment: 'a month has no 31st: its last day',
      },
      {
        expression: '$addDuration("2026-03-28T12:00:00Z", "P1D", "Europe/Berlin")',
        result: '2026-03-29T11:00:00.000Z',
        comment: 'the same time of day, though clocks were put forward',
      },
      {
        expression: '$addDuration("2026-03-28T12:00:00Z", "PT24H", "Europe/Berlin")',
        result: '2026-03-29T12:00:00.000Z',
      },
      { expression: '$addDuration("2026-03-01", "14 days")', fails: 'X2005' },
    ],
    errors: ['X2002', 'X2003', 'X2005', 'X2006', 'X2007', 'X2008'],
    call: ([timestamp, duration, zone]) =>
      timestamp === undefined || duration === undefined
        ? undefined
        : written(add(readTimestamp(timestamp), durationOf(duration as string), optionalZone(zone))),
  },
  {
    name: 'dateDiff',
    group: 'dates',
    signature: '<(sn)(sn)ss?:n>',
    summary: 'Counts the whole units of time from one date or timestamp to another.',
    parameters: [
      { ...TIMESTAMP, name: 'from' },
      { ...TIMESTAMP, name: 'to' },
      UNIT,
      { ...CLOCKS, default: 'UTC for timestamps; none for two dates; a local time needs one' },
    ],
    returns: { types: ['number'], description: 'A whole number; negative when `to` is the earlier one.' },
    examples: [
      { expression: '$dateDiff("2026-03-01", "2026-03-15", "day")', result: 14 },
      { expression: '$dateDiff("2026-01-31", "2026-03-01", "month")', result: 1 },
      { expression: '$dateDiff("2026-03-01T12:00:00Z", "2026-03-01T10:30:00Z", "hour")', result: -1 },
      {
        expression: '$dateDiff("2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z", "day", "Europe/Berlin")',
        result: 1,
        comment: 'a day of 23 hours',
      },
      { expression: '$dateDiff("2026-03-01", "2026-03-15", "days")', fails: 'X2009' },
    ],
    errors: ['X2002', 'X2003', 'X2006', 'X2007', 'X2008', 'X2009'],
    call: ([from, to, unit, zone]) =>
      from === undefined || to === undefined || unit === undefined
        ? undefined
        : difference(readTimestamp(from), readTimestamp(to), {
            unit: unitOf(unit),
            zone: optionalZone(zone),
          }),
  },
  {
    name: 'startOf',
    group: 'dates',
    signature: '<(sn)-ss?:s>',
    summary: 'Gives the beginning of the year, quarter, month, week, day or hour that a time is in.',
    parameters: [TIMESTAMP, UNIT, CLOCKS],
    returns: { types: ['string'], description: SAME_KIND },
    examples: [
      { expression: '$startOf("2026-08-20", "quarter")', result: '2026-07-01' },
      { expression: '$startOf("2026-08-20", "week")', result: '2026-08-17' },
      {
        expression: '$startOf("2026-03-31T22:30:00Z", "month", "Europe/Berlin")',
        result: '2026-03-31T22:00:00.000Z',
        comment: 'in Berlin it is April already',
      },
    ],
    errors: ['X2002', 'X2003', 'X2006', 'X2007', 'X2008', 'X2009'],
    call: ([timestamp, unit, zone]) =>
      timestamp === undefined || unit === undefined
        ? undefined
        : written(startOf(readTimestamp(timestamp), unitOf(unit), optionalZone(zone))),
  },
  {
    name: 'endOf',
    group: 'dates',
    signature: '<(sn)-ss?:s>',
    summary: 'Gives the end of the year, quarter, month, week, day or hour that a time is in.',
    parameters: [TIMESTAMP, UNIT, CLOCKS],
    returns: { types: ['string'], description: `${SAME_KIND} The last day, or the last millisecond.` },
    examples: [
      { expression: '$endOf("2028-02-10", "month")', result: '2028-02-29' },
      { expression: '$endOf("2026-03-01T17:45:10Z", "day")', result: '2026-03-01T23:59:59.999Z' },
    ],
    errors: ['X2002', 'X2003', 'X2006', 'X2007', 'X2008', 'X2009'],
    call: ([timestamp, unit, zone]) =>
      timestamp === undefined || unit === undefined
        ? undefined
        : written(endOf(readTimestamp(timestamp), unitOf(unit), optionalZone(zone))),
  },
];
