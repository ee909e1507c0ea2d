import { nearest } from '../nearest.ts';
import { bounded } from './bounded-cache.ts';
import { DAY, inBounds } from './calendar.ts';
import type { DateFormat } from './date-format.ts';
import { compilePattern } from './date-pattern.ts';
import { FunctionFault, shown } from './function-fault.ts';
import { readIso, writeOffset, type Moment } from './moment.ts';
import { HTTP_DATE, MAIL_DATE } from './mail-date.ts';

/** A date format that has a name. */
export interface NamedFormat {
  readonly name: string;
  readonly summary: string;
  /** The first of March 2026, 17:45:10.250 UTC, in it. */
  readonly example: string | number;
  readonly format: DateFormat;
}

function patterned(name: string, pattern: string, about: { summary: string; example: string }): NamedFormat {
  return { name, format: compilePattern(pattern), ...about, summary: `${about.summary} (\`${pattern}\`)` };
}

/** Counted in units from an epoch, which makes each a point in time. */
function counted(unit: number): DateFormat {
  return {
    shows: 'instant',
    read: (value) => ({ kind: 'instant', ms: inBounds(Math.floor(numberOf(value, 'a count') * unit)) }),
    write: ({ local, offset = 0 }) => Math.floor((local - offset) / unit),
  };
}

const ISO_DATETIME: DateFormat = {
  shows: 'instant',
  read: (value) => {
    const moment = readIso(String(value));
    if (moment !== undefined && moment.kind !== 'date') return moment;
    throw new FunctionFault('X2001', `${shown(value)} is not an ISO 8601 date and time`);
  },
  write: ({ local, offset = 0 }) => writeOffset(local, offset),
};

const SAP_DATE = compilePattern('yyyyMMdd');

/** An empty date in SAP is eight zeros (or blanks). */
const SAP: DateFormat = {
  ...SAP_DATE,
  read: (value) => (/^(?:0{8}|\s*)$/.test(String(value)) ? undefined : SAP_DATE.read(value)),
};

const EXCEL_EPOCH = -25_569;

/** Days since 1899-12-30. Before March 1900 Excel's own count is wrong: it has a 29 February 1900. */
const EXCEL: DateFormat = {
  shows: 'date',
  read: (value) => {
    const serial = numberOf(value, 'a serial number');
    if (serial < 61) throw new FunctionFault('X2002', 'serial numbers below 61 (1900-03-01) are ambiguous');
    const ms = inBounds(Math.round((serial + EXCEL_EPOCH) * DAY));
    return { kind: Number.isInteger(serial) ? 'date' : 'local', ms };
  },
  write: ({ local }) => local / DAY - EXCEL_EPOCH,
};

const ODATA_V2 = /^\/Date\((-?[0-9]{1,15})(?:[-+][0-9]{4})?\)\/$/;

/** The offset is only for showing: the milliseconds are UTC. */
const ODATA: DateFormat = {
  shows: 'instant',
  read: (value): Moment => {
    const match = ODATA_V2.exec(String(value));
    if (match === null) throw new FunctionFault('X2001', `${shown(value)} is not of the form "/Date(0)/"`);
    return { kind: 'instant', ms: inBounds(Number(match[1])) };
  },
  write: ({ local, offset = 0 }) => `/Date(${local - offset})/`,
};

/** All that `$parseDate` and `$formatDate` know by name. */
export const NAMED_FORMATS: readonly NamedFormat[] = [
  patterned('iso-date', 'yyyy-MM-dd', { summary: 'ISO 8601 date', example: '2026-03-01' }),
  {
    name: 'iso-datetime',
    summary: 'ISO 8601 timestamp, as of RFC 3339; reads any precision and offset, written with milliseconds',
    example: '2026-03-01T17:45:10.250Z',
    format: ISO_DATETIME,
  },
  patterned('iso-basic', 'yyyyMMdd', { summary: 'ISO 8601 basic date', example: '20260301' }),
  patterned('iso-basic-datetime', "yyyyMMdd'T'HHmmssX", {
    summary: 'ISO 8601 basic timestamp',
    example: '20260301T174510Z',
  }),
  patterned('iso-week', "YYYY-'W'ww-e", { summary: 'ISO 8601 week date', example: '2026-W09-7' }),
  patterned('iso-ordinal', 'yyyy-DDD', { summary: 'ISO 8601 year and day of the year', example: '2026-060' }),
  {
    name: 'rfc-2822',
    summary: 'Date of e-mails (RFC 5322, before RFC 2822); the weekday may be left out',
    example: 'Sun, 01 Mar 2026 17:45:10 +0000',
    format: MAIL_DATE,
  },
  {
    name: 'rfc-9110',
    summary: 'Date of HTTP headers (IMF-fixdate of RFC 9110), always in GMT',
    example: 'Sun, 01 Mar 2026 17:45:10 GMT',
    format: HTTP_DATE,
  },
  {
    name: 'unix-seconds',
    summary: 'Seconds since 1970, a number (or digits); fractions are read and not written',
    example: 1_772_387_110,
    format: counted(1_000),
  },
  {
    name: 'unix-millis',
    summary: 'Milliseconds since 1970, a number (or digits)',
    example: 1_772_387_110_250,
    format: counted(1),
  },
  patterned('us-date', 'MM/dd/yyyy', { summary: 'Month first', example: '03/01/2026' }),
  patterned('uk-date', 'dd/MM/yyyy', { summary: 'Day first, with strokes', example: '01/03/2026' }),
  patterned('eu-date', 'dd.MM.yyyy', { summary: 'Day first, with points', example: '01.03.2026' }),
  patterned('sql-datetime', 'yyyy-MM-dd HH:mm:ss', {
    summary: 'Date and time as SQL databases print them',
    example: '2026-03-01 17:45:10',
  }),
  {
    name: 'sap-date',
    summary: 'SAP DATS (`yyyyMMdd`); `00000000` and blanks are no date: nothing',
    example: '20260301',
    format: SAP,
  },
  patterned('sap-datetime', 'yyyyMMddHHmmss', {
    summary: 'SAP DATS and TIMS in one; a SAP TIMESTAMP with the zone UTC',
    example: '20260301174510',
  }),
  patterned('edifact-102', 'yyyyMMdd', { summary: 'EDIFACT DTM qualifier 102', example: '20260301' }),
  patterned('edifact-203', 'yyyyMMddHHmm', { summary: 'EDIFACT DTM qualifier 203', example: '202603011745' }),
  patterned('x12-date', 'yyMMdd', {
    summary: 'X12 date of six digits (69 is 1969, 68 is 2068)',
    example: '260301',
  }),
  {
    name: 'excel-serial',
    summary: 'Days since 1899-12-30, a number; a fraction is the time of day. From 61 (1900-03-01) on',
    example: 46_082.73970196759,
    format: EXCEL,
  },
  {
    name: 'odata-v2',
    summary: 'Milliseconds since 1970 in `/Date(…)/`, as of OData 2 and old ASP.NET',
    example: '/Date(1772387110250)/',
    format: ODATA,
  },
];

const BY_NAME: ReadonlyMap<string, DateFormat> = new Map(
  NAMED_FORMATS.map(({ name, format }) => [name, format]),
);

const NAMES = [...BY_NAME.keys()];
const MAX_NAME = 64;
const LIKE_A_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;
/** Such a pattern there is, too: `yyyyMMdd`. */
const ONE_WORD = /^[a-z]+$/i;

/** By its name, or made of a pattern. Throws X2004. */
export const dateFormat: (nameOrPattern: string) => DateFormat = bounded((text) => {
  const named = BY_NAME.get(text);
  if (named !== undefined) return named;
  const oneWord = ONE_WORD.test(text);
  if (text.length > MAX_NAME || !(oneWord || LIKE_A_NAME.test(text))) return compilePattern(text);
  const near = nearest(text, NAMES) ?? NAMES.find((name) => name.split('-').includes(text.toLowerCase()));
  try {
    if (oneWord) return compilePattern(text);
  } catch (error) {
    if (near === undefined) throw error;
  }
  const hint = near === undefined ? '' : `: did you mean ${shown(near)}?`;
  throw new FunctionFault('X2004', `unknown date format ${shown(text)}${hint}`);
});

function numberOf(value: string | number, what: string): number {
  const count =
    typeof value === 'number' ? value : /^-?[0-9]{1,20}(?:\.[0-9]{1,20})?$/.test(value) ? Number(value) : NaN;
  if (Number.isFinite(count)) return count;
  throw new FunctionFault('X2001', `${shown(value)} is not ${what}`);
}
