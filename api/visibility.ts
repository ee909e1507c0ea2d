import { reaches } from '../core/access/index.ts';
import type { DomainScope } from '../core/access/index.ts';
import type { AcceptedMessage } from '../core/audit/index.ts';
import { CrossdockError } from '../core/model/errors.ts';

/** The domain that a mapping or a route belongs to: what stands before the first slash of its name. */
export function domainOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

/** A read model's `domains` condition: none for those who see all. */
export function domainsOf(scope: DomainScope): { readonly domains?: readonly string[] } {
  return scope === 'all' ? {} : { domains: scope };
}

/** Whether a message is any business of the scope's: as it came, or on one of its routes. The same rule as of lists. */
export function seesMessage(
  scope: DomainScope,
  message: Pick<AcceptedMessage, 'source' | 'routes'>,
): boolean {
  if (scope === 'all') return true;
  if (message.routes.some((route) => reaches(scope, domainOf(route)))) return true;
  const [connection, domain] = message.source.split('/');
  return connection !== 'topic' && domain !== undefined && reaches(scope, domain);
}

/** Routes of other domains are not shown, even of messages that are. */
export function withoutForeignRoutes<M extends { readonly routes: readonly string[] }>(
  scope: DomainScope,
  message: M,
): M {
  if (scope === 'all') return message;
  return { ...message, routes: message.routes.filter((route) => reaches(scope, domainOf(route))) };
}

/** What does not exist and what may not be seen look the same. */
export function notFound(what: string): CrossdockError {
  return new CrossdockError('NOT_FOUND', `There is no ${what}.`);
}

/** A query's times as milliseconds since the epoch, as the read models take them; the rest as it is. */
export function withPeriod<Q extends { readonly since?: string; readonly until?: string }>(
  query: Q,
): Omit<Q, 'since' | 'until'> & { readonly since?: number; readonly until?: number } {
  const { since, until, ...rest } = query;
  return {
    ...rest,
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
  };
}
