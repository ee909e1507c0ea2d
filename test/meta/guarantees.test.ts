import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { pageOf, ROOT } from './markdown.ts';

const FILE = 'docs/guarantees.md';
const { prose } = pageOf(FILE, await readFile(join(ROOT, FILE), 'utf8'));
/** The sections whose items are no promises. */
const OTHER = ['Preconditions', 'What is not promised'];

describe('The guarantees', () => {
  it('are each shown by a test', () => {
    const promises = itemsOf(prose);
    assert.ok(promises.length > 20);
    assert.deepEqual(
      promises.filter((item) => !item.includes('](../test/')),
      [],
    );
  });

  for (const { file, titles } of citedByFile()) {
    it(`name tests that there are in ${file}`, async () => {
      const known = await titlesIn(file);
      assert.deepEqual(
        titles.filter((title) => !known.some((pattern) => pattern.test(title))),
        [],
      );
    });
  }
});

/** The items of lists that are promises, each in one line. */
function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  let section = '';
  let open = false;
  for (const line of lines) {
    section = /^## (.*)$/.exec(line)?.[1] ?? section;
    if (line.startsWith('- ') && !OTHER.includes(section)) {
      items.push(line);
      open = true;
    } else if (open && line.startsWith('  ')) items.push(`${items.pop()} ${line.trim()}`);
    else open = false;
  }
  return items;
}

function citedByFile(): readonly { readonly file: string; readonly titles: readonly string[] }[] {
  const cited = new Map<string, string[]>();
  for (const row of itemsOf(prose))
    for (const [, title = '', file = ''] of row.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g))
      cited.set(file, [...(cited.get(file) ?? []), title]);
  return [...cited].map(([file, titles]) => ({ file, titles }));
}

/** What a file calls its tests: first arguments of `it`, and the keys of a suite's table. Parts that vary match anything. */
async function titlesIn(file: string): Promise<readonly RegExp[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const titles: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'it') {
      const title = node.arguments[0] === undefined ? undefined : patternOf(node.arguments[0]);
      if (title !== undefined) titles.push(title);
    } else if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) {
      titles.push(exactly(node.name.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

function patternOf(node: ts.Node): RegExp | undefined {
  if (ts.isStringLiteralLike(node)) return exactly(node.text);
  if (!ts.isTemplateExpression(node)) return undefined;
  const parts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  return new RegExp(`^${parts.map(escaped).join('.+')}$`);
}

function exactly(text: string): RegExp {
  return new RegExp(`^${escaped(text)}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
