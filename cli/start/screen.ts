import { relative } from 'node:path';
import type { Project } from '../../core/language/index.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import type { Hub, HubOptions } from '../compose.ts';
import { renderFacts, renderTable } from '../output/table.ts';
import { indent, wrap } from '../output/text.ts';
import type { Session } from '../session.ts';

interface Facts {
  readonly project: Project;
  readonly hub: Hub;
  readonly options: HubOptions;
  readonly sandboxUrl?: string;
  readonly tokenFile: string;
}

/** What a person wants to know when a hub has started: where it is, what it does, what to try. */
export function startScreen(
  { project, hub, options, sandboxUrl, tokenFile }: Facts,
  { io, out }: Session,
): string {
  const { style } = out;
  const here = (path: string): string => {
    const short = relative(io.cwd, path);
    return short.startsWith('..') ? path : short || '.';
  };
  const token =
    hub.adminToken !== undefined && io.out.isTTY
      ? `${hub.adminToken}\n${style.dim(`shown this once; kept in ${here(tokenFile)}`)}`
      : here(tokenFile);
  const width = io.out.columns - 4;
  const connections = [...project.connections.values()].map(
    ({ name, connector }) => `${name} (${connector})`,
  );
  const facts = renderFacts(
    [
      ['hub', hub.url === undefined ? 'serves nothing' : style.name(hub.url)],
      [
        'sandbox',
        sandboxUrl &&
          `${style.name(sandboxUrl)}  ${style.dim('shop, CRM, ERP and payments, sending traffic')}`,
      ],
      [
        'store',
        options.databaseUrl === undefined
          ? `embedded, in ${here(options.dataFolder)}`
          : `Postgres at ${placeOf(options.databaseUrl)}`,
      ],
      ['transport', options.amqpUrl === undefined ? 'in memory' : `RabbitMQ at ${placeOf(options.amqpUrl)}`],
      ['connections', wrap(connections.join(', '), Math.min(width, 100) - 14) || undefined],
      ['roles', options.roles.size === 4 ? undefined : [...options.roles].join(', ')],
      ['admin token', options.roles.has('api') ? token : undefined],
    ],
    style,
  );
  const mappings = renderTable<Mapping>(
    [
      { title: 'MAPPING', cell: (row) => row.name },
      { title: 'FROM', cell: (row) => fromOf(row, project, hub.url), flex: { min: 24 } },
      { title: 'TO', cell: (row) => row.targets.map(({ name }) => name).join(', '), flex: { min: 8 } },
    ],
    project.mappings,
    { width, style },
  );
  const tries = options.roles.has('api')
    ? [
        ['messages list', 'what came in'],
        ['messages trace <id>', 'the journey of one message'],
        ['failures', 'what went wrong'],
        ['reconcile', 'the proof that nothing was lost'],
      ].map(([command, about]) => `crossdock ${(command as string).padEnd(22)}${style.dim(about as string)}`)
    : [];
  return [
    '',
    `${style.bold(style.good('●'))} ${style.bold(`Crossdock ${options.version}`)} runs  ${style.dim(`revision ${project.revision.slice(0, 12)}`)}`,
    '',
    indent(facts, 2),
    '',
    project.mappings.length === 0 ? '  No mappings yet.' : indent(mappings, 2),
    ...(tries.length === 0
      ? []
      : ['', `  ${style.dim('TRY, IN ANOTHER TERMINAL')}`, indent(tries.join('\n'), 2)]),
    '',
    `  ${style.dim('Ctrl-C ends it gracefully.')}`,
    '',
  ].join('\n');
}

function fromOf({ name, from }: Mapping, project: Project, url: string | undefined): string {
  if (from.kind === 'topic') return `topic ${from.topic}`;
  const kind = project.connections.get(from.connection)?.offer.sources[from.source]?.kind;
  if (kind === 'push') return `POST ${url ?? ''}/in/${name}`;
  const schedule = from.schedule === undefined ? '' : `, at ${from.schedule.cron}`;
  return `${from.connection} ${from.source}${schedule}`;
}

/** Host and path of a URL: never its user and password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}
