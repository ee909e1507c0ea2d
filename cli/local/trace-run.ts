import { compileExpression } from '../../core/language/index.ts';
import type { ExpressionLimits } from '../../core/language/index.ts';
import type { CrossdockError } from '../../core/model/errors.ts';
import type { ExpressionText, Mapping, Step, Target } from '../../core/model/mapping.ts';
import type { Message } from '../../core/model/message.ts';
import type { RouteProgram } from '../../core/router/index.ts';
import type { Given } from './given.ts';
import { messageBindings } from './message.ts';
import type { Onlooker, PartPath, TargetResult } from './run-mapping.ts';
import { runRoute } from './run-mapping.ts';

/** What one step did to one body. */
export interface StepTrace {
  /** `filter#0`. */
  readonly name: string;
  readonly step: Step;
  readonly before: unknown;
  /** Undefined where the way ended here. */
  readonly after?: { readonly body: unknown };
  /** What the filter's expression gave. */
  readonly value?: { readonly value: unknown };
  /** The input of the question, for an enrich step that came to ask. */
  readonly asked?: { readonly input: unknown };
  readonly items?: readonly unknown[];
  readonly error?: CrossdockError;
}

/** The steps that the message, or one part of it, took. */
export interface PartTrace {
  readonly part: PartPath;
  readonly body: unknown;
  readonly steps: readonly StepTrace[];
  /** Why it took no step: it does not fit the mapping's schema. */
  readonly invalid?: CrossdockError;
}

/** What became of the message, or of one part of it, at a target. */
export interface TargetTrace {
  readonly target: Target;
  readonly result: TargetResult;
  /** What `when` gave, for each way that came so far. */
  readonly whens: readonly { readonly part: PartPath; readonly value: unknown }[];
  /** The ways that failed before they came to the target: of them, the steps tell. */
  readonly early: readonly PartPath[];
}

/** The whole run of one message, as `crossdock map` shows it. */
export interface RunTrace {
  readonly parts: readonly PartTrace[];
  readonly targets: readonly TargetTrace[];
}

/** Runs a message along the routes and keeps what a person wants to see. All routes take the same steps: they are kept once. */
export async function traceRun(
  routes: readonly RouteProgram[],
  message: Message,
  given: Given,
  limits: ExpressionLimits,
): Promise<RunTrace> {
  const parts: PartTrace[] = [];
  const targets: TargetTrace[] = [];
  for (const [index, program] of routes.entries()) {
    const { mapping, target } = program;
    const ways: Way[] = [];
    const result = await runRoute(program, message, given, (part, from, { body }) => {
      const way: Way = { part, from, body, seen: [], asked: [], end: undefined };
      ways.push(way);
      return {
        step: (name, after) => void way.seen.push({ name, after }),
        asks: (input) => void way.asked.push(input),
        end: (ended) => void (way.end = ended),
      };
    });
    if (index === 0) for (const way of ways) parts.push(await partOf(way, { mapping, message, limits }));
    const whens: { part: PartPath; value: unknown }[] = [];
    for (const way of ways) {
      if (target.when === undefined || !isThrough(way, mapping)) continue;
      const body = way.seen.length > 0 ? way.seen.at(-1)?.after : way.body;
      whens.push({ part: way.part, value: await valueOf(target.when, body, { message, limits }) });
    }
    const early = ways.filter((way) => way.end?.kind === 'failed' && !isThrough(way, mapping));
    targets.push({ target, result, whens, early: early.map(({ part }) => part) });
  }
  return { parts, targets };
}

type End = Parameters<NonNullable<Onlooker['end']>>[0];

interface Way {
  readonly part: PartPath;
  readonly from: number;
  readonly body: unknown;
  readonly seen: { readonly name: string; readonly after: unknown }[];
  readonly asked: unknown[];
  end: End | undefined;
}

interface Surroundings {
  readonly message: Message;
  readonly limits: ExpressionLimits;
}

async function stepsOf(
  way: Way,
  { mapping, ...around }: Surroundings & { readonly mapping: Mapping },
): Promise<readonly StepTrace[]> {
  const traces: StepTrace[] = [];
  const asked = [...way.asked];
  const took = isBeforeSteps(way, mapping) ? 0 : way.seen.length + 1;
  for (const [offset, step] of mapping.steps.slice(way.from, way.from + took).entries()) {
    const index = way.from + offset;
    const passed = way.seen[offset];
    const before = offset === 0 ? way.body : way.seen[offset - 1]?.after;
    const end = passed === undefined ? way.end : undefined;
    const question = step.kind === 'enrich' && asked.length > 0 ? { input: asked.shift() } : undefined;
    traces.push({
      name: passed?.name ?? nameOf(step, index),
      step,
      before,
      ...(passed === undefined ? {} : { after: { body: passed.after } }),
      ...(step.kind === 'filter' && end?.kind !== 'failed'
        ? { value: { value: await valueOf(step.when, before, around) } }
        : {}),
      ...(question === undefined ? {} : { asked: question }),
      ...(end?.kind === 'split' ? { items: end.items } : {}),
      ...(end?.kind === 'failed' ? { error: end.error } : {}),
    });
  }
  return traces;
}

async function partOf(way: Way, around: Surroundings & { readonly mapping: Mapping }): Promise<PartTrace> {
  const { part, body, end } = way;
  const invalid = isBeforeSteps(way, around.mapping) && end?.kind === 'failed' ? { invalid: end.error } : {};
  return { part, body, steps: await stepsOf(way, around), ...invalid };
}

/** Whether it took all steps, so that the rest is the target's own. */
function isThrough(way: Way, mapping: Mapping): boolean {
  return way.from + way.seen.length >= mapping.steps.length && !isBeforeSteps(way, mapping);
}

/** Whether the message did not fit its schema, so that no step was taken. */
function isBeforeSteps({ from, seen, end }: Way, { message, steps }: Mapping): boolean {
  if (from > 0 || seen.length > 0 || message.schema === undefined) return false;
  if (end?.kind !== 'failed' || end.error.code !== 'MESSAGE_INVALID') return false;
  const [first] = steps;
  return first?.kind !== 'validate' || !end.error.message.includes(` at ${nameOf(first, 0)}`);
}

/** The names that the router gives to steps. */
function nameOf(step: Step, index: number): string {
  return step.kind === 'enrich' ? `enrich ${step.as}#${index}` : `${step.kind}#${index}`;
}

async function valueOf(
  text: ExpressionText,
  body: unknown,
  { message, limits }: Surroundings,
): Promise<unknown> {
  try {
    return await compileExpression(text, limits).evaluate(body, messageBindings(message));
  } catch {
    // What it throws has ended the run and is told there.
    return undefined;
  }
}
