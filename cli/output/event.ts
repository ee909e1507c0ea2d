import type { EventData, EventType } from '../../core/model/event.ts';
import type { Style } from './style.ts';
import { count, safeText } from './text.ts';
import { timeOfDay, took } from './time.ts';

/** An event as the API gives it: what it knows depends on its type. */
interface EventRecord {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Tone = Exclude<keyof Style, 'enabled'>;

/** A sign and a colour for a type of event, so that an eye that runs down the list stops where it should. */
export function markOf(type: string): { readonly sign: string; readonly tone: Tone } {
  switch (type) {
    case 'delivered':
    case 'split':
      return { sign: '✓', tone: 'good' };
    case 'filtered':
      return { sign: '∅', tone: 'dim' };
    case 'dead':
    case 'in_doubt':
    case 'denied':
      return { sign: '✗', tone: 'bad' };
    case 'retry_scheduled':
    case 'throttled':
    case 'connection_paused':
      return { sign: '↻', tone: 'warn' };
    default:
      return { sign: '·', tone: 'name' };
  }
}

/** What an event says beyond its type, in one line. */
export function describeEvent(event: EventRecord): string {
  const describe = DESCRIPTIONS[event.type as EventType] as ((data: unknown) => string) | undefined;
  return safeText(describe === undefined ? JSON.stringify(event.data) : describe(event.data));
}

const DESCRIPTIONS: { readonly [T in EventType]: (data: EventData[T]) => string } = {
  delivered: ({ attempt, durationMs, ref }) =>
    list(`attempt ${attempt}, took ${took(durationMs)}`, ref && `ref ${ref}`),
  filtered: ({ step }) => `by ${step}`,
  split: ({ count: number }) => `into ${count(number, 'message')}`,
  dead: ({ reason, ...failed }) => attemptOf(failed, reason.replaceAll('_', ' ')),
  discarded: byWhom,
  retry_scheduled: ({ due, ...failed }) => attemptOf(failed, `again at ${timeOfDay(due)}`),
  throttled: ({ due, ...failed }) => attemptOf(failed, `again at ${timeOfDay(due)}`),
  in_doubt: (failed) => attemptOf(failed),
  retried: byWhom,
  rescheduled: ({ due, ...who }) => list(`to ${timeOfDay(due)}`, byWhom(who)),
  edited: byWhom,
  redriven: ({ reason, ...who }) => list(REDRIVEN[reason], byWhom(who)),
  connection_paused: ({ connection, code, error }) => `${connection}: ${code} ${error}`,
  connection_resumed: ({ connection }) => connection,
  hub_started: ({ version, roles }) => `version ${version}, ${roles.join(', ')}`,
  hub_stopped: ({ version }) => `version ${version}`,
  token_created: ({ token, ...who }) => list(token, byWhom(who)),
  token_revoked: ({ token, ...who }) => list(token, byWhom(who)),
  payload_read: ({ message, ...who }) => list(`message ${message}`, byWhom(who)),
  denied: ({ action, on, ...who }) => list(on === undefined ? action : `${action} on ${on}`, byWhom(who)),
};

const REDRIVEN = {
  missing: 'it was missing',
  start: 'after a start',
  crash: 'the hub had ended without stopping',
  suspect: 'by itself: it had come back several times',
} as const satisfies Record<EventData['redriven']['reason'], string>;

/** What the target said comes last: it may be long. */
function attemptOf(
  failed: Pick<EventData['in_doubt'], 'attempt' | 'code' | 'error' | 'durationMs'>,
  consequence?: string,
): string {
  const duration = failed.durationMs === undefined ? '' : ` after ${took(failed.durationMs)}`;
  return `${list(`attempt ${failed.attempt}`, consequence, `${failed.code}${duration}`)}: ${failed.error}`;
}

function byWhom({ by, why }: { readonly by: string; readonly why?: string }): string {
  return list(`by ${by}`, why && `"${why}"`);
}

function list(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
