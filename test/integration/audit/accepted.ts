import { appendEvents, createEvent } from '../../../core/audit/index.ts';
import { insertArrivals } from '../../../core/intake/index.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import type { Clock } from '../../../core/model/clock.ts';
import type { EventData } from '../../../core/model/event.ts';
import type { MessageAttributes } from '../../../core/model/message.ts';
import { descendantId, query } from '../../../core/store/index.ts';
import type { Database } from '../../../core/store/index.ts';

/** A delivery as these tests name it. */
export interface Lane {
  readonly messageId: string;
  readonly journeyId: string;
  readonly route: string;
}

/** Where these tests play. */
export interface Stage {
  readonly database: Database;
  readonly clock: Clock;
}

/** A message on its way in. */
export const ARRIVAL: Arrival = {
  source: 'shop/sales/orders',
  type: 'sales/order@1',
  contentType: 'application/json',
  payload: Buffer.from('{"id":"4711"}'),
  headers: {},
  keys: {},
  routes: ['sales/orders/erp'],
  revision: 'r1',
};

/** Accepts a message, as intake does; resolves with its deliveries, which are in the outbox. */
export async function accept(
  database: Database,
  clock: Clock,
  more: Partial<Arrival> = {},
): Promise<readonly Lane[]> {
  const arrival: Arrival = { ...ARRIVAL, ...more };
  const [accepted] = await insertArrivals(database.db, [arrival], clock);
  if (accepted === undefined) throw new Error('one arrival gives one answer');
  const journeyId = arrival.descent?.journeyId ?? accepted.id;
  return arrival.routes.map((route) => ({ messageId: accepted.id, journeyId, route }));
}

/** The same on one route, and published. */
export async function acceptPublished(database: Database, clock: Clock): Promise<Lane> {
  const [lane] = (await accept(database, clock)) as [Lane];
  await publish(database, lane);
  return lane;
}

/** The attributes of an accepted message, as its deliveries carry them. */
export function attributesOf({ messageId, journeyId }: Lane, clock: Clock): MessageAttributes {
  return {
    id: messageId,
    journeyId,
    source: 'shop/sales/orders',
    type: 'sales/order@1',
    time: new Date(clock.now()).toISOString(),
    keys: {},
    contentType: 'application/json',
    headers: {},
  };
}

/** Accepts what a split made of a delivery. */
export async function acceptPart(
  { database, clock }: Stage,
  parent: Lane,
  index: number,
  step: number,
): Promise<Lane> {
  const [lane] = await accept(database, clock, {
    routes: [parent.route],
    descent: {
      id: descendantId(parent.messageId, parent.route, 0, index),
      journeyId: parent.journeyId,
      causationId: parent.messageId,
      step,
    },
  });
  return lane as Lane;
}

/** The relay has published them and the transport has confirmed. */
export async function publish(database: Database, ...lanes: readonly Lane[]): Promise<void> {
  for (const { messageId, route } of lanes)
    await query(database.db, 'delete from outbox where message_id = ? and route = ?', [messageId, route]);
}

/** A worker has settled them. */
export async function settle<T extends keyof EventData>(
  { database, clock }: Stage,
  type: T,
  data: EventData[T],
  ...lanes: readonly Lane[]
): Promise<void> {
  await publish(database, ...lanes);
  await appendEvents(
    database.db,
    lanes.map((lane) => createEvent(type, data, lane, clock)),
  );
}

export const DELIVERED = { attempt: 1, durationMs: 5, revision: 'r1' } as const;

/** Leaves nothing of the tests before. */
export async function emptyStore(database: Database): Promise<void> {
  for (const table of [
    'failures',
    'outbox',
    'dedupe',
    'events',
    'blocks',
    'chains',
    'payloads',
    'messages',
    'leases',
    'holdings',
  ])
    await query(database.db, `delete from ${table}`);
}
