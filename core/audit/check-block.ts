import type { AuditEvent, FINDINGS } from '../model/event.ts';
import { blockHash, leafOf, NO_BLOCK, rootOf } from './seal.ts';
import type { Block } from './seal.ts';

/** One place where the audit log is not what was written. */
export interface Finding {
  readonly kind: (typeof FINDINGS)[number];
  /** `3/1204`: the 1204th block of chain 3. */
  readonly block?: string;
  readonly eventId?: string;
  /** A sentence for people. */
  readonly text: string;
}

/** A block as it stands in the database. */
export interface StoredBlock extends Block {
  readonly hash: string;
  /** `hash` of the one before it in its chain, as it stands there. */
  readonly before?: string;
}

/** An event as it stands in the database, with the hash of what was written. */
export interface SealedEvent {
  readonly event: AuditEvent;
  readonly leaf: string;
}

/** How findings name a block. */
export function blockName({ chain, seq }: Pick<Block, 'chain' | 'seq'>): string {
  return `${chain}/${seq}`;
}

/** Whether a block is what was written, and follows the one before it. */
export function checkBlock(stored: StoredBlock): readonly Finding[] {
  const block = blockName(stored);
  const findings: Finding[] = [];
  if (blockHash(stored) !== stored.hash)
    findings.push({ kind: 'block_changed', block, text: `block ${block} was changed after it was written` });
  const before = stored.seq === 1 ? NO_BLOCK : stored.before;
  const previous = blockName({ chain: stored.chain, seq: stored.seq - 1 });
  if (before === undefined)
    findings.push({ kind: 'block_missing', block: previous, text: `block ${previous} is gone` });
  else if (before !== stored.prev)
    findings.push({
      kind: 'link_broken',
      block,
      text: `block ${block} was written after another one than is before it now`,
    });
  return findings;
}

/** Whether a block's events, in the order of their ids, are those that it was written with. */
export function checkEvents(stored: StoredBlock, events: readonly SealedEvent[]): readonly Finding[] {
  const block = blockName(stored);
  const findings: Finding[] = events
    .filter(({ event, leaf }) => leafOf(event) !== leaf)
    .map(({ event: { id, type } }) => ({
      kind: 'event_changed',
      block,
      eventId: id,
      text: `event ${id} (${type}) of block ${block} was changed after it was written`,
    }));
  if (rootOf(events.map(({ leaf }) => leaf)) !== stored.root)
    findings.push({
      kind: 'events_differ',
      block,
      text:
        `block ${block} of ${new Date(stored.at).toISOString()} has not the events that it was written with: ` +
        `it had ${stored.size}, it has ${events.length}`,
    });
  return findings;
}

/** Events of a block that is not there: its row was deleted, or they were never written by a hub. */
export function unsealed(events: readonly SealedEvent[]): readonly Finding[] {
  return events.map(({ event: { id, type } }) => ({
    kind: 'event_unsealed',
    eventId: id,
    text: `event ${id} (${type}) belongs to no block: the block was deleted, or the event was not written by a hub`,
  }));
}
