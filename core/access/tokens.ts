import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import type { Grant } from './principal.ts';
import { newSecret } from './secret.ts';

/** A token as it is shown: everything but its secret. Times are ISO 8601 UTC. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt?: string;
  /** To the minute. */
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
}

export interface NewToken {
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly createdBy: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds since the epoch; without it the token lives until it is revoked. */
  readonly expiresAt?: number;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, name, grants, created_at, created_by, expires_at, last_used_at, revoked_at';

/** Stores a new token and resolves with it and its secret, which nobody can read again. */
export async function createToken(db: Db, token: NewToken): Promise<TokenView & { readonly token: string }> {
  const secret = newSecret();
  const [row] = await query<TokenRow>(
    db,
    `insert into tokens (id, name, hash, grants, created_at, created_by, expires_at)
     values (?, ?, ?, ?::jsonb, ?, ?, ?) returning ${COLUMNS}`,
    [
      secret.id,
      token.name,
      secret.hash,
      JSON.stringify(token.grants),
      new Date(token.now),
      token.createdBy,
      token.expiresAt === undefined ? null : new Date(token.expiresAt),
    ],
  );
  return { ...view(row as TokenRow), token: secret.text };
}

/** All tokens, the newest first; revoked and expired ones too. */
export async function listTokens(db: Db): Promise<readonly TokenView[]> {
  const rows = await query<TokenRow>(db, `select ${COLUMNS} from tokens order by created_at desc, id`);
  return rows.map(view);
}

/** One token; undefined when there is none with this id. */
export async function findToken(db: Db, id: string): Promise<TokenView | undefined> {
  const [row] = await query<TokenRow>(db, `select ${COLUMNS} from tokens where id = ?`, [id]);
  return row && view(row);
}

/** Ends a token. Resolves with it, or with undefined when there is none; one that is revoked stays as it is. */
export async function revokeToken(db: Db, id: string, now: number): Promise<TokenView | undefined> {
  const [row] = await query<TokenRow>(
    db,
    `update tokens set revoked_at = coalesce(revoked_at, ?) where id = ? returning ${COLUMNS}`,
    [new Date(now), id],
  );
  return row && view(row);
}

/**
 * The first token of a hub: an admin on all domains, made when no usable token may make others. Resolves with its
 * secret, for the caller to show and keep, or with undefined when there is one already. Several processes may ask
 * at the same time: one gets it.
 */
export async function ensureAdminToken(db: Db, now: number): Promise<string | undefined> {
  return db.transaction(async (trx) => {
    await query(trx, 'lock table tokens in share row exclusive mode');
    const rows = await query(
      trx,
      `select 1 from tokens
        where revoked_at is null and (expires_at is null or expires_at > ?)
          and grants @> '[{"role": "admin", "domains": ["*"]}]'::jsonb limit 1`,
      [new Date(now)],
    );
    if (rows.length > 0) return undefined;
    return newAdminToken(trx, now);
  });
}

/** Makes a token with the role admin on all domains; resolves with its secret. */
export async function newAdminToken(db: Db, now: number): Promise<string> {
  const made = await createToken(db, {
    name: 'admin',
    grants: [{ role: 'admin', domains: ['*'] }],
    createdBy: 'crossdock',
    now,
  });
  return made.token;
}

function view(row: TokenRow): TokenView {
  return {
    id: row.id,
    name: row.name,
    grants: row.grants,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.revoked_at && { revokedAt: row.revoked_at.toISOString() }),
  };
}
