import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  CrossdockError,
  failOnStatus,
  valueAt,
  type Clock,
  type HttpClient,
  type HttpResponse,
  type Page,
  type PulledRecord,
  type Puller,
} from '../../core/sdk.ts';
import { readBody } from './body.ts';
import { mayBeNone, nextPage, pageQuery, type Next } from './pagination.ts';
import { askedMark, greatestMark, markOf, type Progress } from './progress.ts';
import type { Format, Pagination, RestSource } from './settings.ts';
import { storableText } from './storable-text.ts';

export interface PullSettings {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly format: Format;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: RestSource;
}

const MAX_PAGES = 100;
const DIGEST_LENGTH = 16;

/**
 * Reads a list page by page. With a cursor field, `since` moves to the greatest value that a whole run has seen; the
 * records that have just that value come again next time and are known by their key.
 */
export function createPuller(settings: PullSettings): Puller {
  return (cursor, signal) => pull(settings, cursor ?? {}, signal);
}

async function* pull(settings: PullSettings, start: Progress, signal: AbortSignal): AsyncGenerator<Page> {
  const { source } = settings;
  let progress = start;
  let before: readonly unknown[] = [];
  for (let count = 0; count < (source.max_pages ?? MAX_PAGES); count += 1) {
    const page = await (count === 0 ? readFirst : readPage)(settings, progress, signal);
    // A target that does not know the parameter has one page, and gives it again.
    const again = count > 0 && mayBeNone(progress.next) && isDeepStrictEqual(page.records, before);
    const { records, after } = again ? ended(progress) : page;
    if (records.length > 0 || JSON.stringify(after) !== JSON.stringify(progress))
      yield { records: records.map((record) => toRecord(source, record)), cursor: after };
    if (after.next === undefined) return;
    progress = after;
    before = records;
  }
}

interface PageRead {
  readonly records: readonly unknown[];
  /** How far the source is when they are committed. */
  readonly after: Progress;
}

/**
 * The page where the last run stopped may be gone: a token that the target has forgotten, a signed address that has expired,
 * an address of before. Then the whole run again: its records are known. Whether it was the page or the target is told by
 * the answer to that.
 */
async function readFirst(settings: PullSettings, start: Progress, signal: AbortSignal): Promise<PageRead> {
  try {
    return await readPage(settings, start, signal);
  } catch (error) {
    if (start.next === undefined || signal.aborted || isOutage(error)) throw error;
  }
  return await readPage(settings, { ...start, next: undefined }, signal);
}

/** Targets answer 401 and 403 for a page's own address, too, so refused credentials are none. */
function isOutage(error: unknown): boolean {
  const { code } = CrossdockError.from(error);
  return code === 'TARGET_UNAVAILABLE' || code === 'TARGET_UNREACHABLE' || code === 'TARGET_THROTTLED';
}

async function readPage(settings: PullSettings, progress: Progress, signal: AbortSignal): Promise<PageRead> {
  const { source, http, clock, format } = settings;
  const pagination: Pagination = source.pagination ?? { type: 'none' };
  const request = requestOf(settings, pagination, progress);
  let response: HttpResponse;
  try {
    response = await http.send({ ...request, method: 'GET', signal });
    failOnStatus(response, clock.now());
  } catch (error) {
    // Behind the last page some targets have an empty one, others 400 or 404.
    if (!mayBeNone(progress.next) || CrossdockError.from(error).code !== 'TARGET_REJECTED') throw error;
    return ended(progress);
  }
  const body = readBody(format, response);
  const records = recordsOf(settings, body, progress.next);
  const seen = source.cursor && greatestMark(source.cursor.field, records, progress.seen ?? progress.since);
  const next = nextPage(pagination, {
    response,
    body,
    count: records.length,
    url: request.absolute,
    at: progress.next,
  });
  return { records, after: advance(progress, seen, next) };
}

/** The page before was the last one. */
function ended(progress: Progress): PageRead {
  return { records: [], after: advance(progress, progress.seen ?? progress.since, undefined) };
}

function advance({ since }: Progress, seen: Progress['seen'], next: Next | undefined): Progress {
  const known = since === undefined ? {} : { since };
  if (next === undefined) return seen === undefined ? known : { since: seen };
  return { ...known, ...(seen === undefined ? {} : { seen }), next };
}

interface PageRequest {
  readonly url: string;
  readonly absolute: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Record<string, string | number | boolean>;
}

function requestOf(settings: PullSettings, pagination: Pagination, progress: Progress): PageRequest {
  const { source, baseUrl, headers } = settings;
  if (progress.next !== undefined && 'url' in progress.next)
    return { url: progress.next.url, absolute: progress.next.url, headers };
  const mark = askedMark(source.cursor, progress.since);
  const query: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(source.query ?? {})) {
    if (typeof value !== 'string' || !value.includes('{cursor}')) query[name] = value;
    else if (mark !== undefined) query[name] = value.replaceAll('{cursor}', () => String(mark));
  }
  Object.assign(query, pageQuery(pagination, progress.next));
  return { url: source.path, absolute: absoluteUrl(baseUrl, source.path, query), headers, query };
}

function absoluteUrl(
  baseUrl: string,
  path: string,
  query: Record<string, string | number | boolean>,
): string {
  const url = new URL(baseUrl.replace(/\/+$/, '') + (path.startsWith('/') ? path : `/${path}`));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url.href;
}

/**
 * The list in an answer. No list at all is an empty one only where there may be none: in the middle of a run it is a target
 * that says in its own way that something is wrong, and records may be missing.
 */
function recordsOf(
  { source, format }: PullSettings,
  body: unknown,
  at: Next | undefined,
): readonly unknown[] {
  const path = source.records ?? '';
  const records = valueAt(body, path);
  if (Array.isArray(records)) return records as unknown[];
  const xml = format === 'xml';
  // In XML a list of one is an element, and an empty list is an empty text, or nothing in an element of nothing else.
  if (xml && records !== undefined && records !== null) return records === '' ? [] : [records];
  if (xml && records === undefined && isInBareElement(body, path)) return [];
  const mayLack = at === undefined || mayBeNone(at);
  const lacks = records === null || (records === undefined && (xml || (body === undefined && path === '')));
  if (lacks && mayLack) return [];
  const unlike = mayLack ? '' : ', unlike that of the page before';
  throw new CrossdockError(
    'RESPONSE_UNREADABLE',
    path === ''
      ? `The answer is not a list${unlike || '; set `records`'}.`
      : `The answer has no list at "${path}"${unlike}.`,
  );
}

/** Whether the path ends in an element of XML that has attributes at most. */
function isInBareElement(body: unknown, path: string): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf(path.startsWith('/') ? '/' : '.')));
  if (parent === '') return false;
  const element = valueAt(body, parent);
  if (element === undefined) return isInBareElement(body, parent);
  return (
    element === '' ||
    (typeof element === 'object' &&
      element !== null &&
      Object.keys(element).every((name) => name.startsWith('@')))
  );
}

/**
 * The key tells one state of a record: its id, the mark of this change of it, and what it says. Two changes may have one
 * mark, where it is a time in seconds, and long numbers lose their last digits when they are read.
 */
function toRecord(source: RestSource, body: unknown): PulledRecord {
  const id = source.key === undefined ? undefined : valueAt(body, source.key);
  if (id === '' || (typeof id !== 'string' && typeof id !== 'number')) return { body };
  const mark = source.cursor === undefined ? undefined : markOf(body, source.cursor.field);
  const digest = hash('sha256', JSON.stringify(body), 'base64url').slice(0, DIGEST_LENGTH);
  return { body, key: storableText(`${id}${mark === undefined ? '' : `@${mark}`}#${digest}`) };
}
