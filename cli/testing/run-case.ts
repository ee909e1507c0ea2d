import type { CrossdockError } from '../../core/model/errors.ts';
import type { Message } from '../../core/model/message.ts';
import { sameJson } from '../output/diff.ts';
import { suggestion } from '../suggest.ts';
import type { LocalMapping } from '../local/compile-routes.ts';
import { NoAnswerGiven, enrichSteps, unaskedNames } from '../local/given.ts';
import type { LocalArrival } from '../local/message.ts';
import type { Onlooker, PartPath, TargetResult } from '../local/run-mapping.ts';
import { ends, runRoute } from '../local/run-mapping.ts';
import type { ExpectedFailure, TestCase } from '../local/test-file.ts';

/** One way in which a case did not turn out as expected. */
export interface Mismatch {
  /** The target that it is about; none if it is about the case itself. */
  readonly target?: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** Where in the case the expectation stands: `['expect', 'erp']`. */
  readonly path: readonly (string | number)[];
  /** Both sides, where values differ. */
  readonly values?: { readonly expected: unknown; readonly actual: unknown };
}

/** What a case did, beside what came of it. */
export interface CaseRun {
  readonly mismatches: readonly Mismatch[];
  readonly arrival: LocalArrival;
}

/** Told of each route that a case takes, and of each part on it. */
export type CaseOnlooker = (target: string, part: PartPath, from: number, message: Message) => Onlooker;

/** Runs one case along every route that it says something about; no mismatches means that it passed. */
export async function runCase(
  test: TestCase,
  local: LocalMapping,
  onlooker?: CaseOnlooker,
): Promise<CaseRun> {
  const arrival = await local.arrive({ body: test.input, headers: test.headers, time: test.time });
  const mistakes = mistakesOf(test, local);
  if (mistakes.length > 0) return { mismatches: mistakes, arrival };

  const mismatches: Mismatch[] = [...messageMismatches(test, arrival)];
  let splitSeen = test.split === undefined;
  const silent = saysNothingOfTargets(test);
  for (const program of local.routes) {
    const { name } = program.target;
    const expected = expectationFor(name, test);
    if (expected === undefined && !silent && splitSeen) continue;
    const result: TargetResult =
      arrival.refused === undefined
        ? await runRoute(
            program,
            arrival.message,
            test.given,
            onlooker && ((part, from, message) => onlooker(name, part, from, message)),
          )
        : { kind: 'failed', error: arrival.refused };
    // All routes split alike.
    if (!splitSeen) mismatches.push(...splitMismatches(test, result));
    splitSeen = true;
    if (expected !== undefined)
      mismatches.push(...compare(expected, result).map((found) => ({ target: name, ...found })));
    else if (silent && test.expect !== undefined)
      mismatches.push({ target: name, ...unexpected(name, result) });
  }
  return { mismatches, arrival };
}

/** What the case itself gets wrong about its mapping. */
function mistakesOf(test: TestCase, { mapping, routes }: LocalMapping): readonly Mismatch[] {
  const names = routes.map(({ target }) => target.name);
  const asked = enrichSteps(mapping).map(({ as }) => as);
  const targets: readonly (readonly [name: string, path: Mismatch['path']])[] = [
    ...Object.keys(test.expect ?? {}).map((name) => [name, ['expect', name]] as const),
    ...(test.filtered === undefined || test.filtered === true ? [] : test.filtered).map(
      (name, at) => [name, ['filtered', at]] as const,
    ),
    ...test.fails.flatMap(({ target }) => (target === undefined ? [] : [[target, ['fails']] as const])),
  ];
  return [
    ...targets
      .filter(([name]) => !names.includes(name))
      .map(([name, path]) => ({
        message: `there is no target "${name}".${suggestion(name, names)}`,
        path,
      })),
    ...unaskedNames(mapping, test.given).map((name) => ({
      message: `no enrich step asks for "${name}".${suggestion(name, asked)}`,
      path: ['given', name],
    })),
  ];
}

interface Expectation {
  readonly output?: { readonly value: unknown };
  readonly filtered?: true;
  readonly fails?: ExpectedFailure;
  readonly path: Mismatch['path'];
}

function expectationFor(target: string, { expect, filtered, fails }: TestCase): Expectation | undefined {
  const own = fails.find((failure) => failure.target === target);
  if (expect !== undefined && Object.hasOwn(expect, target))
    return { output: { value: expect[target] }, path: ['expect', target], ...(own && { fails: own }) };
  if (own !== undefined) return { fails: own, path: ['fails'] };
  if (filtered === true || filtered?.includes(target)) return { filtered: true, path: ['filtered'] };
  const general = fails.find((failure) => failure.target === undefined);
  return general === undefined ? undefined : { fails: general, path: ['fails'] };
}

/** `expect: {}` asks to be filled in; a case about the message or the split alone does not. */
function saysNothingOfTargets({ expect, filtered, fails }: TestCase): boolean {
  return Object.keys(expect ?? {}).length === 0 && filtered === undefined && fails.length === 0;
}

function unexpected(target: string, result: TargetResult): Mismatch {
  const path = ['expect', target];
  const failure = failuresOf(result)[0];
  if (failure !== undefined)
    return { message: `nothing is expected, and it failed: ${describe(failure)}`, path };
  if (isFiltered(result)) return { message: 'nothing is expected, and it was filtered', path };
  return {
    message: 'nothing is expected of it yet',
    path,
    values: { expected: undefined, actual: outputOf(result) },
  };
}

function messageMismatches(test: TestCase, { message, refused }: LocalArrival): readonly Mismatch[] {
  if (test.message === undefined) return [];
  if (refused !== undefined)
    return [{ message: `the message is refused: ${describe(refused)}`, path: ['message'] }];
  const found: Mismatch[] = [];
  const { id, keys } = test.message;
  if (id !== undefined && String(id) !== message.key)
    found.push({
      message: 'the id of the message differs',
      path: ['message', 'id'],
      values: { expected: String(id), actual: message.key },
    });
  if (keys === undefined) return found;
  const expected = Object.fromEntries(Object.entries(keys).map(([name, value]) => [name, String(value)]));
  if (!sameJson(expected, message.keys))
    found.push({
      message: 'the business keys differ',
      path: ['message', 'keys'],
      values: { expected, actual: message.keys },
    });
  return found;
}

function splitMismatches(test: TestCase, result: TargetResult): readonly Mismatch[] {
  const path = ['split'];
  if (result.kind === 'failed')
    return [{ message: `there is no split, it failed: ${describe(result.error)}`, path }];
  if (result.kind !== 'split') return [{ message: 'there is no split', path }];
  if (sameJson(test.split, result.items)) return [];
  const values = { expected: test.split, actual: result.items };
  return [{ message: 'the parts of the split differ', path, values }];
}

function compare(expected: Expectation, result: TargetResult): readonly Mismatch[] {
  const { path, output, filtered } = expected;
  const unanswered = failuresOf(result).find((error) => error instanceof NoAnswerGiven);
  if (unanswered !== undefined) return [{ message: unanswered.message, path }];
  if (expected.fails !== undefined) {
    const mismatch = compareFailure(expected.fails, result);
    if (mismatch !== undefined) return [{ message: mismatch, path: ['fails'] }];
  } else {
    const failure = failuresOf(result)[0];
    if (failure !== undefined)
      return [
        { message: `it failed${filtered ? ' instead of being filtered' : ''}: ${describe(failure)}`, path },
      ];
  }
  if (filtered && !isFiltered(result)) {
    const values = { expected: undefined, actual: outputOf(result) };
    return [{ message: 'it was to be filtered, but there is output', path, values }];
  }
  if (output === undefined) return [];
  if (result.kind === 'filtered') return [{ message: `it was filtered by ${result.step}`, path }];
  const actual = outputOf(result);
  if (sameJson(output.value, actual)) return [];
  return [{ message: 'the output differs', path, values: { expected: output.value, actual } }];
}

/** What is wrong with how it failed, if anything is. */
function compareFailure(expected: ExpectedFailure, result: TargetResult): string | undefined {
  const { code, path, part } = expected;
  const where = part !== undefined && result.kind === 'split' ? result.parts[part - 1] : result;
  if (where === undefined) return `there is no part ${part ?? ''}`;
  const failures = failuresOf(where);
  const [first] = failures;
  if (first === undefined)
    return `it was to fail with ${code}, but ${isFiltered(where) ? 'it was filtered' : 'there is output'}`;
  const other = failures.find((failure) => failure.code !== code);
  if (other !== undefined) return `it was to fail with ${code}, but failed so: ${describe(other)}`;
  if (path !== undefined && !failures.some((failure) => failure.path === path))
    return `it failed at ${first.path ?? 'no path'} and not at ${path}: ${describe(first)}`;
  return undefined;
}

/** What the target gets: one output; of a split the list of those that are left of its parts. */
export function outputOf(result: TargetResult): unknown {
  if (result.kind !== 'split') return result.kind === 'output' ? result.output : undefined;
  return result.parts.filter((part) => part.kind !== 'failed' && !isFiltered(part)).map(outputOf);
}

/** Whether nothing of it goes to the target, and nothing failed. */
export function isFiltered(result: TargetResult): boolean {
  return ends(result).every(({ kind }) => kind === 'filtered');
}

function failuresOf(result: TargetResult): readonly CrossdockError[] {
  return ends(result).flatMap((end) => (end.kind === 'failed' ? [end.error] : []));
}

function describe(error: CrossdockError): string {
  return `${error.code}${error.path ? ` at ${error.path}` : ''}: ${error.message}`;
}
