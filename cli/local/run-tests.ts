import { globSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Problem, Project } from '../../core/language/index.ts';
import type { RouteProgram } from '../../core/router/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { renderDifferences } from '../output/diff.ts';
import type { Out } from '../output/out.ts';
import { count, indent, safeText } from '../output/text.ts';
import { took } from '../output/time.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { compileRoutesOf } from './compile-routes.ts';
import { printProblems } from './print-problems.ts';
import { requireProject } from './read-project.ts';
import type { Mismatch } from './run-case.ts';
import { runCase } from './run-case.ts';
import type { TestFile } from './test-file.ts';
import { readTestFile } from './test-file.ts';

interface CaseResult {
  readonly name: string;
  readonly line: number;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly mismatches: readonly Mismatch[];
}

interface FileResult {
  readonly file: string;
  readonly mapping: string;
  readonly cases: readonly CaseResult[];
}

/** `crossdock test`: reads the project, then runs the cases of the chosen files, one after the other. */
export async function runTests(
  session: Session,
  wanted: readonly string[],
  options: { readonly filter?: string },
): Promise<ExitCode> {
  const { out, root, io } = session;
  const started = io.clock.monotonic();
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const names = choose(testFiles(root), wanted, session);
  const files = await Promise.all(names.map((file) => readTestFile(root, file)));
  const broken = files.flatMap((file) => problemsOf(file, project));
  if (broken.length > 0) {
    out.data({ ok: false, problems: broken });
    printProblems(broken, out);
    return EXIT_CODES.failed.code;
  }
  const results: FileResult[] = [];
  for (const file of files) {
    const result = await runFile(file, compileRoutesOf(project, file.mapping), options.filter, session);
    if (result.cases.length === 0) continue;
    results.push(result);
    printFile(result, out);
  }
  const untested = wanted.length > 0 ? [] : untestedMappings(project, results);
  return summarize(results, untested, io.clock.monotonic() - started, out);
}

/** Every test file of the project, by its path within. */
function testFiles(root: string): readonly string[] {
  return globSync('mappings/**/*.test.{yaml,yml}', { cwd: root })
    .map((file) => file.split(sep).join('/'))
    .sort();
}

/** The files that were asked for: by path, by folder, or by the name of a mapping or a domain. Throws UsageError. */
function choose(all: readonly string[], wanted: readonly string[], { root, io }: Session): readonly string[] {
  if (wanted.length === 0) return all;
  const chosen = wanted.flatMap((word) => {
    const path = relative(root, resolve(io.cwd, word)).split(sep).join('/');
    const name = word.replace(/^mappings\//, '').replace(/\/$/, '');
    const found = all.filter((file) => {
      const mapping = mappingOf(file);
      return (
        file === path || file.startsWith(`${path}/`) || mapping === name || mapping.startsWith(`${name}/`)
      );
    });
    if (found.length === 0)
      throw new UsageError(`No test file is meant by "${word}".${suggestion(word, all.map(mappingOf))}`);
    return found;
  });
  return [...new Set(chosen)];
}

function mappingOf(file: string): string {
  return file.replace(/^mappings\//, '').replace(/\.test\.ya?ml$/, '');
}

function problemsOf({ file, mapping, problems }: TestFile, project: Project): readonly Problem[] {
  if (project.mappings.some(({ name }) => name === mapping)) return problems;
  const message = `there is no mapping "${mapping}" beside it`;
  return [...problems, { file, line: 1, column: 1, path: '', message }];
}

async function runFile(
  { file, mapping, cases }: TestFile,
  routes: readonly RouteProgram[],
  filter: string | undefined,
  { io }: Session,
): Promise<FileResult> {
  const results: CaseResult[] = [];
  for (const test of cases) {
    if (filter !== undefined && !test.name.toLowerCase().includes(filter.toLowerCase())) continue;
    const started = io.clock.monotonic();
    const mismatches = await runCase(test, routes);
    results.push({
      name: test.name,
      line: test.line,
      ok: mismatches.length === 0,
      durationMs: Math.round(io.clock.monotonic() - started),
      mismatches,
    });
  }
  return { file, mapping, cases: results };
}

function printFile({ file, cases }: FileResult, out: Out): void {
  const { style } = out;
  out.print(style.bold(file));
  for (const { name, line, ok, durationMs, mismatches } of cases) {
    const slow = durationMs > 100 ? style.warn(` (${took(durationMs)})`) : '';
    out.print(`  ${ok ? style.good('✓') : style.bad('✗')} ${safeText(name)}${slow}`);
    if (!ok) out.print(`      ${style.dim(`${file}:${line}`)}`);
    for (const mismatch of mismatches) {
      const target = mismatch.target === undefined ? '' : `${style.name(mismatch.target)}: `;
      out.print(`      ${target}${safeText(mismatch.message)}`);
      if (mismatch.differences !== undefined)
        out.print(indent(renderDifferences(mismatch.differences, style), 8));
    }
  }
}

function untestedMappings(project: Project, results: readonly FileResult[]): readonly string[] {
  return project.mappings
    .map(({ name }) => name)
    .filter((name) => !results.some((file) => file.mapping === name));
}

function summarize(
  results: readonly FileResult[],
  untested: readonly string[],
  durationMs: number,
  out: Out,
): ExitCode {
  const cases = results.flatMap((file) => file.cases);
  const failed = cases.filter(({ ok }) => !ok).length;
  const passed = cases.length - failed;
  out.data({ ok: failed === 0, passed, failed, files: results });
  if (cases.length === 0) {
    out.print(
      'No cases. Put them beside a mapping: mappings/sales/orders.test.yaml tests mappings/sales/orders.yaml.',
    );
    return EXIT_CODES.ok.code;
  }
  const { style } = out;
  if (untested.length > 0)
    out.print(style.dim(`\n${count(untested.length, 'mapping')} without a test: ${untested.join(', ')}`));
  const counts = [passed > 0 && style.good(`${passed} passed`), failed > 0 && style.bad(`${failed} failed`)];
  out.print(`\n${counts.filter((part) => part !== false).join(', ')} ${style.dim(`(${took(durationMs)})`)}`);
  return failed === 0 ? EXIT_CODES.ok.code : EXIT_CODES.failed.code;
}
