import { childrenOf, type AstNode } from './ast.ts';

/**
 * Variables of one frame while it runs: the frame around it, in a frame of tuples the tuple, then the values. Null
 * where nothing around binds a variable.
 */
export type Env = unknown[] | null;

/** A variable that its frame may bind but has not bound yet: it is looked up further out. */
export const UNBOUND: unique symbol = Symbol('unbound');

/** Where a variable may be found, from the inside out. */
export interface Place {
  /** Frames to go out. */
  readonly hops: number;
  /** Of the value in the frame, or of the tuple. */
  readonly slot: number;
  /** It is a member of the tuple there. */
  readonly tuple: boolean;
  /** It is bound for certain: there is no need to look further. */
  readonly certain: boolean;
}

const TUPLE = 1;

/** A frame at compile time: a block, the body of a lambda, a step on tuples, or the whole expression. */
export class Scope {
  readonly parent: Scope | undefined;
  /** Those of a lambda are bound from the start. */
  readonly parameters: ReadonlySet<string>;
  /** Names that a tuple may bind. */
  readonly tuple: ReadonlySet<string> | undefined;
  readonly #slots = new Map<string, number>();
  readonly #first: number;

  constructor(
    parent: Scope | undefined,
    names: readonly string[],
    parameters: readonly string[] = [],
    tuple?: ReadonlySet<string>,
  ) {
    this.parent = parent;
    this.parameters = new Set(parameters);
    this.tuple = tuple;
    this.#first = tuple === undefined ? 1 : 2;
    for (const name of [...parameters, ...names])
      if (!this.#slots.has(name)) this.#slots.set(name, this.#first + this.#slots.size);
  }

  /** Whether there is a frame at run time. */
  get real(): boolean {
    return this.#slots.size > 0 || this.tuple !== undefined;
  }

  /** Members of the frame. */
  get size(): number {
    return this.#first + this.#slots.size;
  }

  slotOf(name: string): number {
    return this.#slots.get(name) ?? -1;
  }

  /** All places where a variable may be, the innermost first. */
  placesOf(name: string): readonly Place[] {
    const slot = this.slotOf(name);
    const certain = this.parameters.has(name);
    const places: Place[] = slot < 0 ? [] : [{ hops: 0, slot, certain, tuple: false }];
    if (certain) return places;
    if (this.tuple?.has(name) === true) places.push({ hops: 0, slot: TUPLE, certain, tuple: true });
    const out = this.real ? 1 : 0;
    const further = this.parent?.placesOf(name) ?? [];
    return [...places, ...further.map((place) => ({ ...place, hops: place.hops + out }))];
  }

  /** A frame where nothing is bound yet. */
  enter(around: Env, tuple?: unknown): Env {
    if (!this.real) return around;
    const frame: unknown[] = [around];
    if (this.tuple !== undefined) frame.push(tuple);
    while (frame.length < this.size) frame.push(UNBOUND);
    return frame;
  }
}

/** The names that `:=` binds in the frame of these nodes: not those of blocks and lambdas inside. */
export function namesBoundIn(nodes: readonly AstNode[]): readonly string[] {
  return bindingsIn(nodes).map(({ lhs }) => String(lhs?.value));
}

/** Each `:=` that binds in the frame of these nodes. */
export function bindingsIn(nodes: readonly AstNode[]): readonly AstNode[] {
  return nodes.flatMap((node) => {
    const own = node.type === 'bind' ? [node] : [];
    if (node.type === 'lambda') return own;
    // What stands behind a block belongs to the frame around it.
    const inside = node.type === 'block' ? { ...node, expressions: [] } : node;
    return [...own, ...bindingsIn(childrenOf(inside))];
  });
}
