import { ACT_EVENTS } from '../model/event.ts';
import type { ActEvent, AuditEvent, EventData, EventType } from '../model/event.ts';
import { lowestIdAt, query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { pageLimit, pageOf, pageStart } from './page.ts';
import type { Page, Paging } from './page.ts';
import { createWhere } from './where.ts';

/** Narrows the list of acts; all given conditions hold. */
export interface EventFilter extends Paging {
  /** Default: all acts. */
  readonly types?: readonly ActEvent[];
  /** A principal's name. */
  readonly by?: string;
  readonly route?: string;
  /** What the asking person may see: only acts on routes of these domains. Those about the hub are not among them. */
  readonly domains?: readonly string[];
  /** Milliseconds since the epoch; `since` is included, `until` is not. */
  readonly since?: number;
  readonly until?: number;
}

/** A row of `EVENT_COLUMNS`. */
export interface EventRow {
  readonly id: string;
  readonly at: Date;
  readonly journey_id: string;
  readonly message_id: string | null;
  readonly route: string | null;
  readonly type: EventType;
  readonly data: EventData[EventType];
}

/** What an event is read from, of `events e`. */
export const EVENT_COLUMNS = 'e.id, e.at, e.journey_id, e.message_id, e.route, e.type, e.data';
const ACTS = ACT_EVENTS.map((type) => `'${type}'`).join(', ');

/** The audit log of acts, newest first. */
export async function listEvents(db: Db, filter: EventFilter = {}): Promise<Page<AuditEvent>> {
  const limit = pageLimit(filter);
  const after = pageStart(filter);
  const where = createWhere();
  where.and(`e.type in (${ACTS})`);
  if (filter.types !== undefined) where.and('e.type = any(?)', [...filter.types]);
  if (filter.by !== undefined) where.and(`e.data->>'by' = ?`, filter.by);
  if (filter.route !== undefined) where.and('e.route = ?', filter.route);
  if (filter.domains !== undefined) where.and(`split_part(e.route, '/', 1) = any(?)`, [...filter.domains]);
  if (filter.since !== undefined) where.and('e.id >= ?', lowestIdAt(filter.since));
  if (filter.until !== undefined) where.and('e.id < ?', lowestIdAt(filter.until));
  if (after !== undefined) where.and('e.id < ?', after);
  const rows = await query<EventRow>(
    db,
    `select ${EVENT_COLUMNS} from events e${where.sql} order by e.id desc limit ?`,
    [...where.bindings, limit + 1],
  );
  return pageOf(rows.map(eventOf), limit);
}

/** Everything recorded about one journey, in the order of time. */
export async function eventsOfJourney(db: Db, journeyId: string): Promise<readonly AuditEvent[]> {
  const rows = await query<EventRow>(
    db,
    `select ${EVENT_COLUMNS} from events e where e.journey_id = ? order by e.at, e.id`,
    [journeyId],
  );
  return rows.map(eventOf);
}

/** The event of a row. */
export function eventOf(row: EventRow): AuditEvent {
  return {
    id: row.id,
    at: row.at.toISOString(),
    journeyId: row.journey_id,
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    ...(row.route === null ? {} : { route: row.route }),
    type: row.type,
    data: row.data,
  };
}
