import { ACTIONS } from './actions.ts';
import type { Action } from './actions.ts';
import type { Roles } from './roles.ts';

/** A role on some domains. */
export interface Grant {
  readonly role: string;
  /** `*` for all, or `<domain>/*` for the mappings below one. */
  readonly domains: readonly string[];
}

/** Who asks: a token for now. */
export interface Principal {
  readonly kind: 'token';
  readonly id: string;
  /** What the audit log calls it. */
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** The domains that an action is allowed on: all, or the named ones (none: not allowed at all). */
export type DomainScope = 'all' | readonly string[];

/** Where a principal may do an action. Roles that are no longer configured grant nothing. */
export function scopeOf(roles: Roles, principal: Principal, action: Action): DomainScope {
  if (ACTIONS[action].scope === 'self') return 'all';
  const domains = new Set<string>();
  for (const grant of principal.grants) {
    if (roles.get(grant.role)?.has(action) !== true) continue;
    for (const pattern of grant.domains) {
      if (pattern === '*') return 'all';
      domains.add(pattern.slice(0, pattern.indexOf('/')));
    }
  }
  return ACTIONS[action].scope === 'hub' ? [] : [...domains];
}

/** Whether a scope reaches one domain; without one, whether it reaches anything. */
export function reaches(scope: DomainScope, domain?: string): boolean {
  if (scope === 'all') return true;
  return domain === undefined ? scope.length > 0 : scope.includes(domain);
}

/** Whether the principal itself may do, everywhere, what it wants to grant: nobody gives more than they have. */
export function mayGrant(roles: Roles, principal: Principal, grant: Grant): boolean {
  const actions = roles.get(grant.role);
  if (actions === undefined) return false;
  return [...actions].every((action) => {
    const own = scopeOf(roles, principal, action);
    if (own === 'all') return true;
    if (ACTIONS[action].scope === 'hub') return !grant.domains.includes('*');
    return grant.domains.every(
      (pattern) => pattern !== '*' && own.includes(pattern.slice(0, pattern.indexOf('/'))),
    );
  });
}
