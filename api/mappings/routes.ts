import { reaches } from '../../core/access/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { ResponseOf, Route } from '../../core/http/server/index.ts';
import { pullRuns } from '../../core/intake/index.ts';
import type { PullRun } from '../../core/intake/index.ts';
import type { Project } from '../../core/language/index.ts';
import { routeName } from '../../core/model/mapping.ts';
import type { Mapping, SourceRef, Target } from '../../core/model/mapping.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound } from '../visibility.ts';
import { getMapping, listMappings } from './contract.ts';

type MappingView = ResponseOf<typeof listMappings>['items'][number];

/** Mappings as this process runs them. */
export function mappingRoutes({ project, database }: ApiDeps): readonly Route[] {
  return [
    serve(listMappings, async ({ scope }) => {
      const runs = await pullRuns(database.db);
      return {
        items: project.mappings
          .filter((mapping) => reaches(scope, mapping.domain))
          .map((mapping) => viewOf(project, mapping, runs)),
      };
    }),

    serve(getMapping, async ({ params, scope }) => {
      const name = `${params.domain}/${params.name}`;
      const mapping = project.mappings.find((one) => one.name === name);
      if (mapping === undefined || !reaches(scope, mapping.domain)) throw notFound(`mapping ${name}`);
      return {
        ...viewOf(project, mapping, await pullRuns(database.db)),
        revision: project.revision,
        file: mapping.at.file,
        definition: project.sources.get(mapping.at.file) ?? '',
      };
    }),
  ];
}

function viewOf(project: Project, mapping: Mapping, runs: ReadonlyMap<string, PullRun>): MappingView {
  const lastPull = runs.get(mapping.name);
  const { name, domain, description, from, message, targets } = mapping;
  return {
    name,
    domain,
    ...(description !== undefined && { description }),
    from: { ...sourceOf(project, name, from), ...(lastPull !== undefined && { lastPull }) },
    ...(message.schema !== undefined && { schema: message.schema }),
    routes: targets.map((target) => ({
      name: routeName(name, target.name),
      target: target.name,
      ...destinationOf(target),
    })),
  };
}

function sourceOf(project: Project, name: string, from: SourceRef): MappingView['from'] {
  if (from.kind === 'topic') return { kind: 'topic', topic: from.topic };
  const { connection, source, schedule } = from;
  const pushed = project.connections.get(connection)?.offer.sources[source]?.kind === 'push';
  return {
    kind: 'connection',
    connection,
    source,
    ...(schedule !== undefined && { schedule: `${schedule.cron} ${schedule.timezone}` }),
    ...(pushed && { url: `/in/${name}` }),
  };
}

function destinationOf({
  to,
}: Target): Pick<MappingView['routes'][number], 'connection' | 'action' | 'topic'> {
  return to.kind === 'topic' ? { topic: to.topic } : { connection: to.connection, action: to.action };
}
