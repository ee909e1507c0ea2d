import { CrossdockError, parseDuration, valueAt } from '../../core/sdk.ts';
import type { Next } from './pagination.ts';
import type { RestSource } from './settings.ts';
import { storableText } from './storable-text.ts';

/** A value of the cursor field. */
export type Mark = string | number;

/**
 * How far a source is, as it is stored. While a run is in the middle of its pages, `next` says where it was; `since` moves
 * only when the last page is committed, because pages need not come in the order of the cursor field.
 */
export interface Progress {
  readonly since?: Mark;
  /** The greatest mark of the pages so far. */
  readonly seen?: Mark;
  readonly next?: Next;
}

/**
 * The greatest mark of what was known and these records. A record may lack the field. Throws RESPONSE_UNREADABLE if none of
 * them has it and nothing was known: then the settings name a field that there is not.
 */
export function greatestMark(
  field: string,
  records: readonly unknown[],
  known: Mark | undefined,
): Mark | undefined {
  let greatest = known;
  for (const record of records) {
    const mark = markOf(record, field);
    if (mark === undefined) continue;
    if (greatest === undefined || compareMarks(mark, greatest) > 0) greatest = mark;
  }
  if (greatest === undefined && records.length > 0)
    throw new CrossdockError('RESPONSE_UNREADABLE', `No record has the cursor field "${field}".`);
  return greatest;
}

/** A record's value of the cursor field, as it can be stored; undefined without one. */
export function markOf(record: unknown, field: string): Mark | undefined {
  const value = valueAt(record, field);
  if (typeof value === 'string') return storableText(value) || undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const TIME = /^\d{4}-\d{2}-\d{2}([T ]|$)/;
const WITHOUT_ZONE = /^(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2})(?:(:\d{2})(?:([.,])(\d+))?)?$/;

/** Orders marks: numbers by value, times by when they are, whatever their zone, other text by its characters. */
export function compareMarks(a: Mark, b: Mark): number {
  if (isNumeric(a) && isNumeric(b)) {
    if (typeof a === 'string' && typeof b === 'string') return compareDigits(a, b);
    return Number(a) - Number(b);
  }
  const [left, right] = [String(a), String(b)];
  if (TIME.test(left) && TIME.test(right)) {
    const difference = instantOf(left) - instantOf(right);
    // Beyond milliseconds instants do not differ; the text does.
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumeric(mark: Mark): boolean {
  return typeof mark === 'number' || /^\d+$/.test(mark);
}

/** Ids may have more digits than a double holds. */
function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What the target is asked for: the mark, less the overlap. */
export function askedMark(cursor: RestSource['cursor'], since: Mark | undefined): Mark | undefined {
  const mark = withoutOverlap(cursor, since ?? cursor?.start);
  if (typeof mark !== 'number' || Math.abs(mark) <= Number.MAX_SAFE_INTEGER) return mark;
  // It was rounded when it was read, up perhaps. One of the numbers before it is surely not above what was there.
  return String(BigInt(mark - Math.abs(mark) * Number.EPSILON));
}

function withoutOverlap(cursor: RestSource['cursor'], mark: Mark | undefined): Mark | undefined {
  if (mark === undefined || cursor?.overlap === undefined) return mark;
  const overlap = parseDuration(cursor.overlap);
  // Seconds since the epoch have ten digits until the year 2286, milliseconds have thirteen.
  if (typeof mark === 'number') return mark - (mark < 1e11 ? overlap / 1_000 : overlap);
  const time = instantOf(mark);
  if (!TIME.test(mark) || Number.isNaN(time))
    throw new CrossdockError(
      'RESPONSE_UNREADABLE',
      'The cursor is not a time, so `overlap` can not be taken off.',
    );
  return inShapeOf(mark, new Date(time - overlap).toISOString());
}

/** Milliseconds since the epoch, NaN for what is no time. Without a zone it is taken for UTC, wherever the hub runs. */
function instantOf(time: string): number {
  const [, date, , minutes, seconds = ':00', , fraction = ''] = WITHOUT_ZONE.exec(time) ?? [];
  if (date === undefined) return Date.parse(time);
  return Date.parse(`${date}T${minutes}${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
}

/** A target that writes times without a zone reads them so, and as exactly as it writes them. What is cut off is asked again. */
function inShapeOf(mark: string, iso: string): string {
  const [, date, separator, , seconds = '', point = '', fraction = ''] = WITHOUT_ZONE.exec(mark) ?? [];
  if (date === undefined) return iso;
  // Nothing is ever taken off below a millisecond.
  const digits = (iso.slice(20, 23) + fraction.slice(3)).slice(0, fraction.length);
  return `${iso.slice(0, 10)}${separator}${iso.slice(11, 16)}${seconds && iso.slice(16, 19)}${point}${digits}`;
}
