import Table from 'cli-table3';
import type { Style } from './style.ts';
import { cut, displayWidth, wrap } from './text.ts';

export interface Column<T> {
  readonly title: string;
  /** The cell; made safe for a terminal by who calls it when it comes from elsewhere. */
  readonly cell: (row: T) => string;
  readonly align?: 'right';
  /** May be cut short, with an ellipsis, down to `min` when the terminal is narrow. */
  readonly flex?: { readonly min: number };
  /** Left out, last first, where the terminal is too narrow even so. */
  readonly optional?: boolean;
  /** Where it would be cut short, it stands beneath its row instead, in a line of its own. */
  readonly beneath?: boolean;
}

const GAP = 2;

/** Aligned columns without lines, fitted into `width` columns of the terminal. No trailing spaces. */
export function renderTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: { readonly width: number; readonly style: Style },
): string {
  const { style } = options;
  const cells = new Map(columns.map((column) => [column, rows.map((row) => column.cell(row))]));
  const natural = (column: Column<T>): number =>
    Math.max(displayWidth(column.title), ...(cells.get(column) ?? []).map(displayWidth));
  // A column that says nothing is not worth its place.
  const telling = columns.filter(
    (column) => !(column.optional && cells.get(column)?.every((cell) => cell === '')),
  );
  const whole = telling.reduce((sum, column) => sum + natural(column) + GAP, -GAP);
  const beneath = whole > options.width ? telling.filter((column) => column.beneath) : [];
  const { shown, widths } = fit(
    telling.filter((column) => !beneath.includes(column)),
    natural,
    options.width,
  );
  const table = new Table({
    head: shown.map((column) => style.dim(column.title)),
    // cli-table3 counts the padding in; the last column has none, so that nothing trails.
    colWidths: widths.map((width, index) => width + (index === widths.length - 1 ? 0 : GAP)),
    colAligns: shown.map((column) => column.align ?? 'left'),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  const padding = (index: number): { style: { 'padding-right': number } } => ({
    style: { 'padding-right': index === shown.length - 1 ? 0 : GAP },
  });
  rows.forEach((_, row) => {
    table.push(shown.map((column, index) => ({ content: cells.get(column)?.[row], ...padding(index) })));
  });
  table.options.head = shown.map((column, index) => ({
    content: style.dim(column.title),
    ...padding(index),
  })) as unknown as string[];
  const [head = '', ...lines] = table.toString().replace(/[ ]+$/gm, '').split('\n');
  const below = (row: number): readonly string[] =>
    beneath
      .map((column) => cells.get(column)?.[row] ?? '')
      .filter((cell) => cell !== '')
      .map((cell) => `  ${cut(cell, options.width - 2)}`);
  return [head, ...lines.flatMap((line, row) => [line, ...below(row)])].join('\n');
}

/** Two columns of names and values, for one thing; what is undefined is left out, what is long is wrapped. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string | undefined])[],
  style: Style,
  columns = Infinity,
): string {
  const present = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  const width = Math.max(0, ...present.map(([name]) => displayWidth(name)));
  return present
    .map(([name, value]) => {
      const label = style.dim(name) + ' '.repeat(width - displayWidth(name) + GAP);
      const room = columns - width - GAP;
      const lines = value
        .split('\n')
        .flatMap((line) => (displayWidth(line) > room ? wrap(line, room).split('\n') : line));
      return label + lines.join(`\n${' '.repeat(width + GAP)}`);
    })
    .join('\n');
}

/** Which columns are shown and how wide: flexible ones give way first (the widest most), then optional ones go. */
function fit<T>(
  columns: readonly Column<T>[],
  natural: (column: Column<T>) => number,
  available: number,
): { readonly shown: readonly Column<T>[]; readonly widths: readonly number[] } {
  const widths = columns.map(natural);
  const total = (): number => widths.reduce((sum, width) => sum + width + GAP, -GAP);
  while (total() > available) {
    let widest = -1;
    columns.forEach((column, index) => {
      if (column.flex === undefined || (widths[index] as number) <= column.flex.min) return;
      if (widest < 0 || (widths[index] as number) > (widths[widest] as number)) widest = index;
    });
    if (widest < 0) {
      const last = columns.findLastIndex((column) => column.optional);
      if (last < 0) break;
      return fit(columns.toSpliced(last, 1), natural, available);
    }
    widths[widest] = (widths[widest] as number) - 1;
  }
  return { shown: columns, widths };
}

const NO_LINES = Object.fromEntries(
  [
    'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right',
    'left left-mid mid mid-mid right right-mid middle',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, '']),
);
