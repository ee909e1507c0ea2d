import { resolve } from 'node:path';
import { parseBody } from '../../core/formats/index.ts';
import { compileArrive } from '../../core/intake/index.ts';
import type { Project } from '../../core/language/index.ts';
import { keyTexts } from '../../core/model/business-keys.ts';
import { type CrossdockError, ERRORS } from '../../core/model/errors.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import type { RouteProgram } from '../../core/router/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Out } from '../output/out.ts';
import { indent, safeText } from '../output/text.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { compileRoutesOf } from './compile-routes.ts';
import { localMessage } from './message.ts';
import { requireProject } from './read-project.ts';
import type { Given, TargetResult } from './run-mapping.ts';
import { runRoute } from './run-mapping.ts';
import { readBodyFile } from './test-file.ts';

interface MapOptions {
  readonly input: string;
  readonly given?: string;
  readonly target?: string;
}

interface StepResult {
  readonly step: string;
  /** The body after the step. */
  readonly value: unknown;
}

/** `crossdock map`: exit code 1 when a target's way fails. */
export async function mapOne(session: Session, name: string, options: MapOptions): Promise<ExitCode> {
  const { out, io } = session;
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const routes = routesOf(project, name, options.target);
  const body = await readInput(session, options.input);
  const given = options.given === undefined ? {} : ((await readFileOf(session, options.given)) as Given);
  const mapping = routes[0]?.mapping as Mapping;
  const identity = await identify(mapping, body, project);
  const message = localMessage(mapping, body, { ...identity, time: new Date(io.clock.now()).toISOString() });

  const steps: StepResult[] = [];
  const targets: { readonly target: string; readonly result: TargetResult }[] = [];
  for (const program of routes) {
    // Every route takes the same steps: they are shown once.
    const watch =
      program === routes[0] ? (step: string, value: unknown) => steps.push({ step, value }) : undefined;
    const result = await runRoute(
      program,
      message,
      given,
      watch && ((step, value) => void watch(step, value)),
    );
    targets.push({ target: program.target.name, result });
  }
  out.data({
    mapping: name,
    ...identity,
    steps,
    targets: targets.map(({ target, result }) => ({ target, ...plainResult(result) })),
  });
  if (!out.json) printRun(session, { mapping, body, ...identity, steps, targets });
  return targets.some(({ result }) => plainResult(result).kind === 'failed')
    ? EXIT_CODES.failed.code
    : EXIT_CODES.ok.code;
}

function routesOf(project: Project, name: string, target: string | undefined): readonly RouteProgram[] {
  const routes = compileRoutesOf(project, name);
  if (routes.length === 0) {
    const known = project.mappings.map((mapping) => mapping.name);
    throw new UsageError(`There is no mapping "${name}".${suggestion(name, known)}`);
  }
  const chosen = target === undefined ? routes : routes.filter((route) => route.target.name === target);
  if (target !== undefined && chosen.length === 0) {
    const known = routes.map((route) => route.target.name);
    throw new UsageError(`${name} has no target "${target}".${suggestion(target, known)}`);
  }
  return chosen;
}

async function readInput(session: Session, path: string): Promise<unknown> {
  if (path !== '-') return readFileOf(session, path);
  try {
    return parseBody('application/json', Buffer.from(await session.io.readStdin()));
  } catch (error) {
    throw new UsageError(`Standard input is no JSON: ${(error as Error).message}`);
  }
}

async function readFileOf({ io }: Session, path: string): Promise<unknown> {
  try {
    return await readBodyFile(resolve(io.cwd, path));
  } catch (error) {
    throw new UsageError(`${path} can not be read: ${(error as Error).message}`);
  }
}

/** The id and the business keys that intake would find. */
async function identify(
  mapping: Mapping,
  body: unknown,
  project: Project,
): Promise<{ readonly key?: string; readonly keys: Readonly<Record<string, string>> }> {
  const arrive = compileArrive(mapping, {
    routes: [],
    revision: project.revision,
    limits: project.hub.limits.expression,
    idRequired: false,
  });
  const { key, keys } = await arrive({
    contentType: 'application/json',
    payload: Buffer.alloc(0),
    body,
    headers: {},
  });
  return { key, keys };
}

/** A result as JSON has it: an error is its code, path and message. */
function plainResult(result: TargetResult): Readonly<Record<string, unknown>> & { readonly kind: string } {
  switch (result.kind) {
    case 'failed': {
      const { code, path, message } = result.error;
      return { kind: 'failed', code, path, message };
    }
    case 'split': {
      const parts = result.parts.map(plainResult);
      return {
        kind: parts.some((part) => part.kind === 'failed') ? 'failed' : 'split',
        step: result.step,
        parts,
      };
    }
    default:
      return result;
  }
}

interface Run {
  readonly mapping: Mapping;
  readonly body: unknown;
  /** The id and the business keys that intake would find. */
  readonly key?: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
  readonly targets: readonly { readonly target: string; readonly result: TargetResult }[];
}

function printRun({ out }: Session, { mapping, body, key, keys: found, steps, targets }: Run): void {
  const { style } = out;
  const keys = keyTexts(found);
  out.print(
    [style.bold(mapping.name), key && `id ${key}`, style.name(safeText(keys.join(' ')))]
      .filter(Boolean)
      .join('  '),
  );
  let last = pretty(body);
  for (const { step, value } of steps) {
    const text = pretty(value);
    out.print(`\n${style.dim('step')} ${step}${text === last ? style.dim('  (body unchanged)') : ''}`);
    if (text !== last) out.print(indent(text, 2));
    last = text;
  }
  for (const { target, result } of targets) {
    const to = mapping.targets.find(({ name }) => name === target)?.to;
    const where = to?.kind === 'action' ? `${to.connection} ${to.action}` : `topic ${to?.topic ?? ''}`;
    out.print(`\n${style.dim('target')} ${style.bold(target)} ${style.dim(`→ ${where}`)}`);
    printResult(result, out);
  }
}

function printResult(result: TargetResult, out: Out): void {
  const { style } = out;
  switch (result.kind) {
    case 'output':
      out.print(indent(pretty(result.output), 2));
      break;
    case 'filtered':
      out.print(`  ${style.warn(`nothing: filtered by ${result.step}`)}`);
      break;
    case 'failed':
      printFailure(result.error, out);
      break;
    case 'split':
      out.print(`  ${style.dim(`${result.step} makes ${result.parts.length}:`)}`);
      for (const part of result.parts) printResult(part, out);
  }
}

function printFailure(error: CrossdockError, { style, print }: Out): void {
  print(
    `  ${style.bad(`✗ ${error.code}`)}${error.path ? ` at ${safeText(error.path)}` : ''}: ${safeText(error.message)}`,
  );
  print(`    ${style.dim(ERRORS[error.code].help)}`);
}

function pretty(value: unknown): string {
  return safeText(JSON.stringify(value, null, 2) ?? 'undefined', true);
}
