import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Project } from '../../core/language/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { compileLocally } from '../local/compile-routes.ts';
import type { LocalMapping } from '../local/compile-routes.ts';
import { printProblems } from '../local/print-problems.ts';
import type { Told } from '../local/print-problems.ts';
import { readProject } from '../local/read-project.ts';
import type { TestFile } from '../local/test-file.ts';
import { readTestFile } from '../local/test-file.ts';
import type { Out } from '../output/out.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { coverageOf, MappingCoverage } from './coverage.ts';
import type { FileCoverage } from './coverage.ts';
import { lcov, percent, plainCoverage, printCoverage, shares } from './coverage-report.ts';
import { junitXml } from './junit.ts';
import { plainResults, printFile, printSlowest, printSummary } from './print-results.ts';
import { tally } from './results.ts';
import { runFiles } from './run-files.ts';
import { selectTests } from './select-tests.ts';
import { updateExpectations } from './update-expectations.ts';

const SLOWEST = 10;

/** The options of `crossdock test`. */
export interface TestOptions {
  readonly filter?: string;
  readonly bail?: boolean;
  /** `true` without a number. */
  readonly slowest?: number | true;
  readonly junit?: string;
  readonly coverage?: boolean;
  readonly min?: number;
  readonly lcov?: string;
  readonly update?: boolean;
  readonly yes?: boolean;
  readonly watch?: boolean;
}

/** `crossdock test`: reads the project, then runs the cases of the chosen files. */
export async function runTests(
  session: Session,
  wanted: readonly string[],
  options: TestOptions,
): Promise<ExitCode> {
  const { out, io, root } = session;
  const startedAt = io.clock.now();
  const measured = options.coverage || options.min !== undefined || options.lcov !== undefined;
  const coverage = measured ? new Map<string, MappingCoverage>() : undefined;
  const tests = await readTests(session, selectTests(session, wanted), coverage);
  if ('problems' in tests) {
    out.data({ ok: false, problems: tests.problems });
    printProblems(tests.problems, out, root);
    return EXIT_CODES.failed.code;
  }
  const { filter, bail } = options;
  const results = await runFiles(tests.files, {
    clock: io.clock,
    mappingOf: tests.mappingOf,
    chosen: (_file, { name }) => isNamed(name, filter),
    bail,
    onFile: (result) => printFile(result, out),
    watch: coverage && ((mapping) => coverage.get(mapping) as MappingCoverage),
  });
  if (filter !== undefined && results.files.length === 0)
    throw new UsageError(`No case has "${filter}" in its name.`);
  if (options.slowest !== undefined)
    printSlowest(results, options.slowest === true ? SLOWEST : options.slowest, out);
  const files =
    coverage &&
    coverageOf(withUntested(coverage, wanted.length > 0 ? [] : tests.project.mappings, tests.project));
  if (files !== undefined) printCoverage(files, out);
  printSummary(results, wanted.length > 0 ? [] : untested(tests.project, tests.files), out);
  const enough = files === undefined || isEnough(files, options.min, out);
  out.data({ ...plainResults(results), ...(files === undefined ? {} : { coverage: plainCoverage(files) }) });
  if (options.lcov !== undefined && files !== undefined)
    await writeText(
      session,
      options.lcov,
      lcov(files, (file) => relative(io.cwd, join(root, file))),
    );
  if (options.junit !== undefined) await writeText(session, options.junit, junitXml(results, startedAt));
  if (options.update && tally(results).failed > 0) {
    const rest = await updateExpectations(session, results, options.yes ?? false);
    return rest === 0 ? EXIT_CODES.ok.code : EXIT_CODES.failed.code;
  }
  return tally(results).failed === 0 && enough ? EXIT_CODES.ok.code : EXIT_CODES.failed.code;
}

/** Whether a case is among those that --filter lets through. */
export function isNamed(name: string, filter: string | undefined): boolean {
  return filter === undefined || name.toLowerCase().includes(filter.toLowerCase());
}

/** The project and the files that test it. */
export interface Tests {
  readonly project: Project;
  readonly files: readonly TestFile[];
  /** Compiled at the first question. */
  readonly mappingOf: (name: string) => LocalMapping;
}

/** Reads all that a run needs; what is wrong with the project, or else with a test file, is said instead. */
export async function readTests(
  session: Pick<Session, 'root' | 'io'>,
  names: readonly string[],
  coverage?: Map<string, MappingCoverage>,
): Promise<Tests | { readonly problems: readonly Told[] }> {
  const { project, problems } = await readProject(session);
  if (project === undefined) return { problems };
  const files = await Promise.all(names.map((file) => readTestFile(session.root, file)));
  const compiled = new Map<string, LocalMapping>();
  for (const { mapping } of files) {
    const measured = coverage && measure(project, mapping, coverage);
    const local = compileLocally(project, mapping, measured?.onEvaluate);
    if (local !== undefined) compiled.set(mapping, local);
  }
  const broken = files.flatMap((file) =>
    compiled.has(file.mapping)
      ? file.problems
      : [
          ...file.problems,
          {
            file: file.file,
            line: 1,
            column: 1,
            path: '',
            message: `there is no mapping "${file.mapping}" beside it`,
          },
        ],
  );
  if (broken.length > 0) return { problems: broken };
  return { project, files, mappingOf: (name) => compiled.get(name) as LocalMapping };
}

function measure(
  project: Project,
  name: string,
  coverage: Map<string, MappingCoverage>,
): MappingCoverage | undefined {
  const mapping = project.mappings.find((one) => one.name === name);
  if (mapping === undefined) return undefined;
  const measured = new MappingCoverage(mapping, project.sources.get(mapping.at.file) ?? '');
  coverage.set(name, measured);
  return measured;
}

/** Mappings that no file tests are covered by nothing. */
function withUntested(
  coverage: Map<string, MappingCoverage>,
  mappings: Project['mappings'],
  project: Project,
): Iterable<MappingCoverage> {
  for (const { name } of mappings) if (!coverage.has(name)) measure(project, name, coverage);
  return coverage.values();
}

function isEnough(files: readonly FileCoverage[], min: number | undefined, out: Out): boolean {
  if (min === undefined) return true;
  const { lines, branches } = shares(files);
  const short = [
    percent(lines) < min ? `${percent(lines)} % of the lines` : '',
    percent(branches) < min ? `${percent(branches)} % of the branches` : '',
  ].filter((part) => part !== '');
  if (short.length > 0)
    out.print(out.style.bad(`\n✗ Only ${short.join(' and ')} are covered; ${min} % are asked for.`));
  return short.length === 0;
}

/** The mappings that none of the files tests. */
function untested(project: Project, files: readonly TestFile[]): readonly string[] {
  return project.mappings
    .map(({ name }) => name)
    .filter((name) => !files.some(({ mapping }) => mapping === name));
}

async function writeText({ io }: Session, path: string, text: string): Promise<void> {
  const file = resolve(io.cwd, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`${path} can not be written: ${(error as Error).message}.`);
  }
}
