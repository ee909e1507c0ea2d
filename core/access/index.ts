export { ACTIONS } from './actions.ts';
export type { Action, ActionScope } from './actions.ts';
export { createAuthorizer } from './authorizer.ts';
export type { Authorizer, AuthorizerOptions } from './authorizer.ts';
export { mayGrant, reaches, scopeOf } from './principal.ts';
export type { DomainScope, Grant, Principal } from './principal.ts';
export { compileRoles } from './roles.ts';
export type { Roles } from './roles.ts';
export {
  createToken,
  ensureAdminToken,
  findToken,
  listTokens,
  newAdminToken,
  revokeToken,
} from './tokens.ts';
export type { NewToken, TokenView } from './tokens.ts';
