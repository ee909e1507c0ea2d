import { Command } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { keyTexts } from '../../core/model/business-keys.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import type { PagingOptions, PeriodOptions } from '../options.ts';
import { addPaging, addPeriod } from '../options.ts';
import { act } from '../session.ts';
import type { Session } from '../session.ts';
import { renderJourney } from '../output/journey.ts';
import { stateLabel } from '../output/labels.ts';
import { noteNextPage } from '../output/paging.ts';
import { formatBytes, indent, safeText } from '../output/text.ts';
import { localTime, relativeTime, shortTime } from '../output/time.ts';
import { UsageError } from '../usage-error.ts';

type MessagePage = ResponseOf<typeof endpoints.listMessages>;
type Message = MessagePage['items'][number];

interface ListOptions extends PagingOptions, PeriodOptions {
  readonly mapping?: string;
  readonly domain?: string;
  readonly source?: string;
  readonly type?: string;
}

interface SearchOptions extends PagingOptions, PeriodOptions {
  readonly key?: string;
}

/** What came in: lists, one message, its journey, search by business key. */
export function messagesCommand(io: Io): Command {
  const command = new Command('messages')
    .alias('message')
    .description('see what came in and what became of it');

  addPaging(addPeriod(addDefaultList(command, 'messages, newest first'), io.clock))
    .option('--mapping <name>', 'what came through this mapping, or is delivered by it')
    .option('--domain <name>', 'the same for all mappings of a domain')
    .option('--source <name>', 'messages of one source: <connection>/<mapping> or topic/<topic>')
    .option('--type <name>', 'messages of one type: the schema, else the mapping')
    .action(act(io, listMessages));

  command
    .command('show <id>')
    .description('one message and where its deliveries stand')
    .option('--payload', 'also what it carries, as it came (this is audited)')
    .action(act(io, showMessage));

  command
    .command('trace <id>')
    .description('the journey: everything recorded about a message and what descends from it')
    .option('--all', 'all descendants, even if there are many')
    .addHelpText('after', `\nExample:\n  $ crossdock messages trace 019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e\n`)
    .action(act(io, traceMessage));

  addPaging(
    addPeriod(
      command
        .command('search')
        .description('messages by a business key')
        .argument('[key]', 'its name and value: order=4711'),
      io.clock,
    ),
  )
    .option('--key <name=value>', 'the same as the argument')
    .addHelpText('after', `\nExample:\n  $ crossdock messages search order=4711\n`)
    .action(act(io, searchMessages));

  return command;
}

async function listMessages({ out, hub }: Session, options: ListOptions): Promise<void> {
  const { call, endpoints } = await hub();
  const { limit, after, since, until, mapping, domain, source, type } = options;
  const page = await call(endpoints.listMessages, {
    query: { limit, after, since, until, mapping, domain, source, type },
  });
  printPage(out, page, 'No messages.');
}

async function searchMessages(
  { out, hub }: Session,
  argument: string | undefined,
  options: SearchOptions,
): Promise<void> {
  const key = argument ?? options.key;
  if (key === undefined || !/^[^=]+=./.test(key))
    throw new UsageError('Name a key and its value, such as order=4711.');
  const { call, endpoints } = await hub();
  const { limit, after, since, until } = options;
  const page = await call(endpoints.searchMessages, { query: { key, limit, after, since, until } });
  printPage(out, page, `No message has the key ${key}.`);
}

function printPage(out: Session['out'], page: MessagePage, none: string): void {
  out.data(page);
  if (page.items.length === 0) {
    out.print(none);
    return;
  }
  out.table<Message>(
    [
      { title: 'ACCEPTED', cell: (row) => shortTime(row.time, out.clock.now()) },
      { title: 'ID', cell: (row) => row.id },
      { title: 'TYPE', cell: (row) => safeText(row.type), flex: { min: 14 } },
      { title: 'KEYS', cell: (row) => keysOf(row), flex: { min: 16 } },
      { title: 'SOURCE', cell: (row) => row.source, flex: { min: 12 }, optional: true },
      { title: 'SIZE', cell: (row) => formatBytes(row.size), align: 'right', optional: true },
    ],
    page.items,
  );
  noteNextPage(out, page);
}

async function showMessage({ out, hub }: Session, id: string, options: { payload?: boolean }): Promise<void> {
  const { call, endpoints } = await hub();
  const message = await call(endpoints.getMessage, { params: { id } });
  const payload = options.payload ? await call(endpoints.getPayload, { params: { id } }) : undefined;
  out.data(payload === undefined ? message : { ...message, payload });
  const now = out.clock.now();
  out.facts([
    ['id', message.id],
    ['journey', message.journeyId === message.id ? undefined : message.journeyId],
    ['made from', message.causationId],
    ['accepted', `${localTime(message.time, true)} (${relativeTime(message.time, now)})`],
    ['source', message.source],
    ['type', message.type],
    ['source id', message.key === undefined ? undefined : safeText(message.key)],
    ['keys', keysOf(message) || undefined],
    ['content', `${message.contentType}, ${formatBytes(message.size)}`],
    ['sha256', message.sha256],
    ['revision', message.revision.slice(0, 12)],
    ...Object.entries(message.headers).map(([name, value]) => [`header ${name}`, safeText(value)] as const),
  ]);
  out.print();
  out.table(
    [
      { title: 'ROUTE', cell: (row) => row.route, flex: { min: 16 } },
      { title: 'STATE', cell: (row) => stateLabel(row.state, out.style) },
      {
        title: 'DUE',
        cell: (row) => (row.dueAt === undefined ? '' : relativeTime(row.dueAt, now)),
        optional: true,
      },
    ],
    message.deliveries,
  );
  if (payload !== undefined) out.print(`\n${indent(payloadText(payload), 2)}`);
}

async function traceMessage({ out, hub }: Session, id: string, options: { all?: boolean }): Promise<void> {
  const { call, endpoints } = await hub();
  const journey = await call(endpoints.getJourney, { params: { id } });
  out.data(journey);
  if (!out.json)
    out.print(
      renderJourney(journey, {
        style: out.style,
        now: out.clock.now(),
        all: options.all ?? false,
        width: out.width,
      }),
    );
}

function payloadText(payload: ResponseOf<typeof endpoints.getPayload>): string {
  if (payload.encoding === 'base64') return `(${formatBytes(payload.size)} that are no text)`;
  if (!/[/+]json\b/.test(payload.contentType)) return safeText(payload.payload, true);
  try {
    return safeText(JSON.stringify(JSON.parse(payload.payload), null, 2), true);
  } catch {
    return safeText(payload.payload, true);
  }
}

function keysOf(message: Pick<Message, 'keys'>): string {
  return safeText(keyTexts(message.keys).join(' '));
}
