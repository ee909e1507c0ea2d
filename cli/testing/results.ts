import type { Difference } from '../output/diff.ts';
import type { Mismatch } from './run-case.ts';

/** A mismatch with its place in the test file. */
export interface PlacedMismatch extends Mismatch {
  /** Both from 1: of the expectation that was not met, as deep as it can be told. */
  readonly line: number;
  readonly column: number;
  /** Where values differ, for programs. */
  readonly differences?: readonly Difference[];
}

/** How one case ended. */
export interface CaseResult {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly state: 'passed' | 'failed' | 'todo';
  /** Why it can not run yet. */
  readonly todo?: string;
  readonly durationMs: number;
  readonly mismatches: readonly PlacedMismatch[];
  /** Its place in the file's `cases`. */
  readonly index: number;
}

export interface FileResult {
  readonly file: string;
  readonly mapping: string;
  readonly cases: readonly CaseResult[];
  readonly durationMs: number;
}

/** What a run of tests came to. */
export interface TestResults {
  readonly files: readonly FileResult[];
  readonly durationMs: number;
  /** Cases that were left out after the first failure (--bail). */
  readonly left: number;
}

/** How many cases ended how. */
export function tally({ files }: TestResults): {
  readonly passed: number;
  readonly failed: number;
  readonly todo: number;
} {
  const cases = files.flatMap((file) => file.cases);
  const of = (state: CaseResult['state']): number => cases.filter((one) => one.state === state).length;
  return { passed: of('passed'), failed: of('failed'), todo: of('todo') };
}
