import { Command } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { act } from '../session.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { formatDuration } from '../../core/model/duration.ts';

type Mapping = ResponseOf<typeof endpoints.listMappings>['items'][number];

/** The mappings that a hub runs. */
export function mappingsCommand(io: Io): Command {
  const command = new Command('mappings').alias('mapping').description('see the mappings that the hub runs');
  addDefaultList(command, 'mappings, where they come from and go to').action(act(io, listMappings));
  command.command('show <mapping>').description('one mapping, as it is written').action(act(io, showMapping));
  return command;
}

async function listMappings({ out, hub }: Session): Promise<void> {
  const { call, endpoints } = await hub();
  const mappings = await call(endpoints.listMappings);
  out.data(mappings);
  if (mappings.items.length === 0) {
    out.print('No mappings.');
    return;
  }
  out.table<Mapping>(
    [
      { title: 'MAPPING', cell: (row) => row.name },
      { title: 'FROM', cell: (row) => fromOf(row), flex: { min: 20 } },
      { title: 'TO', cell: (row) => row.routes.map(toOf).join(', '), flex: { min: 20 } },
      {
        title: 'SERVED AT / LAST PULL',
        cell: (row) => (row.from.url === undefined ? (pulledOf(row, out) ?? '') : `POST ${row.from.url}`),
        optional: true,
      },
    ],
    mappings.items,
  );
}

async function showMapping({ out, hub }: Session, name: string): Promise<void> {
  const { call, endpoints } = await hub();
  const [domain, rest, ...more] = name.split('/');
  if (!domain || !rest || more.length > 0) {
    const { items } = await call(endpoints.listMappings);
    const known = items.map((mapping) => mapping.name);
    throw new UsageError(`A mapping is named <domain>/<name>, not "${name}".${suggestion(name, known)}`);
  }
  const mapping = await call(endpoints.getMapping, { params: { domain, name: rest } });
  out.data(mapping);
  out.facts([
    ['mapping', out.style.bold(mapping.name)],
    ['about', mapping.description],
    ['from', fromOf(mapping)],
    ['schedule', mapping.from.schedule],
    ['last pull', pulledOf(mapping, out)],
    ['served at', mapping.from.url === undefined ? undefined : `POST ${mapping.from.url}`],
    ['schema', mapping.schema],
    ['routes', mapping.routes.map((route) => `${route.name} → ${toOf(route)}`).join('\n')],
    ['file', mapping.file],
    ['revision', mapping.revision.slice(0, 12)],
  ]);
  out.print(`\n${mapping.definition.trimEnd()}`);
}

function fromOf({ from }: Mapping): string {
  return from.kind === 'topic'
    ? `topic ${from.topic ?? ''}`
    : `${from.connection ?? ''} ${from.source ?? ''}`.trim();
}

function toOf(route: Mapping['routes'][number]): string {
  return route.topic === undefined
    ? `${route.connection ?? ''} ${route.action ?? ''}`.trim()
    : `topic ${route.topic}`;
}

function pulledOf({ from }: Mapping, { style, clock }: Session['out']): string | undefined {
  if (from.lastPull === undefined) return undefined;
  const when = `${formatDuration(Math.max(0, clock.now() - Date.parse(from.lastPull.at)))} ago`;
  return from.lastPull.error === undefined ? when : style.bad(`${when}: ${from.lastPull.error}`);
}
