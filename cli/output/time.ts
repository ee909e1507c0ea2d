import { formatDuration } from '../../core/model/duration.ts';

/** An ISO time as the reader's own clock shows it: `2026-11-22 15:50:03`, with `.123` on demand. */
export function localTime(iso: string, milliseconds = false): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${localDate(date)} ${timeOfDay(iso, milliseconds)}`;
}

/** The time alone: `15:50:03`, with `.123` on demand. */
export function timeOfDay(iso: string, milliseconds = false): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return milliseconds ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock;
}

/** For lists: today's as `15:50:03`, others as `2026-11-21 15:50`. */
export function shortTime(iso: string, now: number): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  if (localDate(date) === localDate(new Date(now))) return timeOfDay(iso);
  return localTime(iso).slice(0, 16);
}

/** `3m ago`, `in 27s`, `now`: one unit is enough at a glance. */
export function relativeTime(iso: string, now: number): string {
  const difference = Date.parse(iso) - now;
  if (Number.isNaN(difference)) return iso;
  if (Math.abs(difference) < 1_000) return 'now';
  const text = largestUnit(Math.abs(difference));
  return difference < 0 ? `${text} ago` : `in ${text}`;
}

/** How long something took: `840µs`, `12ms`, `1.4s`, then as formatDuration. */
export function took(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)}µs`;
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)}s`;
  return formatDuration(ms);
}

function largestUnit(ms: number): string {
  const text = formatDuration(ms);
  return /^[0-9]+(ms|[smhd])/.exec(text)?.[0] ?? text;
}

function localDate(date: Date): string {
  return [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
