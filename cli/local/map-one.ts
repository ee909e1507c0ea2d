import { resolve } from 'node:path';
import { parseBody } from '../../core/formats/index.ts';
import { loadHub } from '../../core/language/index.ts';
import type { Project } from '../../core/language/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { compileLocally } from './compile-routes.ts';
import type { LocalMapping } from './compile-routes.ts';
import { evaluateOnce } from './evaluate-once.ts';
import { enrichSteps, givenFaults, unaskedNames } from './given.ts';
import type { Given } from './given.ts';
import { pathInProject } from './path-in-project.ts';
import { printRun } from './print-run.ts';
import { plainRun } from './plain-run.ts';
import { requireProject } from './read-project.ts';
import { ends } from './run-mapping.ts';
import { readBodyFile } from './read-body-file.ts';
import { reasonOf } from './schema/read-file.ts';
import { traceRun } from './trace-run.ts';

/** The options of `crossdock map`. */
interface MapOptions {
  readonly input: string;
  readonly given?: string;
  readonly target?: string;
  readonly expression?: string;
  readonly full?: boolean;
}

/** `crossdock map`: exit code 1 when the message is refused or a target's way fails. */
export async function mapOne(
  session: Session,
  name: string | undefined,
  options: MapOptions,
): Promise<ExitCode> {
  const { out, io } = session;
  const { expression } = options;
  if (name === undefined && expression === undefined)
    throw new UsageError('Name a mapping, or an --expression to try.');
  if (name === undefined && expression !== undefined)
    return evaluateAlone(session, expression, options.input);
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const local = mappingOf(session, project, name ?? '');
  const body = await readInput(session, options.input);
  if (expression !== undefined)
    return evaluateOnce(session, {
      limits: project.hub.limits.expression,
      sourceOf: (file) => project.sources.get(file),
      local,
      body,
      expression,
    });
  return runOnce(session, project, local, { ...options, body, now: io.clock.now() }).finally(() =>
    out.clearProgress(),
  );
}

/** An expression that knows of no mapping needs no more of a project than its limits. */
async function evaluateAlone(session: Session, expression: string, input: string): Promise<ExitCode> {
  const { hub, problems } = await loadHub({ root: session.root, env: session.io.env });
  if (problems.length > 0)
    session.out.note('config/hub.yaml has mistakes: the default limits of expressions hold.');
  const body = await readInput(session, input);
  const limits = hub.limits.expression;
  return evaluateOnce(session, { limits, sourceOf: () => undefined, local: undefined, body, expression });
}

async function runOnce(
  session: Session,
  project: Project,
  local: LocalMapping,
  options: MapOptions & { readonly body: unknown; readonly now: number },
): Promise<ExitCode> {
  const { out } = session;
  const { mapping } = local;
  const routes = routesOf(local, options.target);
  const given = await readGiven(session, local, options.given);
  const { message, refused } = await local.arrive({
    body: options.body,
    time: new Date(options.now).toISOString(),
  });
  const trace =
    refused === undefined
      ? await traceRun(routes, message, given, project.hub.limits.expression)
      : { parts: [], targets: [] };
  const run = { mapping, message, ...(refused === undefined ? {} : { refused }), ...trace };
  out.data(plainRun(run));
  if (!out.json)
    printRun(run, { out, full: options.full ?? false, sourceOf: (file) => project.sources.get(file) });
  const failed = trace.targets.some(({ result }) => ends(result).some(({ kind }) => kind === 'failed'));
  return failed || refused !== undefined ? EXIT_CODES.failed.code : EXIT_CODES.ok.code;
}

/** By its name, or by the path of its file. */
function mappingOf(session: Session, project: Project, word: string): LocalMapping {
  const path = pathInProject(session, word);
  const name = /^mappings\/(.+)\.ya?ml$/.exec(path)?.[1] ?? word;
  const local = compileLocally(project, name);
  if (local !== undefined) return local;
  const known = project.mappings.map((mapping) => mapping.name);
  throw new UsageError(`There is no mapping "${name}".${suggestion(name, known)}`);
}

function routesOf({ mapping, routes }: LocalMapping, target: string | undefined): LocalMapping['routes'] {
  const chosen = target === undefined ? routes : routes.filter((route) => route.target.name === target);
  if (target === undefined || chosen.length > 0) return chosen;
  const known = routes.map((route) => route.target.name);
  throw new UsageError(`${mapping.name} has no target "${target}".${suggestion(target, known)}`);
}

async function readInput(session: Session, path: string): Promise<unknown> {
  if (path !== '-') return readFileOf(session, path);
  try {
    return parseBody('application/json', Buffer.from(await session.io.readStdin()));
  } catch (error) {
    throw new UsageError(`Standard input is no JSON: ${(error as Error).message}`);
  }
}

/** Answers for enrich steps out of a file. Throws UsageError for what no step asks for. */
export async function readGiven(
  session: Session,
  { mapping }: LocalMapping,
  path: string | undefined,
): Promise<Given> {
  if (path === undefined) return {};
  const given = await readFileOf(session, path);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError(`${path} must hold an object: the name of an enrich step → its answer.`);
  for (const [name, fault] of givenFaults(given as Given)) throw new UsageError(`${path}: ${name}: ${fault}`);
  for (const name of unaskedNames(mapping, given as Given)) {
    const asked = enrichSteps(mapping).map(({ as }) => as);
    throw new UsageError(`${path}: no enrich step asks for "${name}".${suggestion(name, asked)}`);
  }
  return given as Given;
}

async function readFileOf({ io }: Session, path: string): Promise<unknown> {
  try {
    return await readBodyFile(resolve(io.cwd, path));
  } catch (error) {
    throw new UsageError(`${path} can not be read: ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}
