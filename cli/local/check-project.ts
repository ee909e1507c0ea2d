import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { requireProject } from './read-project.ts';

/** `crossdock check`: exit code 1 with any mistake. */
export async function checkProject(session: Session): Promise<ExitCode> {
  const { out, root, global } = session;
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const routes = project.mappings.reduce((sum, mapping) => sum + mapping.targets.length, 0);
  out.data({
    ok: true,
    problems: [],
    revision: project.revision,
    mappings: project.mappings.map(({ name }) => name),
    connections: [...project.connections.keys()],
    schemas: [...project.schemas.keys()],
  });
  const summary = [
    `${count(project.mappings.length, 'mapping')} with ${count(routes, 'route')}`,
    count(project.connections.size, 'connection'),
    count(project.schemas.size, 'schema'),
  ].join(', ');
  out.print(`${out.style.good('✓')} No mistakes: ${summary}.`);
  if (global.verbose) {
    out.print();
    out.facts([
      ['project', root],
      ['revision', project.revision],
      ['mappings', project.mappings.map(({ name }) => name).join('\n') || undefined],
      [
        'connections',
        [...project.connections.values()].map((one) => `${one.name} (${one.connector})`).join('\n') ||
          undefined,
      ],
      ['schemas', [...project.schemas.keys()].join('\n') || undefined],
      ['files', [...project.sources.keys()].join('\n')],
    ]);
  }
  return EXIT_CODES.ok.code;
}
