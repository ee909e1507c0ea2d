import { schemaRegistry } from '../../core/language/index.ts';
import type { Project } from '../../core/language/index.ts';
import { compileMapping } from '../../core/router/index.ts';
import type { RouteProgram } from '../../core/router/index.ts';

/** The routes of one mapping as a worker would run them; none if there is no such mapping. */
export function compileRoutesOf(project: Project, name: string): readonly RouteProgram[] {
  const mapping = project.mappings.find((candidate) => candidate.name === name);
  if (mapping === undefined) return [];
  return compileMapping(mapping, {
    schemas: schemaRegistry(project.schemas),
    schemaNames: new Set(project.schemas.keys()),
    limits: project.hub.limits.expression,
    action: (connection, action) => project.connections.get(connection)?.offer.actions[action],
  });
}
