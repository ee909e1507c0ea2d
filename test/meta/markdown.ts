import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** Where its fence stands, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Page {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text without its fenced blocks, line by line. */
  readonly prose: readonly string[];
}

/** All pages for people, the generated ones included. */
export async function readPages(): Promise<readonly Page[]> {
  const files = [...globSync('*.md', { cwd: ROOT }), ...globSync('docs/**/*.md', { cwd: ROOT })].sort();
  return Promise.all(
    files.map(async (file) => pageOf(file.replaceAll('\\', '/'), await readFile(join(ROOT, file), 'utf8'))),
  );
}

export function pageOf(file: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(\w*)\s*$/.exec(line);
    if (open === undefined && fence !== null) {
      open = { language: fence[1] ?? '', line: index + 1, lines: [] };
    } else if (open !== undefined && fence !== null) {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else if (open === undefined) prose.push(line);
    else open.lines.push(line);
  }
  return { file, text, blocks, prose };
}

/** The targets of all links of a page that are written in Markdown. */
export function linksOf({ prose }: Page): readonly string[] {
  return prose
    .flatMap((line) => [...line.replace(/``.*?``|`[^`]*`/g, '`').matchAll(/\]\(([^)\s]+)\)/g)])
    .map(([, target = '']) => target);
}

/** The anchors that headings get on the pages of usual forges. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const title = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (title === undefined) continue;
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    anchors.add(anchor);
  }
  return anchors;
}
