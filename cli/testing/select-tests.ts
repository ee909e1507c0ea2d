import { globSync } from 'node:fs';
import { sep } from 'node:path';
import { pathInProject } from '../local/path-in-project.ts';
import { mappingOf } from '../local/test-file.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';

/** Every test file of the project, by its path within. */
export function testFiles(root: string): readonly string[] {
  return matching(root, 'mappings/**/*.test.{yaml,yml}');
}

/**
 * The test files that are meant: by path, by folder, by the name of a mapping or a domain, or by a pattern of either
 * (`sales/*`, `mappings/sales/*.test.yaml`). A mapping's own file means its tests. Throws UsageError.
 */
export function selectTests(
  session: Pick<Session, 'root' | 'io'>,
  wanted: readonly string[],
): readonly string[] {
  const { root } = session;
  const all = testFiles(root);
  if (wanted.length === 0) return all;
  const chosen = wanted.flatMap((word) => {
    const path = pathInProject(session, word);
    const found = new Set(
      /[*?[{]/.test(word) ? byPattern(root, word, path) : all.filter(isMeant(word, path)),
    );
    if (found.size === 0)
      throw new UsageError(`No test file is meant by "${word}".${suggestion(word, all.map(mappingOf))}`);
    return all.filter((file) => found.has(file));
  });
  return [...new Set(chosen)];
}

function isMeant(word: string, path: string): (file: string) => boolean {
  const name = word.replace(/^mappings\//, '').replace(/\/$/, '');
  const ownFile = path.replace(/\.ya?ml$/, '');
  return (file) => {
    const mapping = mappingOf(file);
    return (
      file === path ||
      file.startsWith(`${path}/`) ||
      mapping === name ||
      mapping.startsWith(`${name}/`) ||
      `mappings/${mapping}` === ownFile
    );
  };
}

function byPattern(root: string, word: string, path: string): readonly string[] {
  return [...matching(root, path), ...matching(root, `mappings/${word}.test.{yaml,yml}`)];
}

function matching(root: string, pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root }).map(slashes).sort();
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
