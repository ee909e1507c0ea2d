import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { PagingOptions } from '../options.ts';
import { stateLabel } from '../output/labels.ts';
import { noteNextPage } from '../output/paging.ts';
import { count, indent, safeText } from '../output/text.ts';
import { localTime, relativeTime, shortTime } from '../output/time.ts';
import type { Session } from '../session.ts';
import type { FilterOptions } from './selection.ts';
import { filterOf } from './selection.ts';

type Failure = ResponseOf<typeof endpoints.getFailure>;

/** `failures list` */
export async function listFailures(
  { out, hub }: Session,
  options: FilterOptions & PagingOptions,
): Promise<void> {
  const { call, endpoints } = await hub();
  const { limit, after } = options;
  const page = await call(endpoints.listFailures, { query: { ...filterOf(options), limit, after } });
  out.data(page);
  if (page.items.length === 0) {
    out.print(out.style.good('No failures.'));
    return;
  }
  const now = out.clock.now();
  out.table(
    [
      { title: 'ID', cell: (row) => row.id },
      { title: 'ROUTE', cell: (row) => row.route, flex: { min: 24 } },
      {
        title: 'STATE',
        cell: (row) =>
          stateLabel(row.state, out.style) +
          (row.dueAt === undefined ? '' : `, ${relativeTime(row.dueAt, now)}`),
      },
      { title: 'ERROR', cell: (row) => `${row.code}: ${safeText(row.error)}`, beneath: true },
      { title: 'TRIES', cell: (row) => String(row.attempts), align: 'right', optional: true },
      { title: 'FAILED', cell: (row) => shortTime(row.lastFailedAt, now), optional: true },
    ],
    page.items,
  );
  noteNextPage(out, page);
}

/** `failures groups` */
export async function groupFailures({ out, hub }: Session, options: FilterOptions): Promise<void> {
  const { call, endpoints } = await hub();
  const groups = await call(endpoints.groupFailures, { query: filterOf(options) });
  out.data(groups);
  if (groups.items.length === 0) {
    out.print(out.style.good('No failures.'));
    return;
  }
  const now = out.clock.now();
  out.table(
    [
      { title: 'COUNT', cell: (row) => row.count.toLocaleString('en-US'), align: 'right' },
      { title: 'ROUTE', cell: (row) => row.route, flex: { min: 16 } },
      {
        title: 'STATES',
        cell: (row) =>
          Object.entries(row.states)
            .map(([state, number]) => `${number} ${state.replace('_', ' ')}`)
            .join(', '),
        flex: { min: 7 },
        optional: true,
      },
      { title: 'LAST', cell: (row) => relativeTime(row.lastFailedAt, now), optional: true },
      { title: 'FINGERPRINT', cell: (row) => row.fingerprint },
      { title: 'ERROR', cell: (row) => `${row.code}: ${safeText(row.error)}`, beneath: true },
    ],
    groups.items,
  );
  if (!out.json)
    out.note(out.style.dim('Act on one group with: crossdock failures retry --fingerprint <fingerprint>'));
}

/** `failures show` */
export async function showFailure({ out, hub }: Session, id: string): Promise<void> {
  const { call, endpoints } = await hub();
  const failure = await call(endpoints.getFailure, { params: { id } });
  out.data(failure);
  const now = out.clock.now();
  const { style } = out;
  const time = (iso: string): string => `${localTime(iso)} (${relativeTime(iso, now)})`;
  out.facts([
    ['failure', failure.id],
    ['route', failure.route],
    ['state', stateOf(failure, now, out)],
    ['error', `${style.bold(failure.code)}: ${safeText(failure.error, true)}`],
    ['where', failure.path === undefined ? undefined : safeText(failure.path)],
    ['what to do', failure.help],
    ['attempts', String(failure.attempts)],
    ['first failed', time(failure.firstFailedAt)],
    ['last failed', time(failure.lastFailedAt)],
    ['message', failure.messageId],
    ['journey', failure.journeyId === failure.messageId ? undefined : failure.journeyId],
    ['fingerprint', failure.fingerprint],
    ['edited', failure.edited ? 'yes: it is retried with another body than came' : undefined],
  ]);
  printBlock(out, 'sent to the target', failure.output);
  printBlock(out, "the target's answer", failure.response);
  if (!out.json && failure.state !== 'sent') {
    const acts = [`retry ${id}`, `edit ${id}`, `discard ${id} --why "…"`].map(
      (act) => `  crossdock failures ${act}`,
    );
    out.note(
      style.dim(`\nNext:\n${[...acts, `  crossdock messages trace ${failure.messageId}`].join('\n')}`),
    );
  }
}

function stateOf(failure: Failure, now: number, { style }: Session['out']): string {
  const label = stateLabel(failure.state, style);
  if (failure.dueAt !== undefined)
    return `${label}, due ${localTime(failure.dueAt)} (${relativeTime(failure.dueAt, now)})`;
  return failure.reason === undefined ? label : `${label} (${failure.reason.replaceAll('_', ' ')})`;
}

function printBlock(out: Session['out'], title: string, text: string | undefined): void {
  if (text === undefined) return;
  let pretty = text;
  try {
    pretty = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // As it is: an excerpt, or no JSON.
  }
  const lines = safeText(pretty, true).split('\n');
  const shown = lines.slice(0, 60);
  if (shown.length < lines.length)
    shown.push(`… ${count(lines.length - shown.length, 'line')} more (--json)`);
  out.print(`\n${out.style.dim(title)}\n${indent(shown.join('\n'), 2)}`);
}
