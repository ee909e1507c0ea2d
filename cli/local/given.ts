import { CrossdockError, ERRORS } from '../../core/model/errors.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import type { Mapping, Step } from '../../core/model/mapping.ts';
import type { Enrich } from '../../core/router/index.ts';
import { suggestion } from '../suggest.ts';

/**
 * Answers for a mapping's enrich steps, by the name that the step gives them. An answer is what the connection would
 * say; `{ fails: CODE }` or `{ fails: { code, message } }` is a question that fails, and `{ in_order: [...] }` holds the
 * answers to several questions one after the other, as the parts of a split ask them.
 */
export type Given = Readonly<Record<string, unknown>>;

/** A question that the case says nothing about: a mistake of the case, never an outcome that it may expect. */
export class NoAnswerGiven extends CrossdockError {
  /** The name that the step gives the answer. */
  readonly as: string;

  constructor(as: string, question: string) {
    super('NOT_FOUND', `the step "enrich ${as}" asks ${question}: no answer is given for ${as}`, {
      path: `given.${as}`,
    });
    this.as = as;
  }
}

/** What is wrong with answers, by name. */
export function givenFaults(given: Given): readonly (readonly [name: string, fault: string])[] {
  return Object.entries(given).flatMap(([name, raw]) =>
    answersOf(raw).flatMap((answer) => {
      const code = failureOf(answer)?.code;
      if (code === undefined || Object.hasOwn(ERRORS, code)) return [];
      return [[name, `there is no error code "${code}".${suggestion(code, Object.keys(ERRORS))}`] as const];
    }),
  );
}

/** The names that no enrich step of the mapping has. */
export function unaskedNames(mapping: Mapping, given: Given): readonly string[] {
  const asked = enrichSteps(mapping).map(({ as }) => as);
  return Object.keys(given).filter((name) => !asked.includes(name));
}

/** The mapping's enrich steps from one on. */
export function enrichSteps(mapping: Mapping, from = 0): readonly Extract<Step, { kind: 'enrich' }>[] {
  return mapping.steps.slice(from).filter((step) => step.kind === 'enrich');
}

/** Answers the questions of one message on one route: `from` is the step that a part of it begins with. */
export function answering(mapping: Mapping, given: Given): (from: number) => Enrich {
  const asked = new Map<string, number>();
  return (from) => {
    // Steps run one after the other, so the nth question comes from the nth enrich step.
    const waiting = [...enrichSteps(mapping, from)];
    return async (connection, action, input) => {
      const { as } = waiting.shift() as Extract<Step, { kind: 'enrich' }>;
      const turn = asked.get(as) ?? 0;
      asked.set(as, turn + 1);
      const question = `${connection} ${action} ${JSON.stringify(input) ?? ''}`.trim();
      if (!Object.hasOwn(given, as)) throw new NoAnswerGiven(as, question);
      const answers = answersOf(given[as]);
      const answer = isInOrder(given[as]) ? answers[turn] : answers[0];
      if (isInOrder(given[as]) && turn >= answers.length) throw new NoAnswerGiven(as, question);
      const failure = failureOf(answer);
      if (failure === undefined) return structuredClone(answer);
      throw new CrossdockError(
        failure.code as ErrorCode,
        failure.message ?? `${connection} ${action} fails here`,
      );
    };
  };
}

function answersOf(raw: unknown): readonly unknown[] {
  return isInOrder(raw) ? raw.in_order : [raw];
}

function isInOrder(raw: unknown): raw is { readonly in_order: readonly unknown[] } {
  return isOnly(raw, 'in_order') && Array.isArray(raw['in_order']);
}

function failureOf(answer: unknown): { readonly code: string; readonly message?: string } | undefined {
  if (!isOnly(answer, 'fails')) return undefined;
  const fails = answer['fails'];
  if (typeof fails === 'string') return { code: fails };
  if (typeof fails !== 'object' || fails === null) return undefined;
  const { code, message } = fails as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string') return undefined;
  return typeof message === 'string' ? { code, message } : { code };
}

function isOnly(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 1 &&
    Object.hasOwn(value, name)
  );
}
