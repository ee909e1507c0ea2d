import { Command, Option } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ActEvent } from '../../core/model/event.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import type { PagingOptions, PeriodOptions } from '../options.ts';
import { addPaging, addPeriod, collect } from '../options.ts';
import { describeEvent, markOf } from '../output/event.ts';
import { noteNextPage } from '../output/paging.ts';
import { shortTime } from '../output/time.ts';
import { act } from '../session.ts';
import type { Session } from '../session.ts';
import { addVerify } from './audit-verify.ts';

type Event = ResponseOf<typeof endpoints.listEvents>['items'][number];

interface ListOptions extends PagingOptions, PeriodOptions {
  readonly type?: readonly ActEvent[];
  readonly route?: string;
  readonly by?: string;
}

/** The audit log. */
export function auditCommand(io: Io): Command {
  const command = new Command('audit').description('read the audit log: who did what, and what the hub did');
  addPaging(addPeriod(addDefaultList(command, 'events, newest first'), io.clock))
    .addOption(
      new Option(
        '--type <type>',
        'only this type, such as retried or token_created; may be repeated',
      ).argParser(collect),
    )
    .option('--route <name>', 'only of this route')
    .option('--by <name>', 'only acts of this token or user')
    .action(act(io, listEvents));
  addVerify(command, io);
  return command;
}

async function listEvents({ out, hub }: Session, options: ListOptions): Promise<void> {
  const { call, endpoints } = await hub();
  const { limit, after, since, until, type, route, by } = options;
  const page = await call(endpoints.listEvents, {
    query: { limit, after, since, until, type, route, by },
  });
  out.data(page);
  if (page.items.length === 0) {
    out.print('No events.');
    return;
  }
  const now = out.clock.now();
  out.table<Event>(
    [
      { title: 'AT', cell: (row) => shortTime(row.at, now) },
      { title: 'EVENT', cell: (row) => out.style[markOf(row.type).tone](row.type) },
      { title: 'ABOUT', cell: (row) => row.route ?? row.messageId ?? '', flex: { min: 12 } },
      { title: 'WHAT', cell: describeEvent, flex: { min: 20 } },
      {
        title: 'MESSAGE',
        cell: (row) => (row.route === undefined ? '' : (row.messageId ?? '')),
        optional: true,
      },
    ],
    page.items,
  );
  noteNextPage(out, page);
}
