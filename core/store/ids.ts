import { createHash, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from '../model/clock.ts';

let lastMs = 0;
let sequence = 0;

// Random bytes are asked for in bulk: asking for 16 costs as much as asking for thousands.
const pool = Buffer.alloc(16 * 512);
let used = pool.length;

function random16(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

/** A UUIDv7 (RFC 9562) of the clock's time; ids made one after the other by a process are in order. */
export function newId(clock: Clock): string {
  const ms = clock.now();
  const random = random16();
  // From a random start in each millisecond: processes that count from 0 would share most of what tells their ids apart.
  sequence = ms === lastMs ? (sequence + 1) >>> 0 : random.readUInt32BE() >>> 1;
  lastMs = ms;
  return v7({ msecs: ms, seq: sequence, random });
}

/**
 * The id of what descends from a message: the same for the same parent and parts, however often it is made (a split
 * that runs twice makes the same children), and with the parent's time bits, so that the journey stays in one partition.
 */
export function descendantId(parentId: string, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([parentId, ...parts]))
    .digest();
  hash[0] = 0x70 | ((hash[0] as number) & 0x0f);
  hash[2] = 0x80 | ((hash[2] as number) & 0x3f);
  const hex = hash.toString('hex', 0, 10);
  return `${parentId.slice(0, 14)}${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 20)}`;
}

/** The milliseconds since the epoch in a UUIDv7. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The smallest UUID of this millisecond: a half-open range of ids is a half-open range of time. */
export function lowestIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
