import type { Project } from '../../core/language/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { NoAnswerGiven, enrichSteps } from '../local/given.ts';
import type { Given } from '../local/given.ts';
import type { LocalMapping } from '../local/compile-routes.ts';
import type { LocalInput } from '../local/message.ts';
import type { TargetResult } from '../local/run-mapping.ts';
import { ends, runRoute } from '../local/run-mapping.ts';
import { isFiltered, outputOf } from '../testing/run-case.ts';

/** A case as it stands in a file, in the order in which people read it. */
export interface WrittenCase {
  readonly name: string;
  readonly todo?: string;
  readonly input: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly time?: string;
  readonly given?: Given;
  readonly message?: object;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly filtered?: true | readonly string[];
  readonly fails?: object | readonly object[];
}

/** What became of the message at a target, here. */
export type Verdict = 'delivered' | 'filtered' | 'split' | 'dead';

export interface BuiltCase {
  readonly case: WrittenCase;
  /** By target; none while an answer is missing. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/**
 * Makes a case of a message: what the mapping does with it now is what it expects. Where an enrich step has no answer,
 * the case gets a place for it, says so in `todo` and expects nothing yet.
 */
export async function buildCase(
  local: LocalMapping,
  input: LocalInput & { readonly name: string; readonly given: Given },
  project: Project,
): Promise<BuiltCase> {
  const { name, body, given, headers = {}, time } = input;
  const { message, refused } = await local.arrive(input);
  const results = new Map<string, TargetResult>();
  for (const program of local.routes)
    results.set(
      program.target.name,
      refused === undefined ? await runRoute(program, message, given) : { kind: 'failed', error: refused },
    );
  const head = {
    input: body,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(time === undefined ? {} : { time }),
  };
  const isUnanswered = [...results.values()].some((result) =>
    ends(result).some((end) => end.kind === 'failed' && end.error instanceof NoAnswerGiven),
  );
  if (isUnanswered) {
    const missing = enrichSteps(local.mapping).filter(({ as }) => !Object.hasOwn(given, as));
    const stubs = missing.map(
      ({ as, connection, action }) => [as, stubOf(project, connection, action)] as const,
    );
    const asked = missing.map(
      ({ as, connection, action }) => `given.${as} (what ${connection} ${action} answers)`,
    );
    const todo = `write ${asked.join(' and ')}, delete this line, then run: crossdock test ${local.mapping.name} --update`;
    const written = { name, todo, ...head, given: { ...given, ...Object.fromEntries(stubs) }, expect: {} };
    return { case: written, verdicts: new Map() };
  }
  const { id, keys } = local.mapping.message;
  const found = {
    ...(id === undefined || message.key === undefined ? {} : { id: message.key }),
    ...(Object.keys(keys).length === 0 ? {} : { keys: message.keys }),
  };
  const written = {
    name,
    ...head,
    ...(Object.keys(given).length === 0 ? {} : { given }),
    ...(refused !== undefined || Object.keys(found).length === 0 ? {} : { message: found }),
    ...expectations(results),
  };
  return {
    case: written,
    verdicts: new Map([...results].map(([target, result]) => [target, verdictOf(result)])),
  };
}

function expectations(
  results: ReadonlyMap<string, TargetResult>,
): Pick<WrittenCase, 'expect' | 'filtered' | 'fails'> {
  const expect: Record<string, unknown> = {};
  const filtered: string[] = [];
  const fails: { code: string; path?: string; target: string }[] = [];
  for (const [target, result] of results) {
    const failure = ends(result).find((end) => end.kind === 'failed');
    if (failure !== undefined) {
      const { code, path, details } = failure.error;
      // A place in a file is another one after the next edit.
      const where = path === undefined || details['file'] !== undefined ? {} : { path };
      fails.push({ code, ...where, target });
    }
    if (result.kind !== 'failed' && isFiltered(result)) filtered.push(target);
    else if (failure === undefined || (result.kind === 'split' && (outputOf(result) as unknown[]).length > 0))
      expect[target] = outputOf(result);
  }
  return {
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
    ...(filtered.length === 0 ? {} : { filtered: filtered.length === results.size ? true : filtered }),
    ...(fails.length === 0 ? {} : { fails: shortest(fails, results.size) }),
  };
}

/** One failure for all where all targets fail alike. */
function shortest(
  fails: readonly { code: string; path?: string; target: string }[],
  targets: number,
): object {
  const [first] = fails;
  const alike = fails.every(({ code, path }) => code === first?.code && path === first.path);
  if (alike && fails.length === targets && first !== undefined) {
    const { target: _, ...rest } = first;
    return rest;
  }
  return fails.length === 1 ? (first as object) : fails;
}

function verdictOf(result: TargetResult): Verdict {
  switch (result.kind) {
    case 'output':
      return 'delivered';
    case 'failed':
      return 'dead';
    default:
      return result.kind;
  }
}

/** A place for an answer: the members that the action's schema knows, empty. */
function stubOf(project: Project, connection: string, action: string): unknown {
  return emptyOf(project.connections.get(connection)?.offer.actions[action]?.output ?? {}, 0);
}

function emptyOf(schema: JsonSchema, depth: number): unknown {
  const type = Array.isArray(schema['type']) ? (schema['type'] as unknown[])[0] : schema['type'];
  const properties = schema['properties'];
  if (typeof properties === 'object' && properties !== null && depth < 4)
    return Object.fromEntries(
      Object.entries(properties).map(([name, member]) => [name, emptyOf(member as JsonSchema, depth + 1)]),
    );
  switch (type) {
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'null':
      return null;
    default:
      return {};
  }
}
