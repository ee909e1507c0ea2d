import { reaches } from '../../core/access/index.ts';
import type { DomainScope } from '../../core/access/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { ResponseOf, Route } from '../../core/http/server/index.ts';
import type { Project } from '../../core/language/index.ts';
import type { Clock } from '../../core/model/clock.ts';
import type { CheckResult } from '../../core/model/connector.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import type { ApiDeps, LiveConnection } from '../deps.ts';
import { notFound } from '../visibility.ts';
import { checkConnection, listConnections } from './contract.ts';

type ConnectionView = ResponseOf<typeof listConnections>['items'][number];

/** A check that hangs is a failed one. */
const CHECK_MS = 30_000;

/**
 * Connections. They belong to no domain: those see one whose mappings use it, and those who may do so on all domains
 * see all.
 */
export function connectionRoutes({ project, connections, clock }: ApiDeps): readonly Route[] {
  return [
    serve(listConnections, async ({ scope }) =>
      Promise.resolve({
        items: [...project.connections.values()]
          .filter(({ name }) => isVisible(project, name, scope))
          .map(({ name, connector, limits }): ConnectionView => {
            const live = connections.get(name);
            return {
              name,
              connector,
              mappings: users(project, name)
                .filter((mapping) => reaches(scope, mapping.domain))
                .map((mapping) => mapping.name),
              limits: {
                concurrency: limits.concurrency,
                ...(limits.rate !== undefined && { rate: limits.rate }),
                timeoutMs: limits.timeoutMs,
              },
              ...(live !== undefined && { breaker: breakerOf(live, clock) }),
            };
          }),
      }),
    ),

    serve(checkConnection, async ({ params: { name }, scope, signal }) => {
      const live = connections.get(name);
      if (!project.connections.has(name) || !isVisible(project, name, scope))
        throw notFound(`connection ${name}`);
      if (live === undefined)
        throw new CrossdockError('CONFLICT', `This process does not hold the connection ${name} open.`);
      const results = await checkInTime(live, clock, signal);
      return { name, ok: results.every((result) => result.ok), results };
    }),
  ];
}

function isVisible(project: Project, connection: string, scope: DomainScope): boolean {
  return scope === 'all' || users(project, connection).some((mapping) => reaches(scope, mapping.domain));
}

function users(project: Project, connection: string): readonly Mapping[] {
  return project.mappings.filter(
    ({ from, steps, targets }) =>
      (from.kind === 'connection' && from.connection === connection) ||
      steps.some((step) => step.kind === 'enrich' && step.connection === connection) ||
      targets.some(({ to }) => to.kind === 'action' && to.connection === connection),
  );
}

function breakerOf(
  { state, lastError, remainingMs }: LiveConnection,
  clock: Clock,
): ConnectionView['breaker'] {
  if (state === 'closed') return { state };
  return {
    state,
    ...(lastError !== undefined && { code: lastError.code, error: lastError.message }),
    ...(state === 'open' && { probeAt: new Date(clock.now() + remainingMs).toISOString() }),
  };
}

async function checkInTime(
  live: LiveConnection,
  clock: Clock,
  gone: AbortSignal,
): Promise<readonly CheckResult[]> {
  const late = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([late.signal, gone]);
  const tooLate = clock.sleep(CHECK_MS, done.signal).then(
    () => {
      late.abort(new Error('too late'));
      return [{ name: 'time', ok: false, detail: `No answer within ${CHECK_MS / 1_000} seconds.` }];
    },
    () => [],
  );
  try {
    return await Promise.race([live.connection.check(signal), tooLate]);
  } finally {
    done.abort();
  }
}
