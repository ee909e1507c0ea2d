import { lowestIdAt } from './ids.ts';
import type { Db } from './database.ts';

/** The tables that are partitioned by day, on the UUIDv7 that their primary key begins with. */
const PARTITIONED = ['messages', 'payloads', 'events'] as const;
export type PartitionedTable = (typeof PARTITIONED)[number];

const DAY_MS = 86_400_000;
const LOCK_ID = 7_400_003;

export interface Partition {
  readonly table: PartitionedTable;
  /** `messages_20261122` */
  readonly name: string;
  /** Start of its day in UTC, milliseconds since the epoch; it ends a day later. */
  readonly day: number;
}

/** The first millisecond of the UTC day that `ms` lies in. */
export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** Ids of that day: `from` belongs to it, `to` no longer does. */
export function partitionBounds(day: number): { readonly from: string; readonly to: string } {
  return { from: lowestIdAt(day), to: lowestIdAt(day + DAY_MS) };
}

/**
 * Makes the partitions of `days` days from the day of `fromMs` on, in all partitioned tables, where they are missing.
 * Several processes may call it at once.
 */
export async function ensurePartitions(db: Db, fromMs: number, days: number): Promise<void> {
  const present = new Set((await listPartitions(db)).map((partition) => partition.name));
  for (let day = startOfDay(fromMs); day < startOfDay(fromMs) + days * DAY_MS; day += DAY_MS) {
    const { from, to } = partitionBounds(day);
    for (const table of PARTITIONED) {
      const name = partitionName(table, day);
      if (present.has(name)) continue;
      await db.transaction(async (trx) => {
        // `if not exists` is looked at before the table is locked: of two at once, the second would fail.
        await trx.raw('select pg_advisory_xact_lock(?)', [LOCK_ID]);
        // Identifiers and bounds are made here from numbers: nothing of the outside is in this text.
        await trx.raw(
          `create table if not exists ${name} partition of ${table} for values from ('${from}') to ('${to}')`,
        );
      });
    }
  }
}

/** All day partitions, oldest first. */
export async function listPartitions(db: Db): Promise<readonly Partition[]> {
  const { rows } = await db.raw<{ rows: { parent: string; name: string }[] }>(
    `select parent.relname as parent, child.relname as name
       from pg_inherits join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
      where parent.relname = any(?) and parent.relnamespace = current_schema()::regnamespace
      order by right(child.relname, 8), parent.relname`,
    [[...PARTITIONED]],
  );
  return rows.map(({ parent, name }) => ({ table: parent as PartitionedTable, name, day: dayOfName(name) }));
}

function partitionName(table: PartitionedTable, day: number): string {
  return `${table}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function dayOfName(name: string): number {
  const digits = name.slice(-8);
  return Date.UTC(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)) - 1, Number(digits.slice(6, 8)));
}
