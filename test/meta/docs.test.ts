import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { formatProblem, loadProject } from '../../core/language/index.ts';
import { connectors } from '../../connectors/index.ts';
import { capturedIo, crossdock } from '../unit/cli/captured-io.ts';
import { anchorsOf, linksOf, readPages, ROOT } from './markdown.ts';
import type { Page } from './markdown.ts';

const pages = await readPages();

const written = pages.filter(({ file }) => !file.startsWith('docs/reference/'));

describe('The documentation', () => {
  for (const page of pages) {
    it(`has links in ${page.file} that lead somewhere`, () => {
      const broken = linksOf(page).filter((target) => !leadsSomewhere(page, target));
      assert.deepEqual(broken, []);
    });
  }

  for (const page of written.filter(showsFiles)) {
    it(`shows files in ${page.file} that a hub takes`, async () => {
      const root = await makeProject(page);
      try {
        // Secrets of examples are in no environment; any text will do.
        const env = new Proxy({}, { get: () => 'c2VjcmV0', has: () => true });
        const { problems } = await loadProject({ root, env, connectors });
        assert.deepEqual(problems.map(formatProblem), []);
        if (filesOf(page).some(({ path }) => path.endsWith('.test.yaml'))) {
          const tests = filesOf(page).flatMap(({ path }) => (path.endsWith('.test.yaml') ? [path] : []));
          const ran = await crossdock(['test', ...tests], { cwd: root, env: environmentOf(page) });
          assert.equal(ran.code, 0, `${ran.stdout}${ran.stderr}`);
        }
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });
  }

  it('shows commands that there are, with options that they have', () => {
    const program = createProgram(capturedIo());
    const wrong = pages.flatMap((page) =>
      commandsOf(page).flatMap((words) => {
        const fault = faultOf(program, words);
        return fault === undefined ? [] : [`${page.file}: crossdock ${words.join(' ')}: ${fault}`];
      }),
    );
    assert.deepEqual(wrong, []);
  });

  it('names only files of the repository that there are', () => {
    const missing = written.flatMap(({ file, prose }) =>
      prose
        .flatMap((line) => [
          ...line.matchAll(/`((?:core|api|cli|connectors|test|scripts|bench|sandbox)\/[^`\s]*)`/g),
        ])
        .map(([, path = '']) => path)
        .filter((path) => globSync(path, { cwd: ROOT }).length === 0)
        .map((path) => `${file}: ${path}`),
    );
    assert.deepEqual(missing, []);
  });

  it('names only npm scripts that there are', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => ({ file, name })),
    );
    assert.deepEqual(
      named.filter(({ name }) => scripts[name] === undefined),
      [],
    );
  });
});

/** The tutorial has a project of its own, with mistakes, and a test that follows it: test/e2e/tutorial.test.ts. */
function showsFiles({ file, blocks }: Page): boolean {
  return file !== 'docs/tutorial.md' && blocks.some(({ language }) => language === 'yaml');
}

function leadsSomewhere({ file }: Page, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return /^https:/.test(target);
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? file : posix.join(posix.dirname(file), path);
  if (anchor === undefined) return existsSync(join(ROOT, to));
  const page = pages.find((candidate) => candidate.file === to);
  return page !== undefined && anchorsOf(page).has(anchor);
}

/** A YAML block whose first line is a comment with a path is that file; the others are parts of a mapping. */
function filesOf({ blocks }: Page): readonly { readonly path: string; readonly text: string }[] {
  let parts = 0;
  return blocks
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => {
      const path = /^# ([\w./@-]+\.ya?ml)$/m.exec(text.split('\n')[0] ?? '')?.[1];
      if (path !== undefined) return { path, text };
      parts += 1;
      const mapping = { ...EMPTY_MAPPING, ...(parse(text) as object) };
      return { path: `mappings/parts/part-${parts}.yaml`, text: stringify(mapping) };
    });
}

const EMPTY_MAPPING = {
  from: { connection: 'shop', source: 'webhook' },
  to: [{ target: 'parts', topic: 'parts' }],
};

/** The sample hub, with the files that a page shows laid over it. */
async function makeProject(page: Page): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crossdock-docs-'));
  for (const folder of ['config', 'mappings', 'schemas'])
    await cp(join(ROOT, folder), join(root, folder), { recursive: true });
  const part = join(root, 'mappings/parts');
  await mkdir(part);
  await cp(join(ROOT, 'mappings/sales/crm-deal.jsonata'), join(part, 'crm-deal.jsonata'));
  for (const { path, text } of filesOf(page)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path.startsWith('config/') ? await merged(file, text) : text);
  }
  return root;
}

async function merged(file: string, text: string): Promise<string> {
  const before = existsSync(file) ? (parse(await readFile(file, 'utf8')) as object) : {};
  return stringify({ ...before, ...(parse(text) as object) });
}

/** Something for every variable that the page's files refer to. */
function environmentOf({ text }: Page): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/\$\{env:(\w+)/g)].map(([, name = '']) => [name, 'c2VjcmV0']));
}

/** The command lines in shell blocks and in running text, as words behind `crossdock`. */
function commandsOf({ blocks, prose }: Page): readonly (readonly string[])[] {
  const lines = blocks.flatMap(({ language, text }) => (language === 'sh' ? text.split('\n') : []));
  const inline = prose.flatMap((line) => [...line.matchAll(/`((?:npx )?crossdock [^`]+)`/g)]);
  return [...lines, ...inline.map(([, text = '']) => text)].flatMap((line) =>
    line
      .replace(/\s#.*$/, '')
      .split(/&&|\|\|?|;/)
      .flatMap((part) => {
        const words = /(?:^|\s)crossdock (.*)$/.exec(part.trim())?.[1];
        return words === undefined ? [] : [words.trim().split(/\s+/)];
      }),
  );
}

function faultOf(program: Command, words: readonly string[]): string | undefined {
  let command = program;
  let known = program.options;
  let arguing = false;
  for (const word of words) {
    if (word.startsWith('-') && word !== '-') {
      arguing = true;
      const name = word.split('=')[0];
      if (name === '--help' || known.some((option) => option.long === name || option.short === name))
        continue;
      return `no option ${word}`;
    }
    const child = arguing
      ? undefined
      : command.commands.find((candidate) => [candidate.name(), ...candidate.aliases()].includes(word));
    if (child === undefined) {
      if (command === program && word !== 'help' && !/^[[<…]/.test(word)) return `no command ${word}`;
      arguing = true;
    } else {
      command = child;
      known = [...known, ...child.options];
    }
  }
  return undefined;
}
