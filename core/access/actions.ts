/**
 * All that can be done through the API, and who may be asked for it. `domain`: a grant on some domains is enough, and
 * only what belongs to those is shown or touched. `hub`: concerns all domains, so the grant must be on `*`.
 * `self`: every known principal may.
 */
export const ACTIONS = {
  'self.read': { scope: 'self', summary: 'See who one is and what the API offers' },
  'messages.list': { scope: 'domain', summary: 'List and search messages, without their payloads' },
  'messages.read': { scope: 'domain', summary: 'See one message and its journey, without payloads' },
  'messages.read-payload': { scope: 'domain', summary: 'Read what messages carry; each reading is audited' },
  'failures.list': { scope: 'domain', summary: 'List, group and see failures' },
  'failures.retry': { scope: 'domain', summary: 'Send failed deliveries again' },
  'failures.reschedule': { scope: 'domain', summary: 'Hurry or postpone retries' },
  'failures.edit': { scope: 'domain', summary: 'Replace the body that a failed delivery is retried with' },
  'failures.discard': { scope: 'domain', summary: 'Give failed deliveries up' },
  'mappings.read': { scope: 'domain', summary: 'See mappings and their routes' },
  'connections.read': { scope: 'domain', summary: 'See connections and their breakers, without secrets' },
  'connections.check': { scope: 'domain', summary: 'Prove address, credentials and rights of a connection' },
  'tokens.list': { scope: 'hub', summary: 'List tokens, without their secrets' },
  'tokens.create': { scope: 'hub', summary: 'Make tokens that may do no more than oneself' },
  'tokens.revoke': { scope: 'hub', summary: 'Revoke tokens' },
  'audit.read': { scope: 'domain', summary: 'Read the audit log' },
  'audit.verify': { scope: 'hub', summary: 'Prove that the audit log is what was written' },
  'reconcile.read': { scope: 'hub', summary: 'Prove that nothing was lost' },
  'reconcile.redrive': { scope: 'hub', summary: 'Send what is stuck again' },
  'health.read': { scope: 'hub', summary: 'See the state of all parts in detail' },
  'metrics.read': { scope: 'hub', summary: 'Read /metrics' },
} as const satisfies Readonly<Record<string, { scope: ActionScope; summary: string }>>;

/** Whose concern an action is; see ACTIONS. */
export type ActionScope = 'domain' | 'hub' | 'self';

/** The name of an action: what a route declares, a role grants and a refusal names. */
export type Action = keyof typeof ACTIONS;

/** Narrows a text of a config file or a request. */
export function isAction(text: string): text is Action {
  return Object.hasOwn(ACTIONS, text);
}
