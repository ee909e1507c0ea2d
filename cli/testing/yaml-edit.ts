import { isCollection, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Document, Node } from 'yaml';
import { isRecord, sameJson } from '../output/diff.ts';

type Path = readonly (string | number)[];

/** Flow collections longer than this are written as blocks. */
const LONG = 90;

/**
 * Sets one value of a YAML text and leaves all else as it is written: comments, order, quotes, empty lines. What
 * can't be written in place is written anew by the yaml package, which keeps comments but not the layout.
 */
export function setInYaml(text: string, path: Path, value: unknown): string {
  const before: unknown = parseDocument(text).toJS();
  const wanted = withValue(before, path, value);
  const edited = edit(text, path, value);
  if (edited !== undefined && sameJson(read(edited), wanted)) return edited;
  const document = parseDocument(text);
  document.setIn(path, value);
  return document.toString({ lineWidth: 0, singleQuote: true });
}

/**
 * Adds an item to the list that a YAML text holds under `name` as its last member, behind an empty line. Throws
 * RangeError when the text is another.
 */
export function appendToYaml(text: string, name: string, item: unknown, comment?: string): string {
  const document = parseDocument(text);
  const list = document.get(name, true);
  const above = comment === undefined ? '' : comment.replace(/^/gm, '# ');
  if (isSeq(list) && list.flow !== true && list.items.length > 0) {
    const indent = ' '.repeat(columnOf(text, (list.items[0] as Node).range?.[0] ?? 0) - 2);
    const lines = [...(above === '' ? [] : above.split('\n')), ...asItem(block(item))];
    const added = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
    const edited = `${text.replace(/\s*$/, '')}\n\n${added}\n`;
    const wanted = withValue(document.toJS(), [name, list.items.length], item);
    if (sameJson(read(edited), wanted)) return edited;
  }
  if (!isSeq(list)) throw new RangeError(`the file has no list "${name}"`);
  const node = document.createNode(item);
  if (comment !== undefined) node.commentBefore = comment.replace(/^/gm, ' ');
  list.add(node);
  return document.toString({ lineWidth: 0, singleQuote: true });
}

/** A value as block YAML, with single quotes where there must be some. */
export function block(value: unknown): string {
  return stringify(value, { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false }).trimEnd();
}

function edit(text: string, path: Path, value: unknown): string | undefined {
  const document = parseDocument(text);
  const node: unknown = document.getIn(path, true);
  if (!isScalar(node) && !isCollection(node)) return insert(text, document, path, value);
  const present: unknown = node.toJS(document);
  if (sameJson(present, value)) return text;
  const inside = children(present, value);
  if (inside !== undefined) {
    let edited: string | undefined = text;
    for (const [key, child] of inside)
      edited = edited === undefined ? undefined : edit(edited, [...path, key], child);
    return edited;
  }
  return replace({ text, document }, path, node, value);
}

/** The members to look into where both sides have the same ones; undefined where the whole must be replaced. */
function children(
  present: unknown,
  value: unknown,
): readonly (readonly [string | number, unknown])[] | undefined {
  if (Array.isArray(present) && Array.isArray(value) && present.length === value.length && value.length > 0)
    return value.map((item: unknown, index) => [index, item] as const);
  if (!isRecord(present) || !isRecord(value)) return undefined;
  const names = Object.keys(present);
  if (names.length === 0 || !names.every((name) => Object.hasOwn(value, name))) return undefined;
  return Object.entries(value);
}

function replace(
  { text, document }: { readonly text: string; readonly document: Document },
  path: Path,
  node: Node,
  value: unknown,
): string {
  const [start, end] = node.range ?? [0, 0];
  const written = text.slice(start, end);
  const isBlock =
    (isCollection(node) && node.flow !== true) || (isScalar(node) && String(node.type).startsWith('BLOCK'));
  const after = isBlock ? (/\s*$/.exec(written)?.[0] ?? '') : '';
  const put = (fresh: string): string => text.slice(0, start) + fresh + after + text.slice(end);
  const flow = flowOf(value);
  if (isBlock) {
    if (isScalar(node)) return put(flow);
    return put(block(value).replaceAll('\n', `\n${' '.repeat(columnOf(text, start))}`));
  }
  const parent = document.getIn(path.slice(0, -1), true);
  const isLong = isNested(value) && flow.length > LONG;
  if (!isLong || isInFlow(document, path) || !isMap(parent)) return put(flow);
  const indent = ' '.repeat(columnOf(text, parent.range?.[0] ?? 0) + 2);
  return put(`\n${indent}${block(value).replaceAll('\n', `\n${indent}`)}`).replace(/ +\n/g, '\n');
}

/** Adds a member that is not there yet. */
function insert(text: string, document: Document, path: Path, value: unknown): string | undefined {
  const name = path.at(-1);
  const at = path.slice(0, -1);
  const parent: unknown = document.getIn(at, true);
  if (!isMap(parent) || typeof name !== 'string') return undefined;
  if (parent.flow === true || parent.items.length === 0) {
    const whole = { ...(parent.toJS(document) as object), [name]: value };
    return replace({ text, document }, at, parent, whole);
  }
  const [start, end] = parent.range ?? [0, 0];
  const last = start + text.slice(start, end).trimEnd().length;
  const lineEnd = text.indexOf('\n', last);
  const where = lineEnd < 0 ? text.length : lineEnd;
  const indent = ' '.repeat(columnOf(text, start));
  const lines = block({ [name]: value }).replace(/^(?=.)/gm, indent);
  return `${text.slice(0, where)}\n${lines}${text.slice(where)}`;
}

function isInFlow(document: Document, path: Path): boolean {
  return path.some((_, length) => {
    const node: unknown = document.getIn(path.slice(0, length), true);
    return isCollection(node) && node.flow === true;
  });
}

/** In one line, as it may stand within brackets. */
function flowOf(value: unknown): string {
  const document = parseDocument('');
  document.contents = document.createNode([value], { flow: true, aliasDuplicateObjects: false }) as never;
  const text = document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: true });
  // The package breaks long collections; within brackets, line breaks and blanks are the same.
  const joined = text
    .trim()
    .replace(/\n\s*/g, ' ')
    .replace(/,\s*([\]}])/g, ' $1');
  const bare = joined.slice(1, -1).trim();
  return sameJson(read(bare), value) ? bare : JSON.stringify(value);
}

function asItem(text: string): readonly string[] {
  return text.split('\n').map((line, at) => (at === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`));
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Undefined for what is no YAML. */
function read(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
}

function withValue(whole: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(whole)) {
    const copy: unknown[] = [...(whole as unknown[])];
    copy[key as number] = withValue(copy[key as number], rest, value);
    return copy;
  }
  const record = isRecord(whole) ? whole : {};
  return { ...record, [key]: withValue(record[key], rest, value) };
}
