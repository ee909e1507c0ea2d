import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { keyTexts } from '../../core/model/business-keys.ts';
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
  const watching = watch(session, hub, options, stopped.signal);
  return {
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

async function watch(session: Session, hub: Hub, options: HubOptions, signal: AbortSignal): Promise<void> {
  if (hub.url === undefined || !options.roles.has('api')) return;
  const client = await connectToHub({ url: hub.url, token: hub.adminToken, data: options.dataFolder });
  const { clock } = session.io;
  const began = clock.now();
  let seen = new Set<string>();
  const pending = new Map<string, number>();
  while (!signal.aborted) {
    try {
      const since = new Date(Math.max(began, clock.now() - OVERLAP_MS)).toISOString();
      const { items } = await client.call(client.endpoints.listMessages, { query: { since, limit: 200 } });
      const fresh = items.filter(({ id }) => !seen.has(id)).reverse();
      seen = new Set(items.map(({ id }) => id));
      for (const { id } of fresh) pending.set(id, clock.now());
      await showPending(client, pending, session);
    } catch {
      // Nothing depends on an onlooker: what keeps the hub from answering is in its log.
    }
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
  const labels = message.deliveries.map((delivery) => label(delivery, out));
  const plain = labels.map((one) => one.plain).join('  ');
  const painted = labels.map((one) => one.painted).join('  ');
  const type = safeText(message.type).padEnd(24);
  const padding = ' '.repeat(Math.max(0, 16 - displayWidth(plain)));
  const room = io.out.columns - 2 - 8 - 2 - displayWidth(type) - 2 - displayWidth(plain + padding) - 3;
  const keys = safeText(keyTexts(message.keys).join(' '));
  const about = room < 8 ? '' : keys.length > room ? `${keys.slice(0, room - 1)}…` : keys;
  return `  ${style.dim(timeOfDay(message.time))}  ${type}  ${painted}${padding}  ${style.name(about)}`.trimEnd();
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
