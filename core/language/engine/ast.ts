/** A node of the tree that `jsonata(source).ast()` gives. Which members there are depends on `type`. */
export interface AstNode {
  readonly type: string;
  readonly value?: unknown;
  /** Of the character behind the node's token. */
  readonly position?: number;
  /** `x[…]`: filters behind a node that is no step of a path. */
  readonly predicate?: readonly Stage[];
  /** Filters and `#$i` behind a step of a path. */
  readonly stages?: readonly Stage[];
  /** `x{…}`. */
  readonly group?: Group;
  /** `x[]`. */
  readonly keepArray?: boolean;
  /** A path with `[]` in it. */
  readonly keepSingletonArray?: boolean;
  /** `[…]` as the first or last step of a path: what it makes is not spread. */
  readonly consarray?: boolean;
  /** A step that hands on more than its value: what `@$x`, `#$i` and `%` need. */
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: { readonly label: string };
  readonly slot?: { readonly label: string };
  readonly steps?: readonly AstNode[];
  readonly lhs?: AstNode;
  readonly rhs?: AstNode;
  readonly expression?: AstNode;
  readonly expressions?: readonly AstNode[];
  readonly condition?: AstNode;
  readonly then?: AstNode;
  readonly else?: AstNode;
  readonly procedure?: AstNode;
  readonly arguments?: readonly AstNode[];
  readonly body?: AstNode;
  /** A call in tail position of a lambda. */
  readonly thunk?: boolean;
  readonly signature?: Signature;
  readonly terms?: readonly { readonly descending: boolean; readonly expression: AstNode }[];
  readonly pattern?: AstNode;
  readonly update?: AstNode;
  readonly delete?: AstNode;
}

export interface Group {
  readonly lhs: readonly Pair[];
  readonly position?: number | undefined;
}

export type Pair = readonly [AstNode, AstNode];

export interface Stage {
  readonly type: 'filter' | 'index';
  readonly expr?: AstNode;
  readonly value?: string;
}

/** A function's signature, as JSONata compiles it: gives the arguments with lists and the context filled in. */
export interface Signature {
  readonly definition: string;
  validate(args: readonly unknown[], context: unknown): unknown[];
}

/** The pairs of `{…}`, which the parser keeps where other nodes have their left side. */
export function pairsOf(ast: AstNode): readonly Pair[] {
  return ast.lhs as unknown as readonly Pair[];
}

/** The children of a node, in the order of the text. */
export function childrenOf(ast: AstNode): readonly AstNode[] {
  const pairs = (list: readonly Pair[]): readonly AstNode[] => list.flat();
  const filters = (list: readonly Stage[] | undefined): readonly AstNode[] =>
    (list ?? []).flatMap(({ expr }) => expr ?? []);
  return [
    ...(ast.steps ?? []),
    ...(Array.isArray(ast.lhs) ? pairs(pairsOf(ast)) : one(ast.lhs)),
    ...one(ast.rhs),
    ...one(ast.expression),
    ...(ast.expressions ?? []),
    ...one(ast.condition),
    ...one(ast.then),
    ...one(ast.else),
    ...one(ast.procedure),
    ...(ast.arguments ?? []),
    ...one(ast.body),
    ...(ast.terms ?? []).map(({ expression }) => expression),
    ...one(ast.pattern),
    ...one(ast.update),
    ...one(ast.delete),
    ...filters(ast.predicate),
    ...filters(ast.stages),
    ...pairs(ast.group?.lhs ?? []),
  ];
}

function one(node: AstNode | undefined): readonly AstNode[] {
  return node === undefined ? [] : [node];
}
