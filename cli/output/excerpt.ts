import type { Style } from './style.ts';
import { displayWidth, safeText } from './text.ts';

/** A place in a text; both from 1. */
interface Spot {
  readonly line: number;
  readonly column: number;
  /** Behind the last character that is meant, where that is known; default the one character. */
  readonly end?: { readonly line: number; readonly column: number } | undefined;
  /** A warning. */
  readonly mild?: boolean;
}

/**
 * The line of a text that something is said about, with its number and carets beneath the place. A line that is too
 * long for `width` is cut to what is around the place. Undefined when the text has no such line.
 */
export function excerpt(text: string, spot: Spot, style: Style, width = 100): string | undefined {
  const { line, column, end } = spot;
  const source = text.split('\n')[line - 1];
  if (source === undefined) return undefined;
  const number = String(line);
  const room = Math.max(30, width - number.length - 4);
  const before = safeText(source.slice(0, column - 1));
  const whole = before + safeText(source.slice(column - 1));
  const from = whole.length > room ? Math.max(0, before.length - Math.floor(room / 2)) : 0;
  const shown = `${from > 0 ? '…' : ''}${whole.slice(from, from + room - 2)}${from + room - 2 < whole.length ? '…' : ''}`;
  const lead = displayWidth(before.slice(from)) + (from > 0 ? 1 : 0);
  const meant = end?.line === line ? displayWidth(safeText(source.slice(column - 1, end.column - 1))) : 1;
  const mark = spot.mild === true ? style.warn : style.bad;
  const bar = style.dim('│');
  return [
    `${style.dim(number)} ${bar} ${shown.trimEnd()}`,
    `${' '.repeat(number.length)} ${bar} ${' '.repeat(lead)}${mark('^'.repeat(Math.max(1, meant)))}`,
  ].join('\n');
}
