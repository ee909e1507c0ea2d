import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import type { FileResult, PlacedMismatch, TestResults } from './results.ts';
import { setInYaml } from './yaml-edit.ts';

interface Expectation {
  readonly file: string;
  /** From the root of the file. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Writes what came in the place of what was expected, for values that differ: outputs, ids, keys and parts. Asks before.
 * What should have been filtered or failed is never rewritten. Returns how many mismatches are left.
 */
export async function updateExpectations(
  session: Session,
  results: TestResults,
  yes: boolean,
): Promise<number> {
  const { out, root } = session;
  const mismatches = results.files.flatMap((file) => file.cases.flatMap((one) => one.mismatches)).length;
  const expectations = results.files.flatMap(expectationsOf);
  if (expectations.length === 0) {
    if (mismatches > 0) out.note('Nothing to update: only values that differ are rewritten.');
    return mismatches;
  }
  const files = [...new Set(expectations.map(({ file }) => file))];
  const what = `${count(expectations.length, 'expectation')} in ${count(files.length, 'file')}`;
  if (!(await out.confirm(`Overwrite ${what} with what came?`, yes))) return mismatches;
  for (const file of files) {
    const path = join(root, file);
    let text = await readFile(path, 'utf8');
    for (const one of expectations.filter((other) => other.file === file))
      text = setInYaml(text, one.path, one.value);
    await writeFile(path, text);
  }
  out.print(`${out.style.good('✓')} ${what} written: ${files.join(', ')}`);
  return mismatches - expectations.length;
}

function expectationsOf({ file, cases }: FileResult): readonly Expectation[] {
  return cases.flatMap(({ index, mismatches }) =>
    mismatches.flatMap((mismatch) =>
      isRewritable(mismatch)
        ? [{ file, path: ['cases', index, ...mismatch.path], value: mismatch.values?.actual }]
        : [],
    ),
  );
}

function isRewritable({ path, values }: PlacedMismatch): boolean {
  return values?.actual !== undefined && ['expect', 'message', 'split'].includes(String(path[0]));
}
