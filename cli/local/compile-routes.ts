import { schemaRegistry } from '../../core/language/index.ts';
import type { Project } from '../../core/language/index.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import { compileMapping } from '../../core/router/index.ts';
import type { ProgramEnv, RouteProgram } from '../../core/router/index.ts';
import { compileLocalArrival } from './message.ts';
import type { LocalArrival, LocalInput } from './message.ts';

/** One mapping as a hub would run it, compiled for this process. */
export interface LocalMapping {
  readonly mapping: Mapping;
  /** In the order of its targets; at least one. */
  readonly routes: readonly RouteProgram[];
  arrive(input: LocalInput): Promise<LocalArrival>;
}

/** Compiles one mapping; undefined if there is no such one. `onEvaluate` is told of each part of its routes' expressions. */
export function compileLocally(
  project: Project,
  name: string,
  onEvaluate?: ProgramEnv['onEvaluate'],
): LocalMapping | undefined {
  const mapping = project.mappings.find((candidate) => candidate.name === name);
  if (mapping === undefined) return undefined;
  const routes = compileMapping(mapping, {
    schemas: schemaRegistry(project.schemas),
    schemaNames: new Set(project.schemas.keys()),
    limits: project.hub.limits.expression,
    action: (connection, action) => project.connections.get(connection)?.offer.actions[action],
    ...(onEvaluate === undefined ? {} : { onEvaluate }),
  });
  return { mapping, routes, arrive: compileLocalArrival(mapping, project) };
}
