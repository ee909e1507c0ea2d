import { CrossdockError } from '../../core/model/errors.ts';
import type { Mapping, Step } from '../../core/model/mapping.ts';
import type { Message } from '../../core/model/message.ts';
import type { Enrich, RouteProgram, Watch } from '../../core/router/index.ts';

/** What one target would get of a message. A split has the results of its parts, in order. */
export type TargetResult =
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'filtered'; readonly step: string }
  | { readonly kind: 'split'; readonly step: string; readonly parts: readonly TargetResult[] }
  | { readonly kind: 'failed'; readonly error: CrossdockError };

/** Answers for a mapping's enrich steps, by the name that the step gives them. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Runs a message along one route, with no store, broker or target: enrich steps are answered from `given`, a split's
 * parts are run as the messages that they would become.
 */
export async function runRoute(
  program: RouteProgram,
  message: Message,
  given: Given,
  watch?: Watch,
): Promise<TargetResult> {
  const runFrom = async (part: Message, step: number, seen?: Watch): Promise<TargetResult> => {
    try {
      const routed = await program.run(part, step, answering(program.mapping, step, given), seen);
      if (routed.kind !== 'split') return routed;
      const parts: TargetResult[] = [];
      // Only the first part is watched: the others take the same way.
      for (const [index, body] of routed.items.entries())
        parts.push(
          await runFrom({ ...part, causationId: part.id, body }, routed.next, index === 0 ? seen : undefined),
        );
      return { kind: 'split', step: routed.step, parts };
    } catch (thrown) {
      return { kind: 'failed', error: CrossdockError.from(thrown) };
    }
  };
  return runFrom(message, 0, watch);
}

/** Steps run one after the other, so the nth question comes from the nth enrich step. */
function answering(mapping: Mapping, from: number, given: Given): Enrich {
  const waiting = mapping.steps.slice(from).filter((step) => step.kind === 'enrich');
  return (connection, action, input) => {
    const { as } = waiting.shift() as Extract<Step, { kind: 'enrich' }>;
    if (Object.hasOwn(given, as)) return Promise.resolve(structuredClone(given[as]));
    const question = `${connection} ${action} ${JSON.stringify(input) ?? ''}`.trim();
    return Promise.reject(
      new CrossdockError(
        'NOT_FOUND',
        `the step "enrich ${as}" asks ${question}: no answer is given for ${as}`,
        {
          path: `given.${as}`,
        },
      ),
    );
  };
}
