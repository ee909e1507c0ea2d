import { CrossdockError } from '../model/errors.ts';

/** A part of a list. `next` is handed back as `after` to go on; it is missing at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** What every list takes. */
export interface Paging {
  /** From 1 to 1000; default 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The limit in use. Throws REQUEST_INVALID when it is none. */
export function pageLimit({ limit = DEFAULT_LIMIT }: Paging): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new CrossdockError('REQUEST_INVALID', `limit must be a whole number from 1 to ${MAX_LIMIT}`, {
      path: 'limit',
    });
  return limit;
}

/** The id after which the page begins. Throws REQUEST_INVALID for a cursor that no list gave out. */
export function pageStart({ after }: Paging): string | undefined {
  if (after === undefined) return undefined;
  const id = Buffer.from(after, 'base64url').toString('latin1');
  if (!UUID.test(id))
    throw new CrossdockError('REQUEST_INVALID', 'after is not a cursor that this list gave out', {
      path: 'after',
    });
  return id;
}

/** Makes a page of rows that were read with one more than the limit, to know whether more follow. */
export function pageOf<T extends { readonly id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined
    ? { items, next: Buffer.from(last.id, 'latin1').toString('base64url') }
    : { items };
}

/** Whether this text can be an id at all: what people type is checked before Postgres refuses it. */
export function isId(text: string): boolean {
  return UUID.test(text.toLowerCase());
}
