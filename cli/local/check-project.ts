import { compileExpression, expressionsOf } from '../../core/language/index.ts';
import type { Loaded, Project } from '../../core/language/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { pathInProject } from './path-in-project.ts';
import { printEach, printProblems } from './print-problems.ts';
import { printTypes, typesOf } from './print-types.ts';
import { readProject } from './read-project.ts';

interface CheckOptions {
  /** Show inferred types: of this mapping or domain, or of all. */
  readonly types?: string | true;
  /** Warnings fail as mistakes do. */
  readonly strict?: true;
}

/** `crossdock check`: exit code 1 with any mistake, and with `--strict` with any warning. */
export async function checkProject(session: Session, options: CheckOptions): Promise<ExitCode> {
  const { out, root, global } = session;
  const loaded = await readProject(session);
  const { project, problems } = loaded;
  const known = [...loaded.types.keys()];
  const { types } = options;
  const meant = typeof types === 'string' ? mappingsOf(session, known, types) : known;
  const shown = types === undefined ? [] : typesOf(loaded.types, meant);
  const passed = project !== undefined && !(options.strict === true && problems.length > 0);
  const slow = project !== undefined && global.verbose === true ? interpreted(project) : undefined;
  out.data({
    ok: passed,
    problems,
    ...(project === undefined ? {} : summaryData(project)),
    ...(types === undefined ? {} : { types: shown }),
    ...(slow === undefined ? {} : { interpreted: slow }),
  });
  if (types !== undefined) printTypes(shown, out);
  if (project === undefined) printProblems(problems, out, root);
  else {
    if (problems.length > 0) printEach(problems, out, root);
    printSummary(loaded, project, session, passed);
  }
  if (slow !== undefined) printInterpreted(slow, session);
  return passed ? EXIT_CODES.ok.code : EXIT_CODES.failed.code;
}

/** By name, by domain, or by the path of a file or folder. */
function mappingsOf(session: Session, known: readonly string[], word: string): readonly string[] {
  const path = pathInProject(session, word);
  const named = word.replace(/\/$/, '');
  const inFiles = path.replace(/^mappings\//, '').replace(/\.ya?ml$/, '');
  const meant = known.filter((name) =>
    [named, ...(path.startsWith('mappings/') ? [inFiles] : [])].some(
      (one) => name === one || name.startsWith(`${one}/`),
    ),
  );
  if (path === 'mappings') return known;
  if (meant.length > 0) return meant;
  throw new UsageError(`There is no mapping "${word}".${suggestion(word, known)}`);
}

function summaryData(project: Project): object {
  return {
    revision: project.revision,
    mappings: project.mappings.map(({ name }) => name),
    connections: [...project.connections.keys()],
    schemas: [...project.schemas.keys()],
  };
}

function printSummary(
  { problems }: Loaded,
  project: Project,
  { out, root, global }: Session,
  passed: boolean,
): void {
  const routes = project.mappings.reduce((sum, mapping) => sum + mapping.targets.length, 0);
  const summary = [
    `${count(project.mappings.length, 'mapping')} with ${count(routes, 'route')}`,
    count(project.connections.size, 'connection'),
    count(project.schemas.size, 'schema'),
  ].join(', ');
  const warned = count(problems.length, 'warning');
  const verdict = problems.length === 0 ? 'No mistakes' : `No mistakes but ${warned}`;
  out.print(
    passed
      ? `${out.style.good('✓')} ${verdict}: ${summary}.`
      : out.style.bad(`✗ ${warned}, which --strict does not let pass.`),
  );
  if (!global.verbose) return;
  out.print();
  out.facts([
    ['project', root],
    ['revision', project.revision],
    ['mappings', project.mappings.map(({ name }) => name).join('\n') || undefined],
    [
      'connections',
      [...project.connections.values()].map((one) => `${one.name} (${one.connector})`).join('\n') ||
        undefined,
    ],
    ['schemas', [...project.schemas.keys()].join('\n') || undefined],
    ['files', [...project.sources.keys()].join('\n')],
  ]);
}

/** An expression that JSONata's interpreter evaluates, since the engine does not cover it. */
interface Interpreted {
  readonly mapping: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

function interpreted(project: Project): readonly Interpreted[] {
  return project.mappings.flatMap((mapping) =>
    expressionsOf(mapping).flatMap(({ path, text }): readonly Interpreted[] => {
      const { fallback } = compileExpression(text, project.hub.limits.expression);
      return fallback === undefined
        ? []
        : [{ mapping: mapping.name, path, ...fallback.at, reason: fallback.reason }];
    }),
  );
}

function printInterpreted(slow: readonly Interpreted[], { out }: Session): void {
  out.print();
  if (slow.length === 0) {
    out.print('All expressions are compiled: none needs the interpreter.');
    return;
  }
  out.print(
    `${count(slow.length, 'expression')} evaluated by JSONata's interpreter, which is right but slower:`,
  );
  for (const { file, line, column, path, reason } of slow)
    out.print(`${out.style.bold(`${file}:${line}:${column}`)}: ${out.style.name(path)}: ${reason}`);
}
