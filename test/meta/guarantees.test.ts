import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { pageOf, ROOT } from './markdown.ts';

const FILE = 'docs/guarantees.md';
const { prose } = pageOf(FILE, await readFile(join(ROOT, FILE), 'utf8'));
/** Rows of the tables whose last column names tests. */
const promises = prose.filter((line) => /^\| (?!Promise|---)/.test(line) && line.includes('](../test/'));

describe('The guarantees', () => {
  it('are each shown by a test', () => {
    const rows = tablesOf('Promise');
    assert.ok(rows.length > 20);
    assert.deepEqual(
      rows.filter((row) => !promises.includes(row)),
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

/** The rows of all tables whose first column has this name. */
function tablesOf(head: string): readonly string[] {
  let inside = false;
  return prose.filter((line) => {
    if (!line.startsWith('|')) inside = false;
    else if (line.startsWith(`| ${head} `)) inside = true;
    else if (inside && !/^\| -/.test(line)) return true;
    return false;
  });
}

function citedByFile(): readonly { readonly file: string; readonly titles: readonly string[] }[] {
  const cited = new Map<string, string[]>();
  for (const row of promises)
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
