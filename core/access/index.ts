export { ACTIONS, isAction } from './actions.ts';
export type { Action, ActionScope } from './actions.ts';
export { DOMAIN_PATTERN, mayGrant, reaches, scopeOf } from './principal.ts';
export type { DomainScope, Grant, Principal } from './principal.ts';
export { BUILT_IN_ROLES, compileRoles } from './roles.ts';
export type { Roles } from './roles.ts';
