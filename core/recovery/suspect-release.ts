import { finalDeliveries, deliveryKey } from '../audit/index.ts';
import { releaseOutbox } from '../intake/index.ts';
import type { Clock } from '../model/clock.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import type { Suspect } from './begin-anew.ts';
import { groupSize } from './group-size.ts';

export interface SuspectReleaseOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly suspects: readonly Suspect[];
  /** The `queues.delivery_limit`. */
  readonly deliveryLimit: number;
  /** There is something in the outbox. */
  readonly wake: () => void;
  /** Routes whose connection's breaker is open: their suspects wait until it is not. */
  readonly paused: (route: string) => boolean;
}

/** Sends suspects group by group: when the process crashes, the culprit is in the group that was under way. */
export interface SuspectRelease {
  /** Sends the next group if the last one is settled; resolves with whether there are more. Run it often. */
  runOnce(): Promise<boolean>;
}

/** A group that is not settled by then, because its target is slow or away, holds up the others no longer. */
const PATIENCE_MS = 60_000;

/** Those of the fewest crashes come first: what is innocent is done before the culprit gets its next chance. */
export function createSuspectRelease(options: SuspectReleaseOptions): SuspectRelease {
  const { database, clock, deliveryLimit, wake, paused } = options;
  let waiting = [...options.suspects].sort((a, b) => a.crashes - b.crashes);
  let underWay: { readonly group: readonly Suspect[]; readonly until: number } | undefined;

  const nextGroup = (): readonly Suspect[] => {
    const ready = waiting.filter(({ route }) => !paused(route));
    const [first] = ready;
    if (first === undefined) return [];
    const size = groupSize(first.crashes, deliveryLimit);
    return ready.slice(0, size).filter(({ crashes }) => crashes === first.crashes);
  };

  return {
    runOnce: async () => {
      if (underWay !== undefined && clock.monotonic() < underWay.until) {
        if (!(await areSettled(database, underWay.group))) return true;
      }
      underWay = undefined;
      const group = nextGroup();
      if (group.length > 0) {
        await releaseOutbox(
          database.db,
          group.map(({ outboxId }) => outboxId),
          true,
        );
        const sent = new Set(group);
        waiting = waiting.filter((suspect) => !sent.has(suspect));
        underWay = { group, until: clock.monotonic() + PATIENCE_MS };
        wake();
      }
      return waiting.length > 0;
    },
  };
}

async function areSettled({ db }: Database, group: readonly Suspect[]): Promise<boolean> {
  const final = await finalDeliveries(db, group);
  const open = group.filter(({ messageId, route }) => !final.has(deliveryKey(messageId, route)));
  if (open.length === 0) return true;
  const failed = await query(
    db,
    `select from failures f join unnest(?::uuid[], ?::text[]) as d(message_id, route)
         on f.message_id = d.message_id and f.route = d.route
      where f.state <> 'sent'`,
    [open.map(({ messageId }) => messageId), open.map(({ route }) => route)],
  );
  return failed.length === open.length;
}
