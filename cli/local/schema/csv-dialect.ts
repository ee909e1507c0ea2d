const DELIMITERS = [',', ';', '\t', '|'] as const;
const LINES = 20;

/**
 * What stands between the fields of a CSV text: the character that is in the header line and as often in most of the first
 * lines, outside quotes. Undefined when there is none; then the file has one column.
 */
export function findDelimiter(text: string): string | undefined {
  const [header = '', ...records] = firstLines(text);
  let best: { readonly delimiter: string; readonly score: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const fields = countOf(header, delimiter);
    if (fields === 0) continue;
    const agree = records.filter((line) => countOf(line, delimiter) === fields).length;
    const score = agree * 1000 + fields;
    if (best === undefined || score > best.score) best = { delimiter, score };
  }
  return best?.delimiter;
}

/** How many fields the header line has. */
export function fieldsOf(text: string, delimiter: string): number {
  return countOf(firstLines(text)[0] ?? '', delimiter) + 1;
}

/** What a mapping that reads such files must say. */
export function delimiterHint(delimiter: string): string {
  return `In the mapping: from.with: { format: csv, delimiter: ${JSON.stringify(delimiter)} }`;
}

/** The bytes of a file as a reader of streams takes them. */
export async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = 64 * 1024;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function firstLines(text: string): readonly string[] {
  return text
    .slice(0, 256 * 1024)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(0, LINES);
}

/** How often it stands outside quotes. */
function countOf(line: string, delimiter: string): number {
  return line.replace(/"(?:[^"]|"")*"?/g, '').split(delimiter).length - 1;
}
