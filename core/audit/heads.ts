import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { blockName } from './check-block.ts';
import type { Finding } from './check-block.ts';

/** A block that was the last of its chain at some time. Who keeps it elsewhere holds everything before it in place. */
export interface Head {
  readonly chain: number;
  readonly seq: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

interface HeadRow {
  readonly chain: number;
  readonly seq: string;
  readonly hash: string;
  /** What the chain's own row says: the same. */
  readonly noted: boolean;
}

/** The last block of every chain, in the order of the chains; and those that are not what the chain's own row says. */
export async function readHeads(
  db: Db,
): Promise<{ readonly heads: readonly Head[]; readonly findings: readonly Finding[] }> {
  // From one chain to the next by the index, not by looking at every block.
  const rows = await query<HeadRow>(
    db,
    `with recursive present(chain) as (
       select min(chain) from blocks
       union all
       select (select min(chain) from blocks where chain > present.chain) from present where chain is not null
     ), known as (
       select chain from present where chain is not null union select id from chains
     )
     select known.chain, coalesce(last.seq, 0) as seq, encode(coalesce(last.hash, ''), 'hex') as hash,
            coalesce(c.seq = last.seq and c.hash = last.hash, false) as noted
       from known left join chains c on c.id = known.chain
       left join lateral (select seq, hash from blocks where chain = known.chain order by seq desc limit 1) last on true
      order by known.chain`,
  );
  const heads = rows.map(({ chain, seq, hash, noted }) => ({ chain, seq: Number(seq), hash, noted }));
  return {
    heads: heads.filter(({ seq }) => seq > 0).map(({ chain, seq, hash }) => ({ chain, seq, hash })),
    findings: heads
      .filter(({ noted }) => !noted)
      .map((head) => ({
        kind: 'head_differs',
        block: blockName(head),
        text: `chain ${head.chain} ends at block ${blockName(head)}, which is not its last one: blocks after it are gone`,
      })),
  };
}

/** Those of the kept heads whose block is gone or is another one now. */
export async function checkKept(db: Db, kept: readonly Head[]): Promise<readonly Finding[]> {
  if (kept.length === 0) return [];
  const rows = await query<{ chain: number; seq: string; there: boolean }>(
    db,
    `select kept.chain, kept.seq, b.chain is not null as there
       from unnest(?::integer[], ?::bigint[], ?::text[]) as kept(chain, seq, hash)
       left join blocks b on b.chain = kept.chain and b.seq = kept.seq
      where b.hash is distinct from decode(kept.hash, 'hex')`,
    [kept.map(({ chain }) => chain), kept.map(({ seq }) => seq), kept.map(({ hash }) => hash)],
  );
  return rows.map(({ chain, seq, there }) => {
    const block = blockName({ chain, seq: Number(seq) });
    return {
      kind: 'head_unknown',
      block,
      text: there
        ? `block ${block} is not the one that was kept: it, or what is before it, was written anew`
        : `block ${block} was kept and is gone`,
    };
  });
}
