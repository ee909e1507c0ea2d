import jsonata from 'jsonata';
import type { ExpressionText, Position } from '../model/mapping.ts';
import { childrenOf, type AstNode } from './engine/index.ts';
import { positionIn, startOf } from './expression-position.ts';

/** What can be evaluated in an expression, for measuring what tests reach of it. */
export interface CoverPoints {
  /** Each part with a place of its own. `offset` is what an evaluation of it tells (`onEvaluate`). */
  readonly spots: readonly { readonly offset: number; readonly at: Position }[];
  /** Each `? :`, `?:` and `??`. */
  readonly choices: readonly Choice[];
}

/** A place where one of two parts is evaluated, and how to tell from the offsets which. */
export interface Choice {
  readonly at: Position;
  /** Of the choice itself. */
  readonly offset: number;
  /** Offsets of which one is told when the first part is evaluated; none where it can not be told apart. */
  readonly then: readonly number[];
  /** The same for the other part; none where there is none, or it is a value that stands for itself. */
  readonly else: readonly number[];
}

/** Nodes that are seen by their parts alone. */
const SEEN_BY_PARTS: ReadonlySet<string> = new Set(['block', 'lambda', 'path', 'sort']);

/** The parts of an expression that has no mistakes. */
export function coverPoints(text: ExpressionText): CoverPoints {
  const spots = new Map<number, Position>();
  const choices: Choice[] = [];
  const offsetOf = ({ position = 0, value }: AstNode): number => startOf(text.source, position, value);
  const isSpot = (node: AstNode): boolean => node.position !== undefined && !SEEN_BY_PARTS.has(node.type);
  const offsetsIn = (node: AstNode | undefined): readonly number[] =>
    node === undefined
      ? []
      : [...(isSpot(node) ? [offsetOf(node)] : []), ...partsOf(node).flatMap(offsetsIn)];
  const visit = (node: AstNode): void => {
    const offset = offsetOf(node);
    if (isSpot(node)) spots.set(offset, positionIn(text, offset));
    if (node.type === 'condition') {
      const asked = new Set(offsetsIn(node.condition));
      choices.push({
        at: positionIn(text, offset),
        offset,
        // Of `a ?: b` the first part is the condition itself.
        then: offsetsIn(node.then).filter((one) => !asked.has(one)),
        else: [...new Set(offsetsIn(node.else))],
      });
    }
    for (const part of partsOf(node)) visit(part);
  };
  visit(jsonata(text.source).ast() as AstNode);
  return { spots: [...spots].map(([offset, at]) => ({ offset, at })), choices };
}

/** The parts that are evaluated: not what is bound, called by name, a parameter, a place in a list, or left open. */
function partsOf(node: AstNode): readonly AstNode[] {
  // What `~>` hands a value to is called without being evaluated.
  if (node.type === 'apply' && node.lhs !== undefined && node.rhs?.type === 'function')
    return [node.lhs, ...partsOf(node.rhs)];
  const filters = [...(node.predicate ?? []), ...(node.stages ?? [])];
  const unseen = new Set<AstNode | undefined>([
    node.procedure,
    node.type === 'bind' ? node.lhs : undefined,
    ...(node.type === 'lambda' ? (node.arguments ?? []) : []),
    ...filters.map(({ expr }) => expr).filter((expr) => expr?.type === 'number'),
  ]);
  return childrenOf(node).filter((part) => part.type !== 'operator' && !unseen.has(part));
}
