import { stripVTControlCharacters } from 'node:util';

/** Control characters but tab and line feed (C0, DEL, C1), and those that turn the direction of writing. */
const UNSAFE = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from elsewhere (a target's answer, a message's body) made safe for a terminal: control characters become
 * visible, so that nobody can move the cursor, change the title or paint over lines of an operator's screen.
 * Line breaks and tabs stay when `lines` is true, else they become spaces.
 */
export function safeText(text: string, lines = false): string {
  const visible = text.replace(UNSAFE, (character) =>
    character === '\r' ? '' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return lines ? visible : visible.replace(/[\n\t]+/g, ' ');
}

/** Columns that a text takes on a terminal, without its colours; East Asian wide characters and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (/\p{M}|\u200d|\ufe0f/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** At most so many columns of a text without colours; an ellipsis stands for the rest. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** `1 failure`, `1,204 failures`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** 1_572_864 → `1.5 MB`: sizes for people, in powers of 1024. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : Number(size.toFixed(1))} ${units[unit]}`;
}

/** Lines of at most `width` columns, broken between words. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && displayWidth(line) + 1 + displayWidth(word) <= Math.max(20, width))
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Each line moved to the right. */
export function indent(text: string, by: string | number): string {
  const prefix = typeof by === 'number' ? ' '.repeat(by) : by;
  return text.replace(/^(?=.)/gm, prefix);
}
