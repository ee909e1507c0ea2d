import { Command } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { stateLabel } from '../output/labels.ts';
import { count, safeText } from '../output/text.ts';
import { relativeTime } from '../output/time.ts';
import { act } from '../session.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';

type Check = ResponseOf<typeof endpoints.checkConnection>;
type Connection = ResponseOf<typeof endpoints.listConnections>['items'][number];

/** The systems that a hub is connected to. */
export function connectionsCommand(io: Io): Command {
  const command = new Command('connections')
    .alias('connection')
    .description('see and check the systems that the hub is connected to');
  addDefaultList(command, 'connections, their limits and breakers').action(act(io, listConnections));
  command
    .command('check [names...]')
    .description('prove address, credentials and rights, without side effects; all of them by default')
    .action(act(io, checkConnections));
  return command;
}

async function listConnections({ out, hub }: Session): Promise<void> {
  const { call, endpoints } = await hub();
  const connections = await call(endpoints.listConnections);
  out.data(connections);
  if (connections.items.length === 0) {
    out.print('No connections.');
    return;
  }
  out.table<Connection>(
    [
      { title: 'CONNECTION', cell: (row) => row.name },
      { title: 'CONNECTOR', cell: (row) => row.connector },
      { title: 'BREAKER', cell: (row) => breakerOf(row, out), flex: { min: 10 } },
      { title: 'LIMITS', cell: limitsOf, optional: true },
      { title: 'USED BY', cell: (row) => row.mappings.join(', '), flex: { min: 16 } },
    ],
    connections.items,
  );
}

function breakerOf({ breaker }: Connection, { style, clock }: Session['out']): string {
  if (breaker === undefined) return '';
  const state = stateLabel(breaker.state, style);
  const probe = breaker.probeAt === undefined ? '' : `, probe ${relativeTime(breaker.probeAt, clock.now())}`;
  return breaker.code === undefined ? state : `${state} (${breaker.code}${probe})`;
}

function limitsOf({ limits }: Connection): string {
  const rate = limits.rate === undefined ? '' : `, ${limits.rate}/s`;
  return `${limits.concurrency} at a time${rate}`;
}

async function checkConnections({ out, hub }: Session, names: readonly string[]): Promise<ExitCode> {
  const { call, endpoints } = await hub();
  const known = (await call(endpoints.listConnections)).items.map((connection) => connection.name);
  for (const name of names) {
    if (!known.includes(name))
      throw new CrossdockError('NOT_FOUND', `There is no connection "${name}".${suggestion(name, known)}`);
  }
  const wanted = names.length > 0 ? names : known;
  const checks: Check[] = [];
  for (const name of wanted) {
    out.progress(`checking ${name} (${checks.length + 1} of ${wanted.length})`);
    const check = await call(endpoints.checkConnection, { params: { name } });
    checks.push(check);
    printCheck(check, out);
  }
  out.data(names.length === 1 ? checks[0] : { items: checks });
  const failed = checks.filter((check) => !check.ok).length;
  if (wanted.length === 0) out.print('No connections.');
  else if (failed > 0)
    out.print(`\n${out.style.bad(`${failed} of ${count(wanted.length, 'connection')} failed.`)}`);
  else out.print(`\n${out.style.good(`${count(wanted.length, 'connection')} fine.`)}`);
  return failed > 0 ? EXIT_CODES.failed.code : EXIT_CODES.ok.code;
}

function printCheck(check: Check, out: Session['out']): void {
  const { style } = out;
  out.print(`${check.ok ? style.good('✓') : style.bad('✗')} ${style.bold(check.name)}`);
  const width = Math.max(0, ...check.results.map((result) => result.name.length));
  for (const { name, ok, detail } of check.results) {
    out.print(`  ${ok ? style.good('✓') : style.bad('✗')} ${name.padEnd(width)}  ${safeText(detail)}`);
  }
}
