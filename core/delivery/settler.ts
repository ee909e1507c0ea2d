import { appendEvents, createEvent } from '../audit/index.ts';
import { insertArrivals } from '../intake/index.ts';
import type { Arrival } from '../intake/index.ts';
import type { Clock } from '../model/clock.ts';
import type { AuditEvent } from '../model/event.ts';
import type { Logger } from '../model/logger.ts';
import { failureFromOutcome, recordFailures, resolveFailures } from '../recovery/index.ts';
import type { FailureRow } from '../recovery/index.ts';
import type { Database } from '../store/index.ts';
import {
  ensurePartitions,
  GroupCommit,
  isMissingPartition,
  isRefusedData,
  timeOfId,
} from '../store/index.ts';
import { bareSettlement } from './bare-settlement.ts';
import type { Settlement } from './settlement.ts';

export interface SettlerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly revision: string;
  /** Children are in the outbox. */
  readonly onChildren: () => void;
}

const MAX_BATCH = 500;
/** Rows of one insert at most, and bytes of their payloads; a split may make more. */
const CHILDREN_CHUNK = 1_000;
const CHILDREN_BYTES = 16 * 1024 * 1024;
/** Of the target's own id for what was made, in the event. */
const REF_CHARS = 500;

/**
 * Writes what became of deliveries, many in one transaction. The usual batch, all delivered, is one insert of one event
 * each. Resolves after the commit; writing the same settlement twice changes nothing.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #commits: GroupCommit<Settlement, undefined>;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#commits = new GroupCommit({
      maxBatch: MAX_BATCH,
      commit: (batch) => this.#commit(batch),
    });
  }

  /** Throws STORE_UNAVAILABLE: then nothing may be acknowledged, and it is settled again later. */
  settle(settlement: Settlement): Promise<void> {
    return this.#commits.submit(settlement);
  }

  drain(): Promise<void> {
    return this.#commits.drain();
  }

  async #commit(batch: readonly Settlement[]): Promise<readonly undefined[]> {
    try {
      await this.#write(batch);
    } catch (error) {
      const [settlement] = batch;
      // A batch is halved until the culprit is alone.
      if (settlement === undefined || batch.length > 1 || !isRefusedData(error)) throw error;
      const { message, route } = settlement.delivery;
      this.#options.log.warn(
        'the record of an attempt can not be stored; it is kept without what the target said',
        {
          message: message.id,
          route,
          error: String(error),
        },
      );
      await this.#write([bareSettlement(settlement)]);
    }
    return batch.map(() => undefined);
  }

  async #write(batch: readonly Settlement[]): Promise<void> {
    const { database, clock, onChildren } = this.#options;
    const events: AuditEvent[] = [];
    const failures: FailureRow[] = [];
    const resolved: { messageId: string; route: string }[] = [];
    const children: Arrival[] = [];
    for (const settlement of batch) this.#sort(settlement, { events, failures, resolved, children });
    await this.#withPartitions(batch, async () => {
      if (failures.length === 0 && resolved.length === 0 && children.length === 0) {
        await appendEvents(database.db, events);
        return;
      }
      await database.transaction(async (db) => {
        await appendEvents(db, events);
        if (resolved.length > 0) await resolveFailures(db, resolved);
        if (failures.length > 0) await recordFailures(db, failures);
        for (const chunk of chunksOf(children)) await insertArrivals(db, chunk, clock);
      });
      if (children.length > 0) onChildren();
    });
  }

  #sort(
    settlement: Settlement,
    into: {
      events: AuditEvent[];
      failures: FailureRow[];
      resolved: { messageId: string; route: string }[];
      children: Arrival[];
    },
  ): void {
    const { delivery, outcome, attempt, durationMs } = settlement;
    const { message, route } = delivery;
    const subject = { journeyId: message.journeyId, messageId: message.id, route };
    const final = (event: AuditEvent): void => {
      into.events.push(event);
      into.children.push(...settlement.children);
      // Only what was tried before can have a failure row.
      if (delivery.attempts > 0 || delivery.repeat) into.resolved.push({ messageId: message.id, route });
    };
    switch (outcome.kind) {
      case 'delivered':
        return final(
          createEvent(
            'delivered',
            { attempt, durationMs, ref: outcome.ref?.slice(0, REF_CHARS), revision: this.#options.revision },
            subject,
            this.#options.clock,
          ),
        );
      case 'filtered':
        return final(createEvent('filtered', { step: outcome.step }, subject, this.#options.clock));
      case 'split':
        return final(
          createEvent('split', { count: outcome.count, step: outcome.step }, subject, this.#options.clock),
        );
      case 'retry':
      case 'throttled':
      case 'in_doubt':
      case 'dead': {
        const { row, event } = failureFromOutcome(settlement, outcome, this.#options.clock);
        into.failures.push(row);
        into.events.push(event);
      }
    }
  }

  async #withPartitions(batch: readonly Settlement[], write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      for (const day of new Set(batch.map(({ delivery }) => timeOfId(delivery.message.journeyId))))
        await ensurePartitions(this.#options.database.db, day, 1);
      await write();
    }
  }
}

function* chunksOf(children: readonly Arrival[]): Iterable<readonly Arrival[]> {
  let chunk: Arrival[] = [];
  let bytes = 0;
  for (const child of children) {
    const full = chunk.length === CHILDREN_CHUNK || bytes + child.payload.length > CHILDREN_BYTES;
    if (full && chunk.length > 0) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(child);
    bytes += child.payload.length;
  }
  if (chunk.length > 0) yield chunk;
}
