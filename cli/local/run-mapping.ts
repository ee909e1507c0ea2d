import { CrossdockError } from '../../core/model/errors.ts';
import type { Message } from '../../core/model/message.ts';
import type { Enrich, Routed, RouteProgram } from '../../core/router/index.ts';
import { answering } from './given.ts';
import type { Given } from './given.ts';

/** What one target would get of a message. A split has the results of its parts, in order. */
export type TargetResult =
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'filtered'; readonly step: string }
  | {
      readonly kind: 'split';
      readonly step: string;
      readonly items: readonly unknown[];
      readonly parts: readonly TargetResult[];
    }
  | { readonly kind: 'failed'; readonly error: CrossdockError };

/** Is told of one message's way along a route, or of one part's way from the split that made it. */
export interface Onlooker {
  /** A step has let it through; `value` is the body after it. */
  step?(name: string, value: unknown): void;
  /** The next enrich step asks with this input. */
  asks?(input: unknown): void;
  /** How its way ended. */
  end?(result: Routed | { readonly kind: 'failed'; readonly error: CrossdockError }): void;
}

/** Where a part comes from: `[]` is the message itself, `[1, 0]` the first part of its second part. */
export type PartPath = readonly number[];

/**
 * Runs a message along one route, with no store, broker or target: enrich steps are answered from `given`, a split's
 * parts are run as the messages that they would become.
 */
export async function runRoute(
  program: RouteProgram,
  message: Message,
  given: Given,
  onlooker?: (part: PartPath, from: number, message: Message) => Onlooker,
): Promise<TargetResult> {
  const enrich = answering(program.mapping, given);
  const runFrom = async (one: Message, step: number, part: PartPath): Promise<TargetResult> => {
    const seen = onlooker?.(part, step, one);
    const ask = enrich(step);
    const asking: Enrich = (connection, action, input) => {
      seen?.asks?.(input);
      return ask(connection, action, input);
    };
    let routed: Routed;
    try {
      routed = await program.run(one, step, asking, seen?.step && ((name, body) => seen.step?.(name, body)));
    } catch (thrown) {
      const error = CrossdockError.from(thrown);
      seen?.end?.({ kind: 'failed', error });
      return { kind: 'failed', error };
    }
    seen?.end?.(routed);
    if (routed.kind !== 'split') return routed;
    const { items } = routed;
    const parts: TargetResult[] = [];
    for (const [index, body] of items.entries())
      parts.push(await runFrom({ ...one, causationId: one.id, body }, routed.next, [...part, index]));
    return { kind: 'split', step: routed.step, items, parts };
  };
  return runFrom(message, 0, []);
}

/** How the parts that nothing more was split off from ended; of what was not split, how it did. */
export function ends(result: TargetResult): readonly Exclude<TargetResult, { kind: 'split' }>[] {
  return result.kind === 'split' ? result.parts.flatMap(ends) : [result];
}
