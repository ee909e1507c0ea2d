import type { Gate } from '../core/delivery/index.ts';
import { compileArrive, pullForFire } from '../core/intake/index.ts';
import type { Arrive, ScheduledJob } from '../core/intake/index.ts';
import type { Project } from '../core/language/index.ts';
import type { Metrics } from '../core/metrics/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Puller, Receiver } from '../core/model/connector.ts';
import { CrossdockError } from '../core/model/errors.ts';
import type { Logger } from '../core/model/logger.ts';
import { routeName, sourceName } from '../core/model/mapping.ts';
import type { Mapping, Schedule } from '../core/model/mapping.ts';
import type { Database } from '../core/store/index.ts';

/** How the messages of one mapping come in. Topics are fed from inside and have none. */
export type CompiledSource = {
  readonly mapping: Mapping;
  readonly source: string;
  readonly arrive: Arrive;
} & (
  | { readonly kind: 'push'; readonly receive: Receiver }
  | { readonly kind: 'pull'; readonly pull: Puller; readonly schedule: Schedule }
);

/** Prepares the sources of all mappings, by the mapping's name. */
export function compileSources(
  project: Project,
  gates: ReadonlyMap<string, Gate>,
): ReadonlyMap<string, CompiledSource> {
  return new Map(
    project.mappings.flatMap((mapping) => {
      const compiled = compileSource(project, mapping, gates);
      return compiled === undefined ? [] : [[mapping.name, compiled] as const];
    }),
  );
}

function compileSource(
  project: Project,
  mapping: Mapping,
  gates: ReadonlyMap<string, Gate>,
): CompiledSource | undefined {
  const { from } = mapping;
  if (from.kind === 'topic') return undefined;
  const connection = gates.get(from.connection)?.connection;
  const routes = mapping.targets.map((target) => routeName(mapping.name, target.name));
  const options = { routes, revision: project.revision, limits: project.hub.limits.expression };
  const common = { mapping, source: sourceName(mapping) };
  if (from.schedule === undefined) {
    const receive = connection?.receive?.(from.source, from.options);
    if (receive === undefined)
      throw new CrossdockError(
        'CONFIG_INVALID',
        `${mapping.name}: the source ${from.source} of ${from.connection} can not receive requests`,
      );
    return {
      ...common,
      kind: 'push',
      receive,
      arrive: compileArrive(mapping, { ...options, idRequired: true }),
    };
  }
  const pull = connection?.pull?.(from.source, from.options);
  if (pull === undefined)
    throw new CrossdockError(
      'CONFIG_INVALID',
      `${mapping.name}: the source ${from.source} of ${from.connection} can not be asked on a schedule`,
    );
  return {
    ...common,
    kind: 'pull',
    pull,
    schedule: from.schedule,
    arrive: compileArrive(mapping, { ...options, idRequired: false }),
  };
}

export interface PullJobsOptions {
  readonly sources: ReadonlyMap<string, CompiledSource>;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Names this process among those that share the store. */
  readonly owner: string;
  readonly wake: () => void;
}

/** A job for every pull source. What a source fails at is logged, and kept with the cursor for whoever asks. */
export function pullJobs({
  sources,
  database,
  clock,
  log,
  metrics,
  owner,
  wake,
}: PullJobsOptions): readonly ScheduledJob[] {
  return [...sources.values()].flatMap((source) => {
    if (source.kind !== 'pull') return [];
    const { mapping, arrive, pull, schedule } = source;
    const onAccepted = (accepted: number, duplicates: number): void => {
      for (let n = 0; n < accepted; n += 1) metrics.accepted(source.source);
      for (let n = 0; n < duplicates; n += 1) metrics.duplicate(source.source);
      wake();
    };
    const options = {
      database,
      clock,
      owner,
      mapping: mapping.name,
      source: source.source,
      pull,
      arrive,
      onAccepted,
    };
    const run = async (fire: number, signal: AbortSignal): Promise<boolean> => {
      const end = await pullForFire({ ...options, fire }, signal);
      if (end.kind === 'failed' && !signal.aborted)
        log.warn('a source could not be pulled and is asked again at its next time', {
          mapping: mapping.name,
          error: end.error instanceof Error ? end.error.message : String(end.error),
        });
      return end.kind !== 'busy';
    };
    return [{ name: mapping.name, schedule, run }];
  });
}
