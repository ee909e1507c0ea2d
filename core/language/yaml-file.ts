import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import type { ExpressionText, Position } from '../model/mapping.ts';
import { describeFault, formatPath, type Path, type ProblemList, type Remark } from './problem.ts';
import type { Place } from './project.ts';
import { scalarPlaces } from './scalar-places.ts';
import type { SchemaFault } from './schema-faults.ts';
import { yamlFaults } from './yaml-faults.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

/** A YAML (or JSON) file of the project: its value, and where each part of it stands. */
export interface YamlFile {
  /** Relative to the project's root. */
  readonly name: string;
  /** Plain JSON; undefined when the file has nothing in it. */
  readonly value: unknown;
  /** Of the value at `path`, or of its key; what does not exist is where its nearest ancestor is. */
  position(path: Path, part?: 'key' | 'value'): Position;
  /** Behind the last character of the scalar at `path`, or of its key, where there is one. */
  end(path: Path, part?: 'key' | 'value'): Place | undefined;
  /** The string at `path`, with the place of its first character. */
  expression(path: Path): ExpressionText;
  /** Adds a problem of what stands at `path`. */
  tell(path: Path, message: string, remark?: Remark): void;
  /** Adds the faults that `value`, which stands at `base`, has against a schema. */
  tellFaults(base: Path, value: unknown, faults: readonly SchemaFault[]): void;
}

/**
 * Reads a file that people write. Everything that YAML would let pass by silently is a problem: duplicate keys, tags,
 * several documents, aliases that lead nowhere or multiply, merge keys, keys that are not text. Undefined when there is no value to
 * go on with.
 */
export function readYaml(name: string, text: string, problems: ProblemList): YamlFile | undefined {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const fail = (offset: number, message: string): void =>
    problems.add({ ...at(offset), path: '', code: 'yaml', message });
  if (text.length > MAX_BYTES) {
    fail(0, 'the file is larger than 4 MiB');
    return undefined;
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
    if (document.errors.some(({ message }) => message.includes('call stack'))) throw new RangeError();
    const language = name.endsWith('.json') ? 'JSON' : 'YAML';
    for (const error of firstOfEachLine(document, lines))
      fail(error.pos[0], plainWords(error.message, language));
    if (document.errors.length > 0) return undefined;
    // A bound of a schema (the largest of 64 bits) need not be exact.
    const faults = yamlFaults(document, !name.startsWith('schemas/'));
    for (const { offset, message } of faults) fail(offset, message);
    const sound = faults.length === 0;
    const value: unknown = sound ? document.toJS({ maxAliasCount: MAX_ALIASES }) : undefined;
    return sound ? located({ name, value: value ?? undefined, text, document, at }, problems) : undefined;
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deep' : (error as Error).message;
    fail(
      0,
      /alias/i.test(reason) ? 'aliases make the file grow too much' : `the file can not be read: ${reason}`,
    );
    return undefined;
  }
}

/** One slip often makes the parser stumble several times in the same line; the first says it best. */
function firstOfEachLine(document: Document, lines: LineCounter): Document['errors'] {
  const seen = new Set<number>();
  return document.errors.filter(({ pos, code }) => {
    const { line } = lines.linePos(pos[0]);
    const first = !seen.has(line) || code === 'DUPLICATE_KEY';
    seen.add(line);
    return first;
  });
}

function plainWords(message: string, language: string): string {
  if (message === 'Map keys must be unique') return 'the key is there twice';
  if (message.startsWith('Source contains multiple documents'))
    return 'the file has more than one document (---)';
  if (message.startsWith('Tabs are not allowed')) return 'tabs can not be used to indent';
  return `not valid ${language}: ${message}`;
}

interface Parsed {
  readonly name: string;
  readonly value: unknown;
  readonly text: string;
  readonly document: Document;
  readonly at: (offset: number) => Position;
}

function located({ name, value, text, document, at }: Parsed, problems: ProblemList): YamlFile {
  /** The node at a path, and where it stands; as deep as the path leads. */
  const find = (path: Path, part: 'key' | 'value'): Found => {
    let node: unknown = document.contents;
    let last: unknown;
    let offset = offsetOf(node) ?? 0;
    for (const [i, key] of path.entries()) {
      const found = child(isAlias(node) ? node.resolve(document) : node, key);
      if (found === undefined) return { node: undefined, offset };
      last = isPair(found) ? found.key : undefined;
      const keyOffset = offsetOf(last);
      node = isPair(found) ? found.value : found;
      const wanted = part === 'key' && i === path.length - 1 ? keyOffset : offsetOf(node);
      offset = wanted ?? keyOffset ?? offset;
    }
    return { node, key: last, offset };
  };
  const file: YamlFile = {
    name,
    value,
    position: (path, part = 'value') => at(find(path, part).offset),
    end: (path, part = 'value') => {
      const { node, key } = find(path, part);
      const meant = part === 'key' ? key : node;
      const end = isScalar(meant) ? meant.range?.[1] : undefined;
      return end === undefined ? undefined : placeIn(at(end));
    },
    expression: (path) => {
      const { node, offset } = find(path, 'value');
      const scalar = isAlias(node) ? node.resolve(document) : node;
      return isScalar(scalar) && typeof scalar.value === 'string'
        ? scalarText(scalar as Scalar<string>, text, at)
        : { source: '', at: at(offset), folded: true };
    },
    tell: (path, message, { part, code = 'form', near, hint = near && `did you mean "${near}"?` } = {}) => {
      const from = file.position(path, part);
      const end = file.end(path, part);
      const fix =
        near === undefined || end === undefined ? undefined : { from: placeIn(from), to: end, text: near };
      problems.add({ ...from, path: formatPath(path), code, message, hint, end, fix });
    },
    tellFaults: (base, whole, faults) => {
      for (const fault of faults) {
        const { path, message, ...remark } = describeFault(fault, whole);
        const code = name.startsWith('schemas/') ? 'schema' : remark.code;
        file.tell([...base, ...path], message, { ...remark, code });
      }
    },
  };
  return file;
}

/** The node at a path and the key that leads to it, and where the one that is asked for stands. */
interface Found {
  readonly node: unknown;
  readonly key?: unknown;
  readonly offset: number;
}

function placeIn({ line, column }: Position): Place {
  return { line, column };
}

function child(node: unknown, key: string | number): Pair | Node | undefined {
  if (isMap(node))
    return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
  if (isSeq(node)) return node.items[Number(key)] as Node | undefined;
  return undefined;
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** The text of a scalar; where its characters are not written one behind the other, with the places of its pieces. */
function scalarText(node: Scalar<string>, text: string, at: (offset: number) => Position): ExpressionText {
  const source = node.value;
  const [start, end] = node.range ?? [0, 0];
  const written = text.slice(start, end);
  if (written === source && !source.includes('\n')) return { source, at: at(start) };
  if (written.slice(1, -1) === source && !source.includes('\n')) return { source, at: at(start + 1) };
  const places = scalarPlaces(node.type ?? 'PLAIN', written, source);
  const first = places?.[0];
  if (places === undefined || first === undefined) return { source, at: at(start), folded: true };
  const starts = [...places.keys()].filter(
    (i) => i === 0 || places[i] !== (places[i - 1] ?? 0) + 1 || source[i - 1] === '\n',
  );
  const pieces = starts.map((offset) => {
    const { line, column } = at(start + (places[offset] ?? 0));
    return { offset, line, column };
  });
  return { source, at: at(start + first), pieces };
}
