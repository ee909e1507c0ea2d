import jsonata from 'jsonata';
import type { ExpressionText } from '../../model/mapping.ts';
import { startOf } from '../expression-position.ts';

/** A node of JSONata's syntax tree, after its own processing: what its evaluator sees. */
export interface Node {
  readonly type: string;
  readonly value?: unknown;
  /** Behind its first token. */
  readonly position?: number;
  readonly steps?: readonly Node[];
  readonly stages?: readonly Stage[];
  readonly predicate?: readonly Stage[];
  readonly group?: { readonly lhs: readonly Pair[] };
  /** A node, or the pairs of an object. */
  readonly lhs?: Node | readonly Pair[];
  readonly rhs?: Node;
  readonly expression?: Node;
  readonly expressions?: readonly Node[];
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly procedure?: Node;
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  readonly signature?: unknown;
  readonly thunk?: boolean;
  readonly terms?: readonly { readonly expression: Node }[];
  readonly pattern?: Node;
  readonly update?: Node;
  readonly delete?: Node;
  readonly keepArray?: boolean;
  readonly keepSingletonArray?: boolean;
  readonly consarray?: boolean;
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
}

export type Pair = readonly [Node, Node];

/** A predicate, or (`#$i`) a name for the place in the list. */
export interface Stage {
  readonly type: 'filter' | 'index';
  readonly expr?: Node;
  readonly value?: unknown;
}

/** The tree of an expression, or what JSONata throws about it. */
export type Parsed = { readonly tree: Node } | { readonly error: unknown };

const parsed = new WeakMap<ExpressionText, Parsed>();

/** Reads an expression, once. Nobody may change the tree. */
export function parse(text: ExpressionText): Parsed {
  const known = parsed.get(text) ?? read(text.source);
  parsed.set(text, known);
  return known;
}

function read(source: string): Parsed {
  try {
    return { tree: jsonata(source).ast() as unknown as Node };
  } catch (error) {
    return { error };
  }
}

export function pairsOf(node: Node): readonly Pair[] {
  return Array.isArray(node.lhs) ? (node.lhs as readonly Pair[]) : [];
}

export function leftOf(node: Node): Node {
  return node.lhs as Node;
}

/** What stands below a node, in any role. */
export function childrenOf(node: Node): readonly Node[] {
  const stages = [...(node.stages ?? []), ...(node.predicate ?? [])];
  const pairs = [...(node.group?.lhs ?? []), ...pairsOf(node)];
  return [
    ...(node.steps ?? []),
    ...stages.flatMap(({ expr }) => expr ?? []),
    ...pairs.flat(),
    ...(node.lhs === undefined || Array.isArray(node.lhs) ? [] : [node.lhs as Node]),
    ...(node.expressions ?? []),
    ...(node.arguments ?? []),
    ...(node.terms ?? []).map(({ expression }) => expression),
    ...[
      node.rhs,
      node.expression,
      node.condition,
      node.then,
      node.else,
      node.procedure,
      node.body,
      node.pattern,
      node.update,
      node.delete,
    ].flatMap((child) => child ?? []),
  ];
}

/** Where a node begins, and how long its first token is. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export function spanOf(node: Node, source: string): Span {
  switch (node.type) {
    case 'path':
      return spanOf(node.steps?.[0] as Node, source);
    case 'binary':
    case 'apply':
    case 'bind':
      return spanOf(leftOf(node), source);
    case 'condition':
      return spanOf(node.condition as Node, source);
    case 'function':
    case 'partial':
      return spanOf(node.procedure as Node, source);
    case 'lambda':
      return node.thunk === true ? spanOf(node.body as Node, source) : tokenSpan(node, source, undefined);
    case 'variable':
      return tokenSpan(node, source, `$${String(node.value)}`);
    case 'string':
      return stringSpan(node, source);
    case 'name':
      return nameSpan(node, source);
    case 'number':
    case 'value':
      return tokenSpan(node, source, String(node.value));
    default:
      return tokenSpan(node, source, undefined);
  }
}

/** Of the operator of a binary node. */
export function operatorSpan(node: Node, source: string): Span {
  return tokenSpan(node, source, String(node.value));
}

function tokenSpan(node: Node, source: string, token: string | undefined): Span {
  const end = node.position ?? 1;
  const offset = startOf(source, end, token);
  return { offset, length: Math.max(1, end - offset) };
}

/** A name may be written as it is, in backticks or, behind a point, as a string. */
function nameSpan(node: Node, source: string): Span {
  const end = node.position ?? 1;
  const last = source[end - 1];
  return last === '`' || last === '"' || last === "'"
    ? stringSpan(node, source)
    : tokenSpan(node, source, String(node.value));
}

function stringSpan(node: Node, source: string): Span {
  const end = node.position ?? 1;
  const quote = source[end - 1] ?? '"';
  let offset = end - 2;
  while (offset > 0 && !(source[offset] === quote && source[offset - 1] !== '\\')) offset--;
  return { offset: Math.max(0, offset), length: end - Math.max(0, offset) };
}
