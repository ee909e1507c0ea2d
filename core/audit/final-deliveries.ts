import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { deliveryKey } from './journey.ts';
import { FINALS_SQL } from './standing.ts';

/** Which of these deliveries have a final event, as `deliveryKey`s: nothing more may be done for them. */
export async function finalDeliveries(
  db: Db,
  deliveries: readonly { readonly journeyId: string; readonly messageId: string; readonly route: string }[],
): Promise<ReadonlySet<string>> {
  if (deliveries.length === 0) return new Set();
  const rows = await query<{ message_id: string; route: string }>(
    db,
    `select e.message_id, e.route
       from unnest(?::uuid[], ?::uuid[], ?::text[]) as d(journey_id, message_id, route)
       join events e on e.journey_id = d.journey_id and e.message_id = d.message_id and e.route = d.route
      where e.type in (${FINALS_SQL})`,
    [
      deliveries.map((delivery) => delivery.journeyId),
      deliveries.map((delivery) => delivery.messageId),
      deliveries.map((delivery) => delivery.route),
    ],
  );
  return new Set(rows.map((row) => deliveryKey(row.message_id, row.route)));
}
