import jsonata from 'jsonata';
import type { ExpressionText } from '../../model/mapping.ts';
import { childrenOf, type AstNode } from '../engine/index.ts';
import { startOf } from '../expression-position.ts';

/** The tree of an expression, or what JSONata throws about it. */
export type Parsed = { readonly tree: AstNode } | { readonly error: unknown };

const parsed = new WeakMap<ExpressionText, Parsed>();

/** Reads an expression, once. Nobody may change the tree. */
export function parse(text: ExpressionText): Parsed {
  const known = parsed.get(text) ?? read(text.source);
  parsed.set(text, known);
  return known;
}

function read(source: string): Parsed {
  try {
    return { tree: jsonata(source).ast() as AstNode };
  } catch (error) {
    return { error };
  }
}

/** Every node once, parents first. An expression may be deeper than the stack of calls. */
export function visit(tree: AstNode, see: (node: AstNode, parent: AstNode | undefined) => void): void {
  const seen = new Set<AstNode>();
  const stack: [AstNode, AstNode | undefined][] = [[tree, undefined]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, parent] = next;
    if (seen.has(node)) continue;
    seen.add(node);
    see(node, parent);
    for (const child of [...childrenOf(node)].reverse()) stack.push([child, node]);
  }
}

/** The names that an expression binds, wherever in it. */
export interface BoundNames {
  /** By `:=`, once for each. */
  readonly assigned: readonly string[];
  /** As parameters, by `@$name` and by `#$name`. */
  readonly parameters: readonly string[];
}

export function boundNames(tree: AstNode): BoundNames {
  const assigned: string[] = [];
  const parameters: string[] = [];
  visit(tree, (node) => {
    if (node.type === 'bind') assigned.push(String(node.lhs?.value));
    if (node.type === 'lambda') for (const { value } of node.arguments ?? []) parameters.push(String(value));
    for (const name of [node.focus, node.index]) if (name !== undefined) parameters.push(name);
    for (const { type, value } of [...(node.stages ?? []), ...(node.predicate ?? [])])
      if (type === 'index') parameters.push(String(value));
  });
  return { assigned, parameters };
}

/** Where a node begins, and how long its first token is. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export function spanOf(node: AstNode, source: string): Span {
  switch (node.type) {
    case 'path':
      return spanOf(node.steps?.[0] as AstNode, source);
    case 'binary':
    case 'apply':
    case 'bind':
      return spanOf(node.lhs as AstNode, source);
    case 'condition':
      return spanOf(node.condition as AstNode, source);
    case 'function':
    case 'partial':
      return spanOf(node.procedure as AstNode, source);
    case 'lambda':
      return node.thunk === true ? spanOf(node.body as AstNode, source) : tokenSpan(node, source, undefined);
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
export function operatorSpan(node: AstNode, source: string): Span {
  return tokenSpan(node, source, String(node.value));
}

function tokenSpan(node: AstNode, source: string, token: string | undefined): Span {
  const end = node.position ?? 1;
  const offset = startOf(source, end, token);
  return { offset, length: Math.max(1, end - offset) };
}

/** A name may be written as it is, in backticks or, behind a point, as a string. */
function nameSpan(node: AstNode, source: string): Span {
  const end = node.position ?? 1;
  const last = source[end - 1];
  return last === '`' || last === '"' || last === "'"
    ? stringSpan(node, source)
    : tokenSpan(node, source, String(node.value));
}

function stringSpan(node: AstNode, source: string): Span {
  const end = node.position ?? 1;
  const quote = source[end - 1] ?? '"';
  let offset = end - 2;
  while (offset > 0 && !(source[offset] === quote && source[offset - 1] !== '\\')) offset--;
  return { offset: Math.max(0, offset), length: end - Math.max(0, offset) };
}
