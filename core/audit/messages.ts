import { keyTexts } from '../model/business-keys.ts';
import { TOPIC } from '../model/mapping.ts';
import type { MessageAttributes } from '../model/message.ts';
import { attributesOf, lowestIdAt, MESSAGE_COLUMNS, query } from '../store/index.ts';
import type { Db, MessageRow } from '../store/index.ts';
import { isId, pageLimit, pageOf, pageStart } from './page.ts';
import type { Page, Paging } from './page.ts';
import { idRange } from './standing.ts';
import { createWhere } from './where.ts';
import type { Binding, Where } from './where.ts';

/** A message as it was accepted, without its payload. */
export interface AcceptedMessage extends MessageAttributes {
  /** The deliveries that must become final. */
  readonly routes: readonly string[];
  /** Of the project when it was accepted. */
  readonly revision: string;
  /** Bytes of the payload. */
  readonly size: number;
  /** Of the payload, hex. */
  readonly sha256: string;
}

/** Narrows a list of messages; all given conditions hold. */
export interface MessageFilter extends Paging {
  readonly source?: string;
  /** Came through this mapping's source, or is delivered on its routes. */
  readonly mapping?: string;
  /** The same for all mappings of a domain. */
  readonly domain?: string;
  /** What the asking person may see: only messages of these domains. */
  readonly domains?: readonly string[];
  readonly type?: string;
  /** Milliseconds since the epoch, by the time of the journey's first message; `since` is included, `until` is not. */
  readonly since?: number;
  readonly until?: number;
}

/** A business key as mappings name them: `{ name: 'order', value: '4711' }`. */
export interface BusinessKey {
  readonly name: string;
  readonly value: string;
}

const COLUMNS = `${MESSAGE_COLUMNS}, m.routes, m.revision, m.size, encode(m.sha256, 'hex') as sha256`;

interface AcceptedRow extends MessageRow {
  readonly routes: readonly string[];
  readonly revision: string;
  readonly size: number;
  readonly sha256: string;
}

/** Messages, newest first. Throws REQUEST_INVALID for a limit or cursor that is none. */
export async function listMessages(db: Db, filter: MessageFilter = {}): Promise<Page<AcceptedMessage>> {
  return select(db, filter, { sql: 'messages', bindings: [] });
}

/** Messages that carry a business key, newest first; narrowed like a list. */
export async function searchMessages(
  db: Db,
  filter: MessageFilter & { readonly key: BusinessKey },
): Promise<Page<AcceptedMessage>> {
  const { name, value } = filter.key;
  // First all that carry the key, by its index, then the newest of them: in one go the planner, which can't know how rare a
  // key is, walks back through all messages instead.
  return select(db, filter, {
    sql: '(select * from messages where keys @> ?::text[] and id >= ? and id < ? offset 0)',
    bindings: [keyTexts({ [name]: value }), ...idRange(filter)],
  });
}

/** One message, or undefined where there is none of this id (any more). */
export async function getMessage(db: Db, id: string): Promise<AcceptedMessage | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await query<AcceptedRow>(db, `select ${COLUMNS} from messages m where m.id = ?`, [id]);
  return row && messageOf(row);
}

/** All messages of a journey in the order of acceptance; `from` and `to` bound its day partition. */
export async function messagesOfJourney(
  db: Db,
  journeyId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly AcceptedMessage[]> {
  const rows = await query<AcceptedRow>(
    db,
    `select ${COLUMNS} from messages m where m.id = ?
     union all
     select ${COLUMNS} from messages m where m.journey_id = ? and m.journey_id <> m.id and m.id >= ? and m.id < ?
     order by accepted_at, id`,
    [journeyId, journeyId, from, to],
  );
  return rows.map(messageOf);
}

async function select(
  db: Db,
  filter: MessageFilter,
  from: { readonly sql: string; readonly bindings: readonly Binding[] },
): Promise<Page<AcceptedMessage>> {
  const where = createWhere();
  const limit = pageLimit(filter);
  const after = pageStart(filter);
  if (filter.source !== undefined) where.and('m.source = ?', filter.source);
  if (filter.type !== undefined) where.and('m.type = ?', filter.type);
  if (filter.mapping !== undefined)
    where.and(
      `(exists (select from unnest(m.routes) r(route) where regexp_replace(r.route, '/[^/]*$', '') = ?)
        or substring(m.source from position('/' in m.source) + 1) = ? and m.source not like '${TOPIC}/%')`,
      filter.mapping,
      filter.mapping,
    );
  if (filter.domain !== undefined) andDomains(where, [filter.domain]);
  if (filter.domains !== undefined) andDomains(where, filter.domains);
  if (filter.since !== undefined) where.and('m.id >= ?', lowestIdAt(filter.since));
  if (filter.until !== undefined) where.and('m.id < ?', lowestIdAt(filter.until));
  if (after !== undefined) where.and('m.id < ?', after);
  const rows = await query<AcceptedRow>(
    db,
    `select ${COLUMNS} from ${from.sql} m${where.sql} order by m.id desc limit ?`,
    [...from.bindings, ...where.bindings, limit + 1],
  );
  return pageOf(rows.map(messageOf), limit);
}

// A topic's source names no mapping, so its messages belong to the domains that they are delivered in.
function andDomains(where: Where, domains: readonly string[]): void {
  where.and(
    `(exists (select from unnest(m.routes) r(route) where split_part(r.route, '/', 1) = any(?))
      or split_part(m.source, '/', 2) = any(?) and m.source not like '${TOPIC}/%')`,
    [...domains],
    [...domains],
  );
}

function messageOf(row: AcceptedRow): AcceptedMessage {
  return {
    ...attributesOf(row),
    routes: row.routes,
    revision: row.revision,
    size: row.size,
    sha256: row.sha256,
  };
}
