import type { Out } from '../output/out.ts';
import type { FileCoverage } from './coverage.ts';

interface Share {
  readonly covered: number;
  readonly total: number;
}

/** The share of lines and of branches, of some files together. */
export function shares(files: readonly FileCoverage[]): { readonly lines: Share; readonly branches: Share } {
  const of = (hits: readonly number[]): Share => ({
    covered: hits.filter((count) => count > 0).length,
    total: hits.length,
  });
  return {
    lines: of(files.flatMap(({ lines }) => lines.map(({ hits }) => hits))),
    branches: of(files.flatMap(({ branches }) => branches.map(({ taken }) => taken))),
  };
}

/** 100 for what has nothing to cover; rounded down, so that 100 means all. */
export function percent({ covered, total }: Share): number {
  return total === 0 ? 100 : Math.floor((covered / total) * 1000) / 10;
}

/** A table of the files with what is not covered, and a last line for all of them. */
export function printCoverage(files: readonly FileCoverage[], out: Out): void {
  const { style } = out;
  const paint = (value: Share): string => {
    const text = value.total === 0 ? '' : `${percent(value).toFixed(percent(value) === 100 ? 0 : 1)} %`;
    if (percent(value) === 100) return style.good(text);
    return percent(value) >= 80 ? style.warn(text) : style.bad(text);
  };
  const rows = files.map((file) => ({ name: file.file, ...shares([file]), missing: missing(file) }));
  out.print();
  out.table<(typeof rows)[number]>(
    [
      { title: 'COVERED', cell: (row) => row.name },
      { title: 'LINES', cell: (row) => paint(row.lines), align: 'right' },
      { title: 'BRANCHES', cell: (row) => paint(row.branches), align: 'right' },
      { title: 'NOT COVERED', cell: (row) => row.missing, flex: { min: 20 } },
    ],
    [
      ...rows,
      ...(files.length > 1 ? [{ name: style.bold('all files'), ...shares(files), missing: '' }] : []),
    ],
  );
}

/** `12-14, 20, 23 when false`. */
function missing({ lines, branches }: FileCoverage): string {
  const ranges: [first: number, last: number][] = [];
  let open = false;
  // Lines that hold nothing to reach do not break a range.
  for (const { line, hits } of lines) {
    const last = ranges.at(-1);
    if (hits > 0) open = false;
    else if (open && last !== undefined) last[1] = line;
    else {
      ranges.push([line, line]);
      open = true;
    }
  }
  const reached = new Set(lines.filter(({ hits }) => hits > 0).map(({ line }) => line));
  return [
    ...ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)),
    ...branches
      .filter(({ taken, line }) => taken === 0 && reached.has(line))
      .map(({ line, name }) => `${line} ${name}`),
  ].join(', ');
}

/** For programs. */
export function plainCoverage(files: readonly FileCoverage[]): object {
  const { lines, branches } = shares(files);
  return {
    lines: { ...lines, percent: percent(lines) },
    branches: { ...branches, percent: percent(branches) },
    files: files.map((file) => ({
      file: file.file,
      lines: { ...shares([file]).lines, percent: percent(shares([file]).lines) },
      branches: { ...shares([file]).branches, percent: percent(shares([file]).branches) },
      uncoveredLines: file.lines.filter(({ hits }) => hits === 0).map(({ line }) => line),
      uncoveredBranches: file.branches
        .filter(({ taken }) => taken === 0)
        .map(({ line, column, name }) => ({ line, column, name })),
    })),
  };
}

/** The coverage as an lcov tracefile (geninfo(1)); `pathOf` makes of a file of the project the path to write. */
export function lcov(files: readonly FileCoverage[], pathOf: (file: string) => string): string {
  return files
    .map(({ file, lines, branches }) =>
      [
        'TN:crossdock test',
        `SF:${pathOf(file)}`,
        ...branches.map(({ line, taken }, at) => `BRDA:${line},${Math.floor(at / 2)},${at % 2},${taken}`),
        `BRF:${branches.length}`,
        `BRH:${branches.filter(({ taken }) => taken > 0).length}`,
        ...lines.map(({ line, hits }) => `DA:${line},${hits}`),
        `LF:${lines.length}`,
        `LH:${lines.filter(({ hits }) => hits > 0).length}`,
        'end_of_record\n',
      ].join('\n'),
    )
    .join('');
}
