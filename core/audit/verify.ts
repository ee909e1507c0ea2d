import { listPartitions, query } from '../store/index.ts';
import type { Database, Db } from '../store/index.ts';
import { checkBlock, checkEvents, unsealed } from './check-block.ts';
import type { Finding, SealedEvent, StoredBlock } from './check-block.ts';
import { checkKept, readHeads } from './heads.ts';
import type { Head } from './heads.ts';
import { EVENT_COLUMNS, eventOf } from './read-events.ts';
import type { EventRow } from './read-events.ts';

export interface VerifyOptions {
  /** Only blocks from this time on; milliseconds since the epoch. What came before them is taken as it is. */
  readonly since?: number;
  /** `next` of the page before; overrules `since`. */
  readonly after?: string;
  /** Blocks at most. Default 500; there may be fewer on a page, because events count too. */
  readonly limit?: number;
  /** Heads that were kept elsewhere: these blocks must still be there. */
  readonly kept?: readonly Head[];
  /** Days that end before or at this time may have been dropped by retention; milliseconds since the epoch. */
  readonly keptSince: number;
}

/** What a page of blocks gave. */
export interface Verification {
  readonly blocks: number;
  readonly events: number;
  /** Blocks whose events have been dropped by retention: only their place in the chain was looked at. */
  readonly expired: number;
  readonly findings: readonly Finding[];
  /** There is more. */
  readonly next?: string;
  /** The last block of each chain, to be kept elsewhere; on the last page. */
  readonly heads?: readonly Head[];
}

/** An id of a block, as text because it may be larger than a number holds. */
type BlockId = string;

const DEFAULT_LIMIT = 500;
/** A page ends with the block that reaches it. */
const MAX_EVENTS = 20_000;
const BEFORE_ALL: BlockId = '-9223372036854775808';
const DAY_MS = 86_400_000;

/**
 * Compares a page of the audit log with its blocks, oldest first, in one snapshot: hubs may go on writing. Finds events
 * that were changed, added or deleted, and blocks. It can't see the work of somebody who made all hashes anew or cut
 * off the end with its traces: for that, give it heads that this person could not reach.
 */
export function verifyAudit(database: Database, options: VerifyOptions): Promise<Verification> {
  return database.transaction(async (db) => {
    await query(db, 'set transaction isolation level repeatable read, read only');
    const from = options.after ?? (await startOf(db, options.since));
    const { blocks, next } = await readBlocks(db, from, options.limit ?? DEFAULT_LIMIT);
    const sealed = await readSealed(db, from, next);
    const findings = [...(await checkKept(db, options.kept ?? [])), ...unsealed(strangers(blocks, sealed))];
    const partitions = await listPartitions(db);
    const days = new Set(partitions.filter(({ table }) => table === 'events').map(({ day }) => day));
    const missing = new Set<string>();
    let expired = 0;
    for (const [id, block] of blocks) {
      const day = Date.parse(block.day);
      const events = sealed.get(id) ?? [];
      findings.push(...checkBlock(block));
      if (days.has(day) || events.length > 0) findings.push(...checkEvents(block, events));
      else if (day + DAY_MS <= options.keptSince) expired += 1;
      else missing.add(block.day);
    }
    findings.push(...[...missing].map(dayMissing));
    const events = [...sealed.values()].reduce((sum, { length }) => sum + length, 0);
    const page = { blocks: blocks.size, events, expired };
    if (next !== undefined) return { ...page, findings, next };
    const end = await readHeads(db);
    return { ...page, findings: [...findings, ...end.findings], heads: end.heads };
  });
}

/** The block after which the page begins. */
async function startOf(db: Db, since: number | undefined): Promise<BlockId> {
  if (since === undefined) return BEFORE_ALL;
  const [row] = await query<{ id: BlockId | null }>(
    db,
    'select coalesce((select min(id) - 1 from blocks where at >= ?), (select max(id) from blocks)) as id',
    [new Date(since)],
  );
  return row?.id ?? BEFORE_ALL;
}

// In the order of their ids, which is the order of each chain as well: an id is given out while the chain is locked.
async function readBlocks(
  db: Db,
  from: BlockId,
  limit: number,
): Promise<{ readonly blocks: ReadonlyMap<BlockId, StoredBlock>; readonly next?: BlockId }> {
  const rows = await query<
    Omit<StoredBlock, 'seq' | 'at' | 'before'> & {
      readonly id: BlockId;
      readonly seq: string;
      readonly at: Date;
      readonly before: string | null;
    }
  >(
    db,
    `select b.id, b.chain, b.seq, b.at, to_char(b.day, 'YYYY-MM-DD') as day, b.size,
            encode(b.prev, 'hex') as prev, encode(b.root, 'hex') as root, encode(b.hash, 'hex') as hash,
            encode(p.hash, 'hex') as before
       from blocks b left join blocks p on p.chain = b.chain and p.seq = b.seq - 1
      where b.id > ?::bigint order by b.id limit ?`,
    [from, limit + 1],
  );
  const blocks = new Map<BlockId, StoredBlock>();
  let events = 0;
  for (const { id, seq, at, before, ...row } of rows) {
    if (blocks.size === limit || events >= MAX_EVENTS) return { blocks, next: [...blocks.keys()].at(-1) };
    blocks.set(id, { ...row, seq: Number(seq), at: at.getTime(), ...(before !== null && { before }) });
    events += row.size;
  }
  return { blocks };
}

/** The events of all blocks after `from` up to `to`, whether these blocks exist or not. */
async function readSealed(
  db: Db,
  from: BlockId,
  to: BlockId | undefined,
): Promise<ReadonlyMap<BlockId, readonly SealedEvent[]>> {
  const rows = await query<EventRow & { readonly block: BlockId; readonly leaf: string }>(
    db,
    `select ${EVENT_COLUMNS}, encode(e.leaf, 'hex') as leaf, e.block from events e
      where e.block > ?::bigint and e.block <= ?::bigint order by e.block, e.id`,
    [from, to ?? '9223372036854775807'],
  );
  const ofBlock = Map.groupBy(rows, ({ block }) => block);
  return new Map(
    [...ofBlock].map(([id, ofIt]) => [id, ofIt.map((row) => ({ event: eventOf(row), leaf: row.leaf }))]),
  );
}

function strangers(
  blocks: ReadonlyMap<BlockId, StoredBlock>,
  sealed: ReadonlyMap<BlockId, readonly SealedEvent[]>,
): readonly SealedEvent[] {
  return [...sealed].flatMap(([id, events]) => (blocks.has(id) ? [] : events));
}

function dayMissing(day: string): Finding {
  return {
    kind: 'day_missing',
    text: `the events of ${day} are gone, though they are not yet past their retention`,
  };
}
