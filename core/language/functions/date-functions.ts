import { inBounds } from './calendar.ts';
import { FORMAT, optionalZone, TIMESTAMP, written, ZONE } from './date-arguments.ts';
import { dateFormat } from './date-formats.ts';
import type { DateFormat, View } from './date-format.ts';
import { FunctionFault, shown } from './function-fault.ts';
import { readIso, readTimestamp, writeDate, writeOffset, writeUtc, type Moment } from './moment.ts';
import type { OwnFunction, OwnResult, WrittenArgument } from './own-function.ts';
import { toInstant, toLocal, UTC, zoneOf, type Zone } from './zones.ts';

/** Functions that read and write dates, and bring them into time zones. */
export const DATE_FUNCTIONS: readonly OwnFunction[] = [
  {
    name: 'parseDate',
    group: 'dates',
    signature: '<(sn)-ss?:s>',
    summary: 'Reads a date in a format, by its name or pattern.',
    parameters: [
      { name: 'text', takes: ['string', 'number'], description: 'The date, as another system writes it.' },
      FORMAT,
      {
        ...ZONE,
        optional: true,
        default: 'none: a date stays a date, a local time is refused',
        description: 'Where a text without an offset was written. A date is then its first moment there.',
      },
    ],
    returns: {
      types: ['string'],
      description:
        'A date such as "2026-03-01", or a timestamp in UTC such as "2026-03-01T17:45:10.000Z". Nothing, where the format has a sign for no date.',
    },
    examples: [
      { expression: '$parseDate("01.03.2026", "eu-date")', result: '2026-03-01' },
      {
        expression: '$parseDate("01.03.2026 18:45", "dd.MM.yyyy HH:mm", "Europe/Berlin")',
        result: '2026-03-01T17:45:00.000Z',
      },
      { expression: '$parseDate(1772387110, "unix-seconds")', result: '2026-03-01T17:45:10.000Z' },
      {
        expression: '$parseDate("Sun, 01 Mar 2026 18:45:10 +0100", "rfc-2822")',
        result: '2026-03-01T17:45:10.000Z',
      },
      { expression: '$parseDate("00000000", "sap-date")', comment: 'how SAP writes that there is no date' },
      {
        expression: '$parseDate("2026-03-29 02:30:00", "sql-datetime", "Europe/Berlin")',
        result: '2026-03-29T01:30:00.000Z',
        comment: 'a time that clocks skip counts as if they had not: it is 03:30 there',
      },
      { expression: '$parseDate("31.02.2026", "eu-date")', fails: 'X2002' },
      { expression: '$parseDate("2026-03-01 17:45:10", "sql-datetime")', fails: 'X2008' },
    ],
    errors: ['X2001', 'X2002', 'X2003', 'X2004', 'X2006', 'X2008'],
    returnsFor: ([, format, zone]) => {
      const known = knownFormat(format);
      if (known === undefined) return undefined;
      return {
        types: ['string'],
        format: known.shows === 'date' && zone === undefined ? 'date' : 'date-time',
      };
    },
    call: ([text, format, zone]) => parse(text as Parsable, format as string, optionalZone(zone)),
  },
  {
    name: 'formatDate',
    group: 'dates',
    signature: '<(sn)-ss?:x>',
    summary: 'Writes a date in a format, by its name or pattern.',
    parameters: [
      TIMESTAMP,
      FORMAT,
      {
        ...ZONE,
        optional: true,
        default: 'UTC for a timestamp; a date or local time stays as it is',
        description: 'Whose clocks and calendar are shown.',
      },
    ],
    returns: {
      types: ['string', 'number'],
      description: 'Text; a number for "unix-seconds", "unix-millis" and "excel-serial".',
    },
    examples: [
      { expression: '$formatDate("2026-03-01", "us-date")', result: '03/01/2026' },
      {
        expression: '$formatDate("2026-03-01T17:45:10Z", "EEE d MMM yyyy, HH:mm", "America/New_York")',
        result: 'Sun 1 Mar 2026, 12:45',
      },
      { expression: '$formatDate("2026-03-01T23:30:00Z", "sap-date", "Europe/Berlin")', result: '20260302' },
      { expression: '$formatDate("2026-03-01T17:45:10Z", "unix-seconds")', result: 1_772_387_110 },
      { expression: '$formatDate("2026-03-01", "unix-seconds")', fails: 'X2008' },
    ],
    errors: ['X2002', 'X2003', 'X2004', 'X2006', 'X2007', 'X2008'],
    returnsFor: ([, format]) => {
      const known = knownFormat(format);
      if (known === undefined) return undefined;
      return typeof known.write(EPOCH) === 'number' ? { types: ['number'] } : textOf(format?.literal);
    },
    call: ([timestamp, format, zone]) => {
      if (timestamp === undefined || format === undefined) return undefined;
      const { shows, write } = dateFormat(format as string);
      return write(viewOf(readTimestamp(timestamp), shows, optionalZone(zone)));
    },
  },
  {
    name: 'isDate',
    group: 'dates',
    signature: '<x-s?:b>',
    summary: 'Says whether a value is a date of a format that exists.',
    parameters: [
      { name: 'value', takes: ['any'], description: 'Anything.' },
      { ...FORMAT, optional: true, default: 'any ISO 8601 date or timestamp' },
    ],
    returns: { types: ['boolean'], description: 'Whether `$parseDate` would read it.' },
    examples: [
      { expression: '$isDate("2026-02-31")', result: false },
      { expression: '$isDate("28.02.2026", "eu-date")', result: true },
    ],
    errors: ['X2004'],
    call: ([value, format]) =>
      value === undefined
        ? undefined
        : isDate(value, format === undefined ? undefined : dateFormat(format as string)),
  },
  {
    name: 'toZone',
    group: 'dates',
    signature: '<(sn)-s:s>',
    summary: 'Writes a timestamp with the offset that a time zone has then.',
    parameters: [TIMESTAMP, { ...ZONE, description: 'A local time or date is read in it.' }],
    returns: { types: ['string'], format: 'date-time', description: 'A timestamp with an offset.' },
    examples: [
      {
        expression: '$toZone("2026-03-01T17:45:10Z", "Europe/Berlin")',
        result: '2026-03-01T18:45:10.000+01:00',
      },
      {
        expression: '$toZone("2026-07-01T18:45:10", "Europe/Berlin")',
        result: '2026-07-01T18:45:10.000+02:00',
      },
      { expression: '$toZone("2026-07-01T18:45:10+02:00", "UTC")', result: '2026-07-01T16:45:10.000Z' },
      { expression: '$toZone("2026-07-01T18:45:10Z", "Europe/Berln")', fails: 'X2003' },
    ],
    errors: ['X2002', 'X2003', 'X2006', 'X2007'],
    call: ([timestamp, name]) => {
      if (timestamp === undefined || name === undefined) return undefined;
      const zone = zoneOf(name as string);
      const at = toInstant(readTimestamp(timestamp), zone);
      return writeOffset(toLocal(at, zone), zone.offsetAt(at));
    },
  },
  {
    name: 'today',
    group: 'dates',
    signature: '<s?:s>',
    summary: 'Gives the date in a time zone, at the time that `$now()` tells.',
    parameters: [{ ...ZONE, optional: true, default: '"UTC"' }],
    returns: { types: ['string'], format: 'date', description: 'A date such as "2026-03-01".' },
    examples: [{ expression: '$today() = $substring($now(), 0, 10)', result: true }],
    errors: ['X2003'],
    call: ([zone], env) => writeDate(toLocal(env.now(), optionalZone(zone) ?? UTC)),
  },
];

const EPOCH: View = { local: 0, offset: 0 };

/** A format that is written out; undefined when it is not, or when there is no such format. */
function knownFormat(written: WrittenArgument | undefined): DateFormat | undefined {
  if (typeof written?.literal !== 'string') return undefined;
  try {
    return dateFormat(written.literal);
  } catch {
    return undefined;
  }
}

function textOf(format: unknown): OwnResult {
  const types = ['string'] as const;
  if (format === 'iso-date' || format === 'yyyy-MM-dd') return { types, format: 'date' };
  return format === 'iso-datetime' ? { types, format: 'date-time' } : { types };
}

type Parsable = string | number | undefined;

function parse(text: Parsable, format: string | undefined, zone: Zone | undefined): string | undefined {
  if (text === undefined || format === undefined) return undefined;
  const moment = dateFormat(format).read(text);
  if (moment === undefined) return undefined;
  if (moment.kind === 'date' && zone === undefined) return written(moment);
  if (moment.kind === 'local' && zone === undefined)
    throw new FunctionFault(
      'X2008',
      `${shown(text)} has no offset: give the time zone that it was written in`,
    );
  return writeUtc(toInstant(moment, zone));
}

function viewOf(moment: Moment, shows: DateFormat['shows'], zone: Zone | undefined): View {
  // A day is the same day everywhere, unless a time is to be shown that it does not have.
  if (moment.kind === 'date' && shows === 'date') return { local: moment.ms, offset: undefined };
  if (moment.kind !== 'instant' && zone === undefined && shows !== 'instant')
    return { local: moment.ms, offset: undefined };
  const at = toInstant(moment, zone);
  const offset = (zone ?? UTC).offsetAt(at);
  return { local: inBounds(at + offset), offset };
}

function isDate(value: unknown, format: DateFormat | undefined): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    return (format === undefined ? readIso(String(value)) : format.read(value)) !== undefined;
  } catch (error) {
    if (error instanceof FunctionFault) return false;
    throw error;
  }
}
