import { CrossdockError } from '../model/errors.ts';
import { ACTIONS, isAction } from './actions.ts';
import type { Action } from './actions.ts';

/** Role name → the actions that it grants. */
export type Roles = ReadonlyMap<string, ReadonlySet<Action>>;

/** The roles that every hub has. Payloads are not a viewer's or an operator's: add `payload-reader` for those. */
const BUILT_IN_ROLES = {
  viewer: [
    'messages.list',
    'messages.read',
    'failures.list',
    'mappings.read',
    'connections.read',
    'health.read',
    'metrics.read',
  ],
  'payload-reader': ['messages.list', 'messages.read', 'messages.read-payload'],
  operator: [
    'messages.list',
    'messages.read',
    'failures.*',
    'mappings.read',
    'connections.*',
    'reconcile.*',
    'health.read',
    'metrics.read',
  ],
  auditor: [
    'messages.list',
    'messages.read',
    'failures.list',
    'audit.read',
    'audit.verify',
    'tokens.list',
    'reconcile.read',
  ],
  admin: ['*'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * The built-in roles and those of config/hub.yaml. Each lists actions; `failures.*` stands for all that begin so, `*`
 * for all. Throws CONFIG_INVALID for an unknown action or a built-in role's name.
 */
export function compileRoles(custom: Readonly<Record<string, readonly string[]>>): Roles {
  const roles = new Map<string, ReadonlySet<Action>>();
  for (const [name, granted] of Object.entries(BUILT_IN_ROLES)) roles.set(name, expand(name, granted));
  for (const [name, granted] of Object.entries(custom)) {
    if (roles.has(name))
      throw new CrossdockError('CONFIG_INVALID', `The role "${name}" is built in and can't be changed.`, {
        path: `roles.${name}`,
      });
    roles.set(name, expand(name, granted));
  }
  return roles;
}

function expand(role: string, granted: readonly string[]): ReadonlySet<Action> {
  const actions = new Set<Action>();
  for (const text of granted) {
    const found = actionsLike(text);
    if (found.length === 0)
      throw new CrossdockError('CONFIG_INVALID', `The role "${role}" grants the unknown action "${text}".`, {
        path: `roles.${role}`,
        details: { known: Object.keys(ACTIONS) },
      });
    for (const action of found) actions.add(action);
  }
  return actions;
}

function actionsLike(text: string): readonly Action[] {
  if (isAction(text)) return [text];
  const all = Object.keys(ACTIONS) as Action[];
  if (text === '*') return all;
  return text.endsWith('.*') ? all.filter((action) => action.startsWith(text.slice(0, -1))) : [];
}
