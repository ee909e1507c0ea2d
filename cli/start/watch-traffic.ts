import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { connectToHub } from '../client.ts';
import type { ApiClient } from '../client.ts';
import type { Hub, HubOptions } from '../compose.ts';
import { displayWidth, safeText } from '../output/text.ts';
import { timeOfDay } from '../output/time.ts';
import type { Session } from '../session.ts';

type Message = ResponseOf<typeof endpoints.getMessage>;
type Delivery = Message['deliveries'][number];

const EVERY_MS = 1_000;
/** Lines a second that a person can follow. */
const MAX_LINES = 8;
/** A message that is not through by then is shown as it stands. */
const PATIENCE_MS = 10_000;
/** Messages are accepted by several processes: one may become visible after a later one. */
const OVERLAP_MS = 5_000;

/** Shows on the terminal what moves through the hub, asked of its own API, until it is stopped. */
export function watchTraffic(session: Session, hub: Hub, options: HubOptions): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const watching = watch(session, hub, options, stopped.signal).catch(() => {
    // Nothing depends on it: the hub goes on without an onlooker.
  });
  return {
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

async function watch(session: Session, hub: Hub, options: HubOptions, signal: AbortSignal): Promise<void> {
  if (hub.url === undefined || !options.roles.has('api')) return;
  const token = (await readFile(join(options.dataFolder, 'admin-token'), 'utf8')).trim();
  const client = await connectToHub({ url: hub.url, token, data: options.dataFolder });
  const { clock } = session.io;
  const began = clock.now();
  let seen = new Set<string>();
  const pending = new Map<string, number>();
  while (!signal.aborted) {
    const since = new Date(Math.max(began, clock.now() - OVERLAP_MS)).toISOString();
    const { items } = await client.call(client.endpoints.listMessages, { query: { since, limit: 200 } });
    const fresh = items.filter(({ id }) => !seen.has(id)).reverse();
    seen = new Set(items.map(({ id }) => id));
    for (const { id } of fresh) pending.set(id, clock.now());
    await showPending(client, pending, session);
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** Shows those that are through, or that take long; looks at no more of them than can be shown. */
async function showPending(
  { call, endpoints }: ApiClient,
  pending: Map<string, number>,
  { out, io }: Session,
): Promise<void> {
  const looked = [...pending].slice(0, MAX_LINES);
  for (const [id, since] of looked) {
    const message = await call(endpoints.getMessage, { params: { id } });
    const underway = message.deliveries.some(({ state }) => state === 'outbox' || state === 'underway');
    if (underway && io.clock.now() - since < PATIENCE_MS) continue;
    pending.delete(id);
    out.print(lineOf(message, { out, io }));
  }
  const waiting = pending.size - looked.length;
  if (waiting <= MAX_LINES * 2) return;
  out.print(out.style.dim(`  … and ${waiting.toLocaleString('en-US')} more; see: crossdock messages list`));
  pending.clear();
}

function lineOf(message: Message, { out, io }: Pick<Session, 'out' | 'io'>): string {
  const { style } = out;
  const keys = Object.entries(message.keys).map(([name, value]) => `${name}=${safeText(value)}`);
  const deliveries = message.deliveries.map((delivery) => label(delivery, out));
  const head = `  ${timeOfDay(message.time)}  ${message.type.padEnd(20)}  ${deliveries.map(({ plain }) => plain).join('  ')}`;
  const room = io.out.columns - displayWidth(head) - 3;
  const about = keys.join(' ');
  return [
    `  ${style.dim(timeOfDay(message.time))}`,
    safeText(message.type).padEnd(20),
    deliveries.map(({ painted }) => painted).join('  '),
    room < 8 ? '' : style.name(about.length > room ? `${about.slice(0, room - 1)}…` : about),
  ]
    .join('  ')
    .trimEnd();
}

/** `✓ erp`: the target's own name is enough, its route is under the message's type. */
function label({ route, state }: Delivery, { style }: Session['out']): { plain: string; painted: string } {
  const target = route.split('/').at(-1) ?? route;
  switch (state) {
    case 'delivered':
      return both(`✓ ${target}`, style.good);
    case 'split':
      return both(`✓ ${target} (split)`, style.good);
    case 'filtered':
      return both(`∅ ${target}`, style.dim);
    case 'dead':
    case 'in_doubt':
      return both(`✗ ${target} (${state.replace('_', ' ')})`, style.bad);
    default:
      return both(`↻ ${target} (${state})`, style.warn);
  }
}

function both(plain: string, paint: (text: string) => string): { plain: string; painted: string } {
  return { plain, painted: paint(plain) };
}
