import { hash } from 'node:crypto';
import type { AuditEvent } from '../model/event.ts';
import { jsonText } from './json-text.ts';

/** A batch of events as its row in `blocks` has it. Hashes are SHA-256, here in hex. */
export interface Block {
  readonly chain: number;
  /** From 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The UTC day of its events' partition: `2026-03-01`. */
  readonly day: string;
  /** How many events it was written with. */
  readonly size: number;
  /** `hash` of the block before it in its chain; NO_BLOCK for the first one. */
  readonly prev: string;
  /** `rootOf` its events' leaves, in the order of the events' ids. */
  readonly root: string;
}

/** What the first block of a chain comes after. */
export const NO_BLOCK = '0'.repeat(64);

// A byte before what is hashed says what it is, so that nothing of one kind passes for another (as in RFC 6962, 2.1).
const LEAF = '\u0000';
const ROOT = '01';
const BLOCK = '\u0002';

/**
 * The hash of an event: of 0x00 and its fields as a JSON array in UTF-8, with the members of objects sorted by name. The
 * same for an event that is about to be written and for what comes back of it from the database.
 */
export function leafOf(event: AuditEvent): string {
  const { id, at, journeyId, messageId, route, type, data } = event;
  const textOf = (kept: unknown): string =>
    JSON.stringify([
      id,
      at,
      journeyId,
      messageId ?? null,
      route ?? null,
      type,
      isSorted(kept) ? kept : sorted(kept),
    ]);
  const text = textOf(data);
  // The data as the database keeps it: where there is an escape, some characters may not be kept.
  return sha256(LEAF + (text.includes('\\u') ? textOf(JSON.parse(jsonText(data))) : text));
}

/** The hash of 0x01 and the leaves one after the other. */
export function rootOf(leaves: readonly string[]): string {
  return sha256(Buffer.from(ROOT + leaves.join(''), 'hex'));
}

/** The hash of a block: of 0x02 and the text `chain seq at day size prev root`. `BLOCK_HASH_SQL` is the same. */
export function blockHash({ chain, seq, at, day, size, prev, root }: Block): string {
  return sha256(`${BLOCK}${chain} ${seq} ${at} ${day} ${size} ${prev} ${root}`);
}

/** `rootOf` in SQL, over rows of id and leaf. */
export const ROOT_SQL = `sha256('\\x01'::bytea || string_agg(leaf, ''::bytea order by id))`;

/** `blockHash` in SQL, over columns as in `blocks`. */
export const BLOCK_HASH_SQL = `sha256('\\x02'::bytea || convert_to(concat_ws(' ', chain, seq,
  (extract(epoch from at) * 1000)::bigint, to_char(day, 'YYYY-MM-DD'), size, encode(prev, 'hex'), encode(root, 'hex')), 'UTF8'))`;

function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** Most data is written in order as it is: then nothing needs to be copied. */
function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const name in value) {
    if (name < last || !isSorted((value as Record<string, unknown>)[name])) return false;
    last = name;
  }
  return true;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  // Without a prototype, where a member called __proto__ is one like any other.
  const result = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value).sort()) result[name] = sorted((value as typeof result)[name]);
  return result;
}
