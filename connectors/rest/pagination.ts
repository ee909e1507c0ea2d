import { CrossdockError, valueAt, type HttpResponse } from '../../core/sdk.ts';
import { linkOf } from './link-header.ts';
import type { Pagination } from './settings.ts';
import { storableText } from './storable-text.ts';

/** Where a page is: another address, or another value of a query parameter. Plain JSON; kept in the cursor. */
export type Next =
  | { readonly url: string }
  | {
      readonly value: string | number;
      /** Of numbered pages of a known size: how many there were before this one, if none of them was full. */
      readonly short?: number;
    };

export interface PageSeen {
  readonly response: HttpResponse;
  /** The answer, parsed. */
  readonly body: unknown;
  /** How many records it had. */
  readonly count: number;
  /** The address it came from, absolute. */
  readonly url: string;
  /** Where it was; undefined for the first one. */
  readonly at: Next | undefined;
}

/** Whether a page is asked for only because the first one was not full: there may be none. */
export function mayBeNone(at: Next | undefined): boolean {
  return at !== undefined && 'value' in at && at.short === 1;
}

/** What a page's request adds to the query. */
export function pageQuery(pagination: Pagination, at: Next | undefined): Record<string, string | number> {
  const value = at !== undefined && 'value' in at ? at.value : undefined;
  switch (pagination.type) {
    case 'none':
    case 'link_header':
    case 'next_url':
      return {};
    case 'cursor':
      return value === undefined ? {} : { [pagination.param]: value };
    case 'page':
      return { [pagination.param]: value ?? pagination.first ?? 1, ...sizeQuery(pagination) };
    case 'offset':
      return { [pagination.param]: value ?? 0, ...sizeQuery(pagination) };
  }
}

function sizeQuery({ size_param, size }: { size_param?: string; size?: number }): Record<string, number> {
  return size_param === undefined || size === undefined ? {} : { [size_param]: size };
}

/** Where the page after this one is, or undefined if it was the last. Throws RESPONSE_UNREADABLE for a circle. */
export function nextPage(pagination: Pagination, seen: PageSeen): Next | undefined {
  const next = findNext(pagination, seen);
  if (next === undefined) return undefined;
  const circle = 'url' in next ? next.url === seen.url : JSON.stringify(next) === JSON.stringify(seen.at);
  if (circle)
    throw new CrossdockError('RESPONSE_UNREADABLE', 'The target says that a page comes after itself.');
  return next;
}

function findNext(pagination: Pagination, seen: PageSeen): Next | undefined {
  switch (pagination.type) {
    case 'none':
      return undefined;
    case 'link_header':
      return absolute(linkOf(seen.response.headers['link'] ?? '', 'next'), seen.url);
    case 'next_url': {
      const url = valueAt(seen.body, pagination.path);
      return absolute(typeof url === 'string' && url !== '' ? url : undefined, seen.url);
    }
    case 'cursor': {
      const token = valueAt(seen.body, pagination.path);
      const value = typeof token === 'string' ? storableText(token) : token;
      return (typeof value === 'string' && value !== '') || typeof value === 'number' ? { value } : undefined;
    }
    case 'page':
      return numbered(seen, pagination.size, positionOf(seen.at, pagination.first ?? 1) + 1);
    case 'offset':
      return numbered(seen, pagination.size, positionOf(seen.at, 0) + seen.count);
  }
}

/**
 * A page that is not full is the last one only after one that was: many targets have a greatest size of their own, below
 * what they are asked for. Else the last one is an empty one.
 */
function numbered({ at, count }: PageSeen, size: number | undefined, value: number): Next | undefined {
  if (count === 0) return undefined;
  if (size === undefined || count >= size) return { value };
  const short = at === undefined ? 0 : 'value' in at ? at.short : undefined;
  return short === undefined ? undefined : { value, short: short + 1 };
}

function positionOf(at: Next | undefined, first: number): number {
  return at !== undefined && 'value' in at ? Number(at.value) : first;
}

function absolute(link: string | undefined, from: string): Next | undefined {
  if (link === undefined) return undefined;
  const url = URL.parse(link, from);
  if (url === null)
    throw new CrossdockError('RESPONSE_UNREADABLE', 'The address of the next page is not a URL.');
  return { url: url.href };
}
