import type { Clock } from '../../core/model/clock.ts';
import type { LocalMapping } from '../local/compile-routes.ts';
import type { TestCase, TestFile } from '../local/test-file.ts';
import { differences } from '../output/diff.ts';
import type { CaseResult, FileResult, PlacedMismatch, TestResults } from './results.ts';
import type { CaseOnlooker, CaseRun, Mismatch } from './run-case.ts';
import { runCase } from './run-case.ts';

/** What a run is made with. */
export interface RunOptions {
  readonly clock: Clock;
  /** The mapping of a test file, compiled; files without one are refused before. */
  readonly mappingOf: (name: string) => LocalMapping;
  /** Only the cases for which this is true; default all. */
  readonly chosen?: (file: string, test: TestCase) => boolean;
  /** End after the first failure. */
  readonly bail?: boolean;
  /** Called with each file's result as it is known. */
  readonly onFile?: (result: FileResult) => void;
  /** Who watches the cases of a mapping. */
  readonly watch?: (mapping: string) => {
    readonly onlooker: CaseOnlooker;
    /** Called after each case. */
    arrived(run: CaseRun): void;
  };
}

/** Runs the cases of the files, one after the other. Files of which no case is chosen are left out. */
export async function runFiles(files: readonly TestFile[], options: RunOptions): Promise<TestResults> {
  const started = options.clock.monotonic();
  const results: FileResult[] = [];
  let left = 0;
  let failed = false;
  for (const file of files) {
    const cases = file.cases.filter((test) => options.chosen?.(file.file, test) ?? true);
    if (cases.length === 0) continue;
    const began = options.clock.monotonic();
    const ended: CaseResult[] = [];
    for (const test of cases) {
      if (failed && options.bail) {
        left += 1;
        continue;
      }
      const result = await runOne(file, test, options);
      failed ||= result.state === 'failed';
      ended.push(result);
    }
    if (ended.length === 0) continue;
    const durationMs = options.clock.monotonic() - began;
    const result = { file: file.file, mapping: file.mapping, cases: ended, durationMs };
    results.push(result);
    options.onFile?.(result);
  }
  return { files: results, durationMs: options.clock.monotonic() - started, left };
}

async function runOne(
  file: TestFile,
  test: TestCase,
  { clock, mappingOf, watch }: RunOptions,
): Promise<CaseResult> {
  const { name, line, column, index, todo } = test;
  const about = { name, line, column, index };
  if (todo !== undefined) return { ...about, state: 'todo', todo, durationMs: 0, mismatches: [] };
  const watching = watch?.(file.mapping);
  const started = clock.monotonic();
  const run = await runCase(test, mappingOf(file.mapping), watching?.onlooker);
  const durationMs = clock.monotonic() - started;
  watching?.arrived(run);
  return {
    ...about,
    state: run.mismatches.length === 0 ? 'passed' : 'failed',
    durationMs,
    mismatches: run.mismatches.map((mismatch) => placed(mismatch, test)),
  };
}

/** The place of what differs: the value itself, where the case has it. */
function placed(mismatch: Mismatch, test: TestCase): PlacedMismatch {
  const { path, values } = mismatch;
  if (values === undefined) return { ...mismatch, ...test.place(path) };
  const found = differences(values.expected, values.actual);
  return { ...mismatch, ...test.place([...path, ...segments(found[0]?.path ?? '')]), differences: found };
}

/** `Lines[0].Net` → `['Lines', 0, 'Net']`. */
function segments(path: string): readonly (string | number)[] {
  return [...path.matchAll(/([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, name, index, quoted]) =>
      name ?? (index === undefined ? (JSON.parse(quoted as string) as string) : Number(index)),
  );
}
