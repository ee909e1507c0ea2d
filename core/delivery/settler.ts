import { appendEvents } from '../audit/index.ts';
import { insertArrivals } from '../intake/index.ts';
import type { Arrival } from '../intake/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import { recordFailures, resolveFailures } from '../recovery/index.ts';
import type { Database } from '../store/index.ts';
import {
  ensurePartitions,
  GroupCommit,
  isMissingPartition,
  isRefusedData,
  timeOfId,
} from '../store/index.ts';
import { bareSettlement } from './bare-settlement.ts';
import { recordOf } from './record.ts';
import type { SettlementRecord } from './record.ts';
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
/**
 * Writes what became of deliveries, many in one transaction. The usual batch, all delivered, is one insert of one event
 * each. Resolves after the commit.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #commits: GroupCommit<SettlementRecord, undefined>;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#commits = new GroupCommit({
      maxBatch: MAX_BATCH,
      commit: (batch) => this.#commit(batch),
    });
  }

  /** What `settle` writes of a settlement. */
  record(settlement: Settlement): SettlementRecord {
    const { revision, clock } = this.#options;
    try {
      return recordOf(settlement, revision, clock);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      return this.#bareRecord(settlement, error);
    }
  }

  /**
   * Throws STORE_UNAVAILABLE, and what else keeps the store from writing: then nothing may be acknowledged, and the same
   * record is settled again later.
   */
  settle(record: SettlementRecord): Promise<void> {
    return this.#commits.submit(record);
  }

  drain(): Promise<void> {
    return this.#commits.drain();
  }

  async #commit(batch: readonly SettlementRecord[]): Promise<readonly undefined[]> {
    try {
      await this.#write(batch);
    } catch (error) {
      const [record] = batch;
      // A batch is halved until the culprit is alone.
      if (record === undefined || batch.length > 1 || !isRefusedData(error)) throw error;
      await this.#write([this.#bareRecord(record.settlement, error)]);
    }
    return batch.map(() => undefined);
  }

  #bareRecord(settlement: Settlement, reason: unknown): SettlementRecord {
    const { revision, clock, log } = this.#options;
    const { message, route } = settlement.delivery;
    log.warn('the record of an attempt can not be stored; it is kept without what the target said', {
      message: message.id,
      route,
      error: String(reason),
    });
    return recordOf(bareSettlement(settlement), revision, clock);
  }

  async #write(batch: readonly SettlementRecord[]): Promise<void> {
    const { database, clock, onChildren } = this.#options;
    const events = batch.map(({ event }) => event);
    const failures = batch.flatMap(({ failure }) => failure ?? []);
    const resolved = batch.flatMap((record) => record.resolved ?? []);
    const children = batch.flatMap((record) => record.children);
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

  async #withPartitions(batch: readonly SettlementRecord[], write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      for (const day of new Set(
        batch.map(({ settlement }) => timeOfId(settlement.delivery.message.journeyId)),
      ))
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
