import { type CrossdockError } from '../../core/model/errors.ts';
import type { RouteProgram } from '../../core/router/index.ts';
import type { Difference } from '../output/diff.ts';
import { differences } from '../output/diff.ts';
import { suggestion } from '../suggest.ts';
import { localMessage } from './message.ts';
import type { TargetResult } from './run-mapping.ts';
import { runRoute } from './run-mapping.ts';
import type { TestCase } from './test-file.ts';

/** One way in which a case did not turn out as expected. */
export interface Mismatch {
  /** The target that it is about; none if it is about the case itself. */
  readonly target?: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** Where an output differs. */
  readonly differences?: readonly Difference[];
}

/** Runs one case along every route that it says something about; no mismatches means that it passed. */
export async function runCase(test: TestCase, routes: readonly RouteProgram[]): Promise<readonly Mismatch[]> {
  const mapping = routes[0]?.mapping;
  if (mapping === undefined) return [{ message: 'the mapping has no targets' }];
  const names = routes.map(({ target }) => target.name);
  const unknown = namedTargets(test).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return unknown.map((name) => ({ message: `there is no target "${name}".${suggestion(name, names)}` }));

  const message = localMessage(mapping, test.input, { headers: test.headers });
  const mismatches: Mismatch[] = [];
  for (const program of routes) {
    const expected = expectationFor(program.target.name, test);
    if (expected === undefined) continue;
    const mismatch = compare(expected, await runRoute(program, message, test.given));
    if (mismatch !== undefined) mismatches.push({ target: program.target.name, ...mismatch });
  }
  return mismatches;
}

type Expectation =
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'filtered' }
  | { readonly kind: 'failed'; readonly code: string; readonly path?: string };

function expectationFor(target: string, { expect, filtered, fails }: TestCase): Expectation | undefined {
  if (expect !== undefined && Object.hasOwn(expect, target))
    return { kind: 'output', output: expect[target] };
  if (filtered === true || filtered?.includes(target)) return { kind: 'filtered' };
  if (fails !== undefined && (fails.target === undefined || fails.target === target))
    return { kind: 'failed', code: fails.code, path: fails.path };
  return undefined;
}

function namedTargets({ expect, filtered, fails }: TestCase): readonly string[] {
  return [
    ...Object.keys(expect ?? {}),
    ...(Array.isArray(filtered) ? (filtered as readonly string[]) : []),
    ...(fails?.target === undefined ? [] : [fails.target]),
  ];
}

function compare(expected: Expectation, result: TargetResult): Omit<Mismatch, 'target'> | undefined {
  const failure = failureOf(result);
  switch (expected.kind) {
    case 'output': {
      if (failure !== undefined) return { message: `it failed: ${describe(failure)}` };
      if (result.kind === 'filtered') return { message: `it was filtered by ${result.step}` };
      const found = differences(expected.output, outputOf(result));
      return found.length === 0 ? undefined : { message: 'the output differs', differences: found };
    }
    case 'filtered':
      if (failure !== undefined)
        return { message: `it failed instead of being filtered: ${describe(failure)}` };
      if (isFiltered(result)) return undefined;
      return {
        message: 'it was to be filtered, but there is output',
        differences: [{ path: '', actual: outputOf(result) }],
      };
    case 'failed':
      if (failure === undefined)
        return {
          message: `it was to fail with ${expected.code}, but ${isFiltered(result) ? 'it was filtered' : 'there is output'}`,
        };
      if (failure.code !== expected.code)
        return { message: `it was to fail with ${expected.code}, but failed so: ${describe(failure)}` };
      if (expected.path !== undefined && failure.path !== expected.path)
        return {
          message: `it failed at ${failure.path ?? 'no path'} and not at ${expected.path}: ${describe(failure)}`,
        };
      return undefined;
  }
}

/** What the target gets: one output; of a split the list of those that are left of its parts. */
function outputOf(result: TargetResult): unknown {
  switch (result.kind) {
    case 'output':
      return result.output;
    case 'split':
      return result.parts.filter((part) => !isFiltered(part)).map(outputOf);
    default:
      return undefined;
  }
}

function isFiltered(result: TargetResult): boolean {
  return result.kind === 'filtered' || (result.kind === 'split' && result.parts.every(isFiltered));
}

function failureOf(result: TargetResult): CrossdockError | undefined {
  if (result.kind === 'failed') return result.error;
  if (result.kind !== 'split') return undefined;
  return result.parts.map(failureOf).find((error) => error !== undefined);
}

function describe(error: CrossdockError): string {
  return `${error.code}${error.path ? ` at ${error.path}` : ''}: ${error.message}`;
}
