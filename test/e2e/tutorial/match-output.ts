import { stripVTControlCharacters } from 'node:util';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** What is another one each time: what it looks like on the page, and so in the output. Ids are dealt with apart. */
const VARYING = [
  '\\((?:now|\\d+[smh] ago)\\)',
  '20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d', // a day and a time
  '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?', // a time
  '\\+?\\d+(?:\\.\\d+)?(?:µs|ms|s|m)\\b', // a duration
];
const TOKEN = new RegExp(`(${UUID})|(${VARYING.join('|')})|(…)`, 'g');

/** Ids of the page and what they are in this run. */
export type Ids = Map<string, string>;

/**
 * Whether an output is what the page shows. Ids, times and durations of the page stand for any others; the same id is the
 * same one everywhere, another id another one. `…` in a line is some text, as a whole line it is some lines. Runs of spaces are alike.
 * Gives the ids that are new; undefined when it is something else.
 * With `whole` it is all of the output, without it some lines of it.
 */
export function matchOutput(shown: string, actual: string, ids: Ids, whole = true): Ids | undefined {
  const fresh: string[] = [];
  const lines = plain(shown).split('\n');
  const source = lines.map((line) =>
    line.trim() === '…' ? '(?:.*\\n)*?' : `${lineSource(line, ids, fresh)}\\n`,
  );
  const pattern = whole ? `^${source.join('')}$` : `(?:^|\\n)${source.join('')}`;
  const match = new RegExp(pattern).exec(`${plain(actual)}\n`);
  if (match === null) return undefined;
  const found: Ids = new Map(fresh.map((id, at) => [id, match.groups?.[`id${at}`] ?? '']));
  const distinct = new Set([...ids.values(), ...found.values()]).size === ids.size + found.size;
  return distinct ? found : undefined;
}

function lineSource(line: string, ids: Ids, fresh: string[]): string {
  let source = '';
  let end = 0;
  for (const { 0: token, 1: id, 2: varying, index } of line.matchAll(TOKEN)) {
    source += literal(line.slice(end, index));
    if (id !== undefined) source += idSource(id, ids, fresh);
    else if (varying === undefined) source += '.*';
    else source += VARYING.find((kind) => new RegExp(`^${kind}$`).test(varying)) ?? '';
    end = index + token.length;
  }
  return source + literal(line.slice(end));
}

function idSource(id: string, ids: Ids, fresh: string[]): string {
  const known = ids.get(id);
  if (known !== undefined) return known;
  const at = fresh.indexOf(id);
  if (at >= 0) return `\\k<id${at}>`;
  return `(?<id${fresh.push(id) - 1}>${UUID})`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What takes a line of progress away, to write over it. */
const OVERWRITE = '\r\u001b[2K';

/** As it stands on a screen: without colours, without what was overwritten, without spaces that only align. */
export function plain(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split(OVERWRITE).at(-1) ?? '')
    .map((line) => stripVTControlCharacters(line).trimEnd())
    .map((line) => line.replace(/(?<=\S) {2,}/g, '  '))
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}
