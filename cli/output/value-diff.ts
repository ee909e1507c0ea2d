import { align } from './align.ts';
import { isRecord, memberOf, memberPath, sameJson } from './diff.ts';
import type { Style } from './style.ts';
import { blockLines, flowText, isNested, keyText, memberLines, scalarText } from './yaml-text.ts';

/** One line of a unified diff of two values, in YAML. */
export interface DiffLine {
  /** `-` only expected, `+` only came, a space for both. */
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** Where the line's value is: `Lines[1].Net`. */
  readonly path: string;
  /** What a reader might overlook, to stand behind the line. */
  readonly note?: string;
}

interface Options {
  /** Unchanged lines around each change. Default 3. */
  readonly context?: number;
  /** Lines at most. Default 100. */
  readonly most?: number;
  /** Say behind a line what a reader might overlook. Default true. */
  readonly notes?: boolean;
}

/** Texts longer than this are cut to what is around their first difference. */
const LONG = 100;
const LEAD = 30;

/**
 * The differences between two JSON values as a unified diff, in YAML as a test file has it. Members are compared by
 * name, wherever they stand. Items of lists are matched: one that only moved says where to. Two scalars that look
 * alike are told apart by their types.
 */
export function renderDiff(expected: unknown, actual: unknown, style: Style, options: Options = {}): string {
  const { context = 3, most = 100, notes = true } = options;
  const lines = diffLines(expected, actual);
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' '),
  );
  const shown: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as DiffLine;
    if (near[at]) {
      shown.push(paint(line, style, notes));
      continue;
    }
    const next = near.indexOf(true, at);
    const end = next < 0 ? lines.length : next;
    if (end - at === 1) shown.push(paint(line, style, notes));
    else
      shown.push(
        style.dim(`  ⋯ ${end - at} lines alike${next < 0 ? '' : `, down to ${placeOf(lines, next)}`}`),
      );
    at = end - 1;
  }
  if (shown.length <= most) return shown.join('\n');
  const rest = shown.length - most;
  return [...shown.slice(0, most), style.dim(`  ⋯ ${rest} more lines; --json has all differences`)].join(
    '\n',
  );
}

/** All lines of the diff, unchanged ones included. */
export function diffLines(expected: unknown, actual: unknown, path = ''): readonly DiffLine[] {
  if (sameJson(expected, actual)) return both(blockLines(expected), path);
  if (isRecord(expected) && isRecord(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].filter(
      (name) => memberOf(expected, name) !== undefined || memberOf(actual, name) !== undefined,
    );
    return names.flatMap((name) => diffMember(name, expected, actual, memberPath(path, name)));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length > 0 && actual.length > 0)
    return diffList(expected, actual, path);
  if (isNested(expected) || isNested(actual))
    return [...only('-', blockOf(expected), path), ...only('+', blockOf(actual), path)];
  return diffScalars('', expected, actual, path);
}

function diffMember(
  name: string,
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  path: string,
): readonly DiffLine[] {
  const [was, is] = [memberOf(expected, name), memberOf(actual, name)];
  if (sameJson(was, is)) return both(memberLines(name, was), path);
  if (is === undefined) return only('-', memberLines(name, was), path, 'missing');
  if (was === undefined) return only('+', memberLines(name, is), path, 'not expected');
  const sameKind =
    (isRecord(was) && isRecord(is)) ||
    (Array.isArray(was) && Array.isArray(is) && isNested(was) && isNested(is));
  if (sameKind && isNested(was) && isNested(is))
    return [
      { sign: ' ', text: `${keyText(name)}:`, path },
      ...diffLines(was, is, path).map((line) => ({ ...line, text: `  ${line.text}` })),
    ];
  if (isNested(was) || isNested(is))
    return [...only('-', memberLines(name, was), path), ...only('+', memberLines(name, is), path)];
  return diffScalars(`${keyText(name)}: `, was, is, path);
}

function diffList(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): readonly DiffLine[] {
  return align(expected, actual).flatMap(({ expected: i, actual: j, moved }) => {
    if (i !== undefined && j !== undefined) return asItem(diffLines(expected[i], actual[j], `${path}[${j}]`));
    if (i !== undefined) {
      const at = `${path}[${i}]`;
      if (moved !== undefined) return only('-', [`- ${flowText(expected[i])}`], at, `moved to [${moved}]`);
      return asItem(only('-', blockOf(expected[i]), at, 'missing'));
    }
    const at = `${path}[${j as number}]`;
    const item = actual[j as number];
    if (moved !== undefined) return only('+', [`- ${flowText(item)}`], at, `moved from [${moved}]`);
    return asItem(only('+', blockOf(item), at, 'not expected'));
  });
}

/** The dash before an item stands in its first line, and in what came in the place of that line. */
function asItem(lines: readonly DiffLine[]): readonly DiffLine[] {
  const instead = lines[0]?.sign === '-' ? lines.findIndex(({ sign }) => sign !== '-') : -1;
  return lines.map((line, at) => ({
    ...line,
    text: at === 0 || (at === instead && line.sign === '+') ? `- ${line.text}` : `  ${line.text}`,
  }));
}

function diffScalars(before: string, expected: unknown, actual: unknown, path: string): readonly DiffLine[] {
  const [was, is] = around(scalarText(expected), scalarText(actual));
  const [wasType, isType] = [typeOf(expected), typeOf(actual)];
  const told = wasType !== isType;
  return [
    { sign: '-', text: before + was, path, ...(told ? { note: wasType } : {}) },
    { sign: '+', text: before + is, path, ...(told ? { note: isType } : {}) },
  ];
}

/** Of two long texts, the parts around the first place where they differ. */
function around(a: string, b: string): readonly [string, string] {
  if (a.length <= LONG && b.length <= LONG) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const from = Math.max(0, same - LEAD);
  const cut = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + LONG)}${from + LONG < text.length ? '…' : ''}`;
  return [cut(a), cut(b)];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return value === undefined ? 'nothing' : typeof value;
}

function blockOf(value: unknown): readonly string[] {
  return value === undefined ? [scalarText(undefined)] : blockLines(value);
}

function both(lines: readonly string[], path: string): readonly DiffLine[] {
  return lines.map((text) => ({ sign: ' ', text, path }));
}

function only(sign: '-' | '+', lines: readonly string[], path: string, note?: string): readonly DiffLine[] {
  return lines.map((text, at) => ({ sign, text, path, ...(at === 0 && note !== undefined ? { note } : {}) }));
}

function paint({ sign, text, note }: DiffLine, style: Style, notes: boolean): string {
  const behind = note === undefined || !notes ? '' : `  ${style.dim(`# ${note}`)}`;
  if (sign === ' ') return `  ${style.dim(text)}${behind}`;
  return (sign === '-' ? style.bad(`- ${text}`) : style.good(`+ ${text}`)) + behind;
}

/** Where a run of shown lines begins to differ. */
function placeOf(lines: readonly DiffLine[], from: number): string {
  return lines.slice(from).find(({ sign }) => sign !== ' ')?.path ?? '';
}
