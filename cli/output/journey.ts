import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { Style } from './style.ts';
import { describeEvent, markOf } from './event.ts';
import { count, displayWidth, formatBytes, safeText, wrap } from './text.ts';
import { localTime, relativeTime, timeOfDay, took } from './time.ts';

type Journey = ResponseOf<typeof endpoints.getJourney>;
type Message = Journey['messages'][number];
type Event = Journey['events'][number];
type Delivery = Journey['deliveries'][number];

interface Manner {
  readonly style: Style;
  readonly now: number;
  /** Every descendant; else the first ones of many. */
  readonly all: boolean;
  /** Columns of the terminal, or Infinity. */
  readonly width: number;
}

/** Descendants of one message that are drawn before the rest is only counted. */
const SHOWN = 10;
const CLOCK = 12;
const SINCE = 9;

/**
 * A journey as a tree along a time line: the message, its routes, what happened on each with the time since
 * acceptance, and beneath them the messages that were made there.
 */
export function renderJourney(journey: Journey, manner: Manner): string {
  const { style } = manner;
  const root = journey.messages.find((message) => message.id === journey.id) ?? journey.messages[0];
  if (root === undefined) return 'Nothing is recorded of this message any more.';
  const stuck = journey.deliveries.filter(({ state }) => state === 'dead' || state === 'in_doubt').length;
  const lines = [
    style.bold(`Journey ${journey.id}`),
    style.dim(
      `${localTime(root.time)} (${relativeTime(root.time, manner.now)}), ` +
        `${count(journey.messages.length, 'message')}, ${count(journey.deliveries.length, 'delivery', 'deliveries')}`,
    ),
    ...(stuck > 0
      ? [
          style.bad(
            `${count(stuck, 'delivery needs', 'deliveries need')} a person to look at ${stuck === 1 ? 'it' : 'them'}.`,
          ),
        ]
      : []),
    '',
  ];
  new Drawing(journey, manner, lines).draw(root, '', '');
  return lines.join('\n');
}

class Drawing {
  readonly #journey: Journey;
  readonly #manner: Manner;
  readonly #lines: string[];

  constructor(journey: Journey, manner: Manner, lines: string[]) {
    this.#journey = journey;
    this.#manner = manner;
    this.#lines = lines;
  }

  /** A message with its routes and descendants; `head` stands left of its first line, `trunk` left of the others. */
  draw(message: Message, head: string, trunk: string): void {
    const { style } = this.#manner;
    const keys = Object.entries(message.keys).map(([name, value]) => `${name}=${safeText(value)}`);
    const { ofRoute, others } = this.#children(message);
    this.#line(
      message.time,
      `${head}${style.good('●')} ${style.bold('accepted')} ${safeText(message.type)} from ${message.source}`,
    );
    const stem = message.routes.length > 0 || others.length > 0 ? '│ ' : '  ';
    for (const line of this.#wrapped(keys.join(' '), trunk + stem))
      this.#line(undefined, trunk + stem + style.name(line));
    this.#line(undefined, `${trunk}${stem}${style.dim(`${message.id}, ${formatBytes(message.size)}`)}`);
    message.routes.forEach((route, index) => {
      const last = index === message.routes.length - 1 && others.length === 0;
      this.#line(undefined, `${trunk}${last ? '└─' : '├─'} ${style.name(route)}`);
      const branch = `${trunk}${last ? '  ' : '│ '}   `;
      this.#drawDelivery(message, route, branch);
      this.#drawChildren(ofRoute.get(route) ?? [], branch);
    });
    for (const event of this.#events(message, undefined)) this.#drawEvent(event, message, `${trunk}  `);
    this.#drawChildren(others, trunk);
  }

  /** What happened on a route, then where the delivery stands if that is not its last event. */
  #drawDelivery(message: Message, route: string, branch: string): void {
    for (const event of this.#events(message, route)) this.#drawEvent(event, message, branch);
    const delivery = this.#journey.deliveries.find(
      (one) => one.messageId === message.id && one.route === route,
    );
    const standing = delivery === undefined ? undefined : this.#standing(delivery);
    if (standing !== undefined) this.#line(undefined, branch + standing);
  }

  #standing({ state, failureId, dueAt }: Delivery): string | undefined {
    const { style, now } = this.#manner;
    switch (state) {
      case 'outbox':
        return style.warn('… waits to be sent');
      case 'underway':
        return style.warn('… under way');
      case 'waiting':
        return style.warn(`… waits for a retry${dueAt === undefined ? '' : ` ${relativeTime(dueAt, now)}`}`);
      case 'in_doubt':
      case 'dead':
        return style.bad(`! ${state.replace('_', ' ')}: crossdock failures show ${failureId ?? ''}`);
      default:
        return undefined;
    }
  }

  #drawEvent(event: Event, message: Message, branch: string): void {
    const { style } = this.#manner;
    const since = `+${took(Math.max(0, Date.parse(event.at) - Date.parse(message.time)))}`;
    const { sign, tone } = markOf(event.type);
    const title = `${sign} ${event.type.replaceAll('_', ' ').padEnd(15)} `;
    const indented = branch + ' '.repeat(title.length + SINCE);
    const [first = '', ...more] = this.#wrapped(describeEvent(event), indented);
    this.#line(event.at, `${branch}${style[tone](title)}${style.dim(since.padEnd(SINCE))}${first}`.trimEnd());
    for (const line of more) this.#line(undefined, indented + line);
  }

  /** A text in lines that fit behind what stands left of them. */
  #wrapped(text: string, left: string): readonly string[] {
    if (text === '') return [];
    const { width } = this.#manner;
    return Number.isFinite(width) ? wrap(text, width - CLOCK - 2 - displayWidth(left)).split('\n') : [text];
  }

  #drawChildren(children: readonly Message[], branch: string): void {
    const shown = this.#manner.all ? children : children.slice(0, SHOWN);
    const more = children.length - shown.length;
    shown.forEach((child, index) => {
      const last = index === shown.length - 1 && more === 0;
      this.draw(child, `${branch}${last ? '└─ ' : '├─ '}`, `${branch}${last ? '   ' : '│  '}`);
    });
    if (more > 0)
      this.#line(
        undefined,
        `${branch}└─ ${this.#manner.style.dim(`… and ${count(more, 'message')} more (--all)`)}`,
      );
  }

  #events(message: Message, route: string | undefined): readonly Event[] {
    return this.#journey.events.filter((event) => event.messageId === message.id && event.route === route);
  }

  /** The parts of a split stand beneath the route that made them; what a topic carried on comes after the routes. */
  #children(message: Message): {
    readonly ofRoute: ReadonlyMap<string, readonly Message[]>;
    readonly others: readonly Message[];
  } {
    const ofRoute = new Map<string, Message[]>();
    const others: Message[] = [];
    const split = this.#journey.events.filter(
      ({ messageId, type }) => messageId === message.id && type === 'split',
    );
    for (const child of this.#journey.messages) {
      if (child.causationId !== message.id || child.id === message.id) continue;
      const [route] = child.routes;
      if (route !== undefined && child.routes.length === 1 && split.some((event) => event.route === route))
        ofRoute.set(route, [...(ofRoute.get(route) ?? []), child]);
      else others.push(child);
    }
    return { ofRoute, others };
  }

  #line(at: string | undefined, text: string): void {
    const clock = (at === undefined ? '' : timeOfDay(at, true)).padEnd(CLOCK);
    this.#lines.push(`${this.#manner.style.dim(clock)}  ${text}`);
  }
}
