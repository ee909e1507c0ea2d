import { buildXml } from '../../core/formats/index.ts';
import { createStyle } from '../output/style.ts';
import { renderDiff } from '../output/value-diff.ts';
import type { CaseResult, FileResult, PlacedMismatch, TestResults } from './results.ts';
import { tally } from './results.ts';

/**
 * The results as JUnit XML, in the form that Jenkins, GitLab and GitHub read: a `testsuite` per file, a `testcase` per
 * case with its file and line, `failure` with the diff as its text, `skipped` for what can not run yet. Times are in
 * seconds. Well-formed whatever the texts hold: what XML 1.0 can not carry is shown as its code point.
 */
export function junitXml(results: TestResults, startedAt: number): string {
  const { passed, failed, todo } = tally(results);
  return `${buildXml({
    testsuites: {
      '@name': 'crossdock test',
      '@tests': passed + failed + todo,
      '@failures': failed,
      '@errors': 0,
      '@skipped': todo,
      '@time': seconds(results.durationMs),
      '@timestamp': new Date(startedAt).toISOString().slice(0, 19),
      testsuite: results.files.map((file) => suite(file, startedAt)),
    },
  })}\n`;
}

function suite({ file, mapping, cases, durationMs }: FileResult, startedAt: number): object {
  const of = (state: CaseResult['state']): number => cases.filter((one) => one.state === state).length;
  return {
    '@name': clean(mapping),
    '@file': clean(file),
    '@tests': cases.length,
    '@failures': of('failed'),
    '@errors': 0,
    '@skipped': of('todo'),
    '@time': seconds(durationMs),
    '@timestamp': new Date(startedAt).toISOString().slice(0, 19),
    testcase: cases.map((one) => testCase(file, mapping, one)),
  };
}

function testCase(file: string, mapping: string, one: CaseResult): object {
  const { name, line, state, todo, durationMs, mismatches } = one;
  return {
    '@name': clean(name),
    '@classname': clean(mapping.replaceAll('/', '.')),
    '@file': clean(file),
    '@line': line,
    '@time': seconds(durationMs),
    ...(state === 'todo' ? { skipped: { '@message': clean(todo ?? '') } } : {}),
    ...(state === 'failed' ? { failure: failure(file, mismatches) } : {}),
  };
}

/** One element for all that is wrong: several readers look at the first only. */
function failure(file: string, mismatches: readonly PlacedMismatch[]): object {
  return {
    '@message': clean(mismatches.map(headline).join('; ')),
    '@type': 'mismatch',
    '#text': clean(mismatches.map((mismatch) => details(file, mismatch)).join('\n\n')),
  };
}

function headline({ target, message }: PlacedMismatch): string {
  return target === undefined ? message : `${target}: ${message}`;
}

function details(file: string, mismatch: PlacedMismatch): string {
  const { line, column, values } = mismatch;
  const text = `${file}:${line}:${column}\n${headline(mismatch)}`;
  if (values === undefined) return text;
  return `${text} (- expected, + got)\n${renderDiff(values.expected, values.actual, createStyle(false))}`;
}

/** XML 1.0 has no place for most control characters, lone surrogates and two non-characters, not even escaped. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[^\P{Cc}\t\n]|[\ufffe\uffff]/gu,
      (one) => `\\u${(one.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
    );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
