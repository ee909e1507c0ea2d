import { ACTIONS, compileRoles } from '../../core/access/index.ts';
import { code, prose, sections, table } from './markdown.ts';

const SCOPES = {
  domain: 'its domains',
  hub: 'the whole hub',
  self: 'everybody who is known',
} as const;

/** Actions × built-in roles. */
export function rolesPage(): string {
  const roles = compileRoles({});
  const names = [...roles.keys()];
  return sections(
    '# Roles and actions',
    'A token has grants: a role, and the domains it holds on. What concerns the whole hub needs a grant on all domains (`*`). Further roles are made in `roles` of `config/hub.yaml`; see [security](../security.md).',
    table(
      ['Action', 'On', ...names.map(code), 'What it allows'],
      Object.entries(ACTIONS).map(([action, { scope, summary }]) => [
        code(action),
        SCOPES[scope],
        ...names.map((name) =>
          scope === 'self' || roles.get(name)?.has(action as keyof typeof ACTIONS) === true ? '✓' : '',
        ),
        prose(summary),
      ]),
    ),
  );
}
