import { mistakeOf } from './arguments.ts';
import { UNITS, unitOf } from './date-arithmetic.ts';
import { dateFormat } from './date-formats.ts';
import { readTimestamp, writeDate, writeUtc, type Moment } from './moment.ts';
import type { OwnParameter } from './own-function.ts';
import { zoneOf, type Zone } from './zones.ts';

export const TIMESTAMP: OwnParameter = {
  name: 'timestamp',
  takes: ['string', 'number'],
  description:
    'ISO 8601 text (a date, a local time, or a timestamp with an offset), or milliseconds since 1970.',
  mistake: (literal) => mistakeOf(() => readTimestamp(literal)),
};

export const ZONE: OwnParameter = {
  name: 'zone',
  takes: ['string'],
  description: 'An IANA time zone such as "Europe/Berlin".',
  mistake: (literal) => mistakeOf(() => zoneOf(String(literal))),
};

export const FORMAT: OwnParameter = {
  name: 'format',
  takes: ['string'],
  description: 'The name of a date format, or a pattern such as "dd.MM.yyyy HH:mm".',
  mistake: (literal) => mistakeOf(() => dateFormat(String(literal))),
};

export const UNIT: OwnParameter = {
  name: 'unit',
  takes: ['string'],
  oneOf: UNITS,
  description: 'Weeks begin on Monday.',
  mistake: (literal) => mistakeOf(() => unitOf(literal)),
};

/** A zone that may be left out. Throws X2003. */
export function optionalZone(name: unknown): Zone | undefined {
  return typeof name === 'string' ? zoneOf(name) : undefined;
}

/** As expressions see it: a date as `2026-03-01`, all else in UTC. */
export function written({ kind, ms }: Moment): string {
  return kind === 'date' ? writeDate(ms) : writeUtc(ms);
}
