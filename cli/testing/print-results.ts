import type { Out } from '../output/out.ts';
import { count, indent, safeText, wrap } from '../output/text.ts';
import { took } from '../output/time.ts';
import { renderDiff } from '../output/value-diff.ts';
import type { CaseResult, FileResult, TestResults } from './results.ts';
import { tally } from './results.ts';

/** Cases that take longer than this say so. */
const SLOW_MS = 100;

/** One file's cases, each with a sign; those that failed with what is wrong and where. */
export function printFile({ file, cases }: FileResult, out: Out): void {
  out.print(out.style.bold(file));
  for (const result of cases) printCase(file, result, out);
}

function printCase(file: string, result: CaseResult, out: Out): void {
  const { style } = out;
  const { name, state, durationMs, mismatches, todo } = result;
  const sign = { passed: style.good('✓'), failed: style.bad('✗'), todo: style.warn('○') }[state];
  const slow = durationMs > SLOW_MS ? style.warn(`  ${took(durationMs)}`) : '';
  out.print(`  ${sign} ${indent(wrap(safeText(name), out.width - 4), 4).trimStart()}${slow}`);
  if (todo !== undefined) out.print(style.dim(indent(wrap(`to do: ${safeText(todo)}`, out.width - 6), 6)));
  for (const mismatch of mismatches) {
    const { target, message, line, column, values } = mismatch;
    const about = target === undefined ? '' : `${style.name(target)}: `;
    const legend = values === undefined ? '' : `  ${style.bad('- expected')}  ${style.good('+ got')}`;
    out.print(`      ${style.dim(`${file}:${line}:${column}`)}`);
    const text = wrap(safeText(message), out.width - 6 - (target === undefined ? 0 : target.length + 2));
    out.print(indent(`${about}${text}${legend}`, 6));
    if (values !== undefined) out.print(indent(renderDiff(values.expected, values.actual, style), 8));
  }
}

/** The slowest cases, slowest first. */
export function printSlowest({ files }: TestResults, most: number, out: Out): void {
  const cases = files.flatMap(({ file, cases: all }) => all.map((one) => ({ file, ...one })));
  const slowest = cases.filter(({ state }) => state !== 'todo').sort((a, b) => b.durationMs - a.durationMs);
  if (slowest.length === 0) return;
  out.print(`\n${out.style.bold('Slowest')}`);
  out.table(
    [
      { title: 'TOOK', cell: (row) => took(row.durationMs), align: 'right' },
      { title: 'CASE', cell: (row) => safeText(row.name), flex: { min: 24 } },
      { title: 'AT', cell: (row) => `${row.file}:${row.line}`, optional: true },
    ],
    slowest.slice(0, most),
  );
}

/** The last line: how many ended how. */
export function printSummary(results: TestResults, untested: readonly string[], out: Out): void {
  const { style } = out;
  const { passed, failed, todo } = tally(results);
  if (untested.length > 0)
    out.print(
      style.dim(
        `\n${wrap(`${count(untested.length, 'mapping')} without a test: ${untested.join(', ')}`, out.width)}`,
      ),
    );
  if (passed + failed + todo === 0) {
    out.print(
      'No cases. Put them beside a mapping: mappings/sales/orders.test.yaml tests mappings/sales/orders.yaml.',
    );
    return;
  }
  const counts = [
    passed > 0 && style.good(`${passed} passed`),
    failed > 0 && style.bad(`${failed} failed`),
    todo > 0 && style.warn(`${todo} to do`),
    results.left > 0 && style.warn(`${results.left} not run`),
  ];
  out.print(
    `\n${counts.filter((part) => part !== false).join(', ')} ${style.dim(`(${took(results.durationMs)})`)}`,
  );
}

/** The results for programs. */
export function plainResults(results: TestResults): object {
  const { passed, failed, todo } = tally(results);
  return {
    ok: failed === 0,
    passed,
    failed,
    todo,
    notRun: results.left,
    durationMs: Math.round(results.durationMs),
    files: results.files.map(({ file, mapping, cases }) => ({
      file,
      mapping,
      cases: cases.map(({ name, line, column, state, todo: why, durationMs, mismatches }) => ({
        name,
        line,
        column,
        ok: state !== 'failed',
        state,
        ...(why === undefined ? {} : { todo: why }),
        durationMs: Math.round(durationMs * 1000) / 1000,
        mismatches: mismatches.map(({ target, message, line: at, column: in_, differences }) => ({
          ...(target === undefined ? {} : { target }),
          message,
          line: at,
          column: in_,
          ...(differences === undefined ? {} : { differences }),
        })),
      })),
    })),
  };
}
