import { appendEvents, createEvent } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../model/logger.ts';
import { query } from '../store/index.ts';
import type { Database } from '../store/index.ts';
import type { Action } from './actions.ts';
import { reaches, scopeOf } from './principal.ts';
import type { DomainScope, Grant, Principal } from './principal.ts';
import type { Roles } from './roles.ts';
import { parseSecret, sameHash } from './secret.ts';

/** Decides who asks and what they may do; every refusal is written to the audit log. */
export interface Authorizer {
  readonly roles: Roles;
  /**
   * Who sends this `Authorization` header; undefined when nobody known does. What it says may be up to 5 s old, so
   * that is how long a revoked token lives on. Throws STORE_UNAVAILABLE.
   */
  identify(authorization: string | undefined): Promise<Principal | undefined>;
  /** Where the principal may do the action. */
  scope(principal: Principal, action: Action): DomainScope;
  /** Whether the principal may do the action on that domain; without one, on any. */
  permits(principal: Principal, action: Action, domain?: string): boolean;
  /** Notes a refusal in the audit log: each kind once a minute, and 60 in a minute at most, so that nobody floods it. */
  refused(principal: Principal | undefined, action: Action, on?: string): Promise<void>;
}

export interface AuthorizerOptions {
  readonly database: Database;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Known {
  readonly principal: Principal | undefined;
  readonly until: number;
}

interface TokenRow {
  readonly name: string;
  readonly hash: Uint8Array;
  readonly grants: readonly Grant[];
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
}

const KNOWN_MS = 5_000;
const KNOWN_MAX = 1_000;
const MINUTE_MS = 60_000;
const REFUSALS_PER_MINUTE = 60;

/** The authorizer over the hub's tokens. */
export function createAuthorizer({ database, roles, clock, log }: AuthorizerOptions): Authorizer {
  const known = new Map<string, Known>();
  const refusals = { since: clock.monotonic(), seen: new Set<string>() };

  const look = async (id: string, hash: Uint8Array): Promise<Principal | undefined> => {
    const now = new Date(clock.now());
    const [row] = await query<TokenRow>(
      database.db,
      `select name, hash, grants, expires_at, last_used_at from tokens
        where id = ? and revoked_at is null and (expires_at is null or expires_at > ?)`,
      [id, now],
    );
    if (row === undefined || !sameHash(row.hash, hash)) return undefined;
    if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= MINUTE_MS)
      await query(database.db, 'update tokens set last_used_at = ? where id = ?', [now, id]);
    return { kind: 'token', id, name: row.name, grants: row.grants };
  };

  return {
    roles,
    identify: async (authorization) => {
      const text = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      const secret = text === undefined ? undefined : parseSecret(text);
      if (secret === undefined) return undefined;
      // The hash, so that no secret stays in memory.
      const key = secret.hash.toString('base64');
      const now = clock.monotonic();
      const cached = known.get(key);
      if (cached !== undefined && cached.until > now) return cached.principal;
      const principal = await look(secret.id, secret.hash);
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(key, { principal, until: now + KNOWN_MS });
      return principal;
    },
    scope: (principal, action) => scopeOf(roles, principal, action),
    permits: (principal, action, domain) => reaches(scopeOf(roles, principal, action), domain),
    refused: async (principal, action, on) => {
      const now = clock.monotonic();
      if (now - refusals.since >= MINUTE_MS) {
        refusals.since = now;
        refusals.seen.clear();
      }
      const by = principal?.name ?? 'nobody known';
      const kind = JSON.stringify([principal?.id, action, on]);
      if (refusals.seen.has(kind) || refusals.seen.size >= REFUSALS_PER_MINUTE) return;
      refusals.seen.add(kind);
      try {
        const data = { by, action, ...(on !== undefined && { on }) };
        await appendEvents(database.db, [createEvent('denied', data, {}, clock)]);
      } catch (error) {
        // The refusal itself stands; what could not be written is at least in the log.
        log.warn('a refusal could not be audited', { by, action, error: String(error) });
      }
    },
  };
}
