/** How a scalar is written in YAML. */
export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a scalar's text stands in what is written: past quotes and escapes, folded lines and
 * indentation. Undefined where the two do not match, whatever the reason.
 */
export function scalarPlaces(
  style: ScalarStyle,
  written: string,
  text: string,
): readonly number[] | undefined {
  return style === 'BLOCK_LITERAL' || style === 'BLOCK_FOLDED'
    ? blockPlaces(style === 'BLOCK_FOLDED', written, text)
    : flowPlaces(style, written, text);
}

function flowPlaces(style: ScalarStyle, written: string, text: string): readonly number[] | undefined {
  const places: number[] = [];
  let at = style === 'PLAIN' ? 0 : 1;
  while (places.length < text.length) {
    const i = places.length;
    const escape = style === 'QUOTE_DOUBLE' && written[at] === '\\' ? escapeAt(written, at) : undefined;
    if (escape !== undefined) {
      if (!text.startsWith(escape.text, i)) return undefined;
      for (let k = 0; k < escape.text.length; k++) places.push(at);
      at += escape.length;
      continue;
    }
    const fold = /^[ \t]*\r?\n[ \t\r\n]*/.exec(written.slice(at, at + 4_096))?.[0];
    if (fold !== undefined) {
      const lines = fold.split('\n').length - 1;
      const folded = lines === 1 ? ' ' : '\n'.repeat(lines - 1);
      if (!text.startsWith(folded, i)) return undefined;
      for (let k = 0; k < folded.length; k++) places.push(at);
      at += fold.length;
      continue;
    }
    if (written[at] !== text[i]) return undefined;
    places.push(at);
    at += style === 'QUOTE_SINGLE' && text[i] === "'" ? 2 : 1;
  }
  return places;
}

function escapeAt(
  written: string,
  at: number,
): { readonly text: string; readonly length: number } | undefined {
  const kind = written[at + 1] ?? '';
  const digits = CODES[kind];
  if (digits !== undefined) {
    const code = Number.parseInt(written.slice(at + 2, at + 2 + digits), 16);
    return code <= 0x10ffff ? { text: String.fromCodePoint(code), length: digits + 2 } : undefined;
  }
  // A backslash at the end of a line joins it to the next one.
  const joined = /^\\\r?\n[ \t]*/.exec(written.slice(at, at + 4_096))?.[0];
  if (joined !== undefined) return { text: '', length: joined.length };
  const text = ESCAPES[kind];
  return text === undefined ? undefined : { text, length: 2 };
}

function blockPlaces(folded: boolean, written: string, text: string): readonly number[] | undefined {
  const places: number[] = [];
  let at = written.indexOf('\n') + 1;
  const indent = indentOf(written.slice(at), text);
  if (at === 0 || indent === undefined) return undefined;
  const skipIndent = (): void => {
    for (let k = 0; k < indent && written[at] === ' '; k++) at++;
  };
  skipIndent();
  while (places.length < text.length) {
    const i = places.length;
    const breaks = /^\r?\n(?:[ \t]*\r?\n)*/.exec(written.slice(at, at + 65_536))?.[0];
    if (folded && breaks !== undefined) {
      const lines = breaks.split('\n').length - 1;
      const kept = /^\n*/.exec(text.slice(i))?.[0].length ?? 0;
      const single = lines === 1 && text[i] === ' ';
      if (!single && kept !== lines && kept !== lines - 1)
        return i + kept >= text.length ? places : undefined;
      for (let k = 0; k < (single ? 1 : kept); k++) places.push(at);
      at += breaks.length;
      skipIndent();
      continue;
    }
    if (written[at] === '\r' && written[at + 1] === '\n') at++;
    // The last line need not end in the file.
    if (written[at] !== text[i]) return text.slice(i).trim() === '' ? places : undefined;
    places.push(at++);
    if (text[i] === '\n') skipIndent();
  }
  return places;
}

/** How far the lines of a block are set in: as far as its first line that is not empty, less what that keeps. */
function indentOf(lines: string, text: string): number | undefined {
  const written = lines.split('\n').find((line) => line.trim() !== '');
  const kept = text.split('\n').find((line) => line.trim() !== '');
  if (written === undefined || kept === undefined) return undefined;
  const indent = written.search(/\S/) - kept.search(/\S/);
  return indent < 0 ? undefined : indent;
}
