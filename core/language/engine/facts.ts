import { OWN_FUNCTIONS } from '../functions/index.ts';
import { childrenOf, type AstNode } from './ast.ts';
import { GIVES_SEQUENCES } from './call.ts';
import { builtins } from './functions/builtins.ts';
import type { Facts } from './node.ts';

/** Functions whose lambdas stay inside, and whose result is not much more than what these give. */
const HIGHER: ReadonlySet<string> = new Set(
  'map filter single sift each sort match contains split replace'.split(' '),
);

/** How many times its input a result may count before it is looked through. */
const MAX_WEIGHT = 1_000;

/** Kinds of nodes whose value may be a function. */
const FUNCTIONS: ReadonlySet<string> = new Set(['lambda', 'partial', 'transform', 'regex']);

/** Looks an expression over before it is compiled. */
export function factsOf(ast: AstNode): Facts {
  const tupleNames = new Set<string>();
  const variables = new Set<string>();
  const heldCalls = new Set<AstNode>();
  let marks = false;
  let layers = false;
  let functions = false;
  const visit = (node: AstNode, role: 'callee' | 'argument' | 'other'): void => {
    for (const name of tupleNamesOf(node)) tupleNames.add(name);
    if (keepsLists(node)) marks = true;
    if (handsOn(node, role)) layers = true;
    if (node.type === 'block' && (node.predicate !== undefined || node.group !== undefined))
      for (const call of tailCallsOf(node)) heldCalls.add(call);
    if (node.type === 'variable') {
      const name = String(node.value);
      variables.add(name);
      if (role !== 'callee' && name !== '' && name !== '$') marks = true;
      if (role !== 'callee' && builtins().has(name)) functions = true;
    } else if (FUNCTIONS.has(node.type)) {
      marks = true;
      if (role !== 'argument') functions = true;
    } else if (node.type === 'apply' && node.rhs?.type !== 'function') functions = true;
    const inside = HIGHER.has(String(node.procedure?.value)) ? 'argument' : 'other';
    for (const child of childrenOf(node)) {
      if (child === node.procedure) visit(child, 'callee');
      else visit(child, node.arguments?.includes(child) === true ? inside : 'other');
    }
  };
  visit(ast, 'other');
  const marksAll = variables.has('distinct');
  return {
    marks: marks || functions || marksAll,
    layers,
    marksAll,
    tupleNames,
    variables,
    heldCalls,
    functions,
    wild: functions || givesDecimals(variables) || weightOf(ast, new Map()) > MAX_WEIGHT,
  };
}

/** Whether a node is a function that gives its caller a sequence: one of the language's, or a call of it at the end of another. */
function handsOn(
  { type, value, thunk, body, procedure }: AstNode,
  role: 'callee' | 'argument' | 'other',
): boolean {
  if (type === 'variable') return role !== 'callee' && GIVES_SEQUENCES.has(String(value));
  const called = type === 'partial' ? procedure : thunk === true ? (body as AstNode).procedure : undefined;
  return called?.type === 'variable' && GIVES_SEQUENCES.has(String(called.value));
}

function tailCallsOf(node: AstNode): readonly AstNode[] {
  if (node.type === 'lambda' && node.thunk === true) return [node];
  if (node.type === 'block') return (node.expressions ?? []).slice(-1).flatMap(tailCallsOf);
  return node.type === 'condition' ? [node.then, node.else].flatMap((n) => (n ? tailCallsOf(n) : [])) : [];
}

function tupleNamesOf(node: AstNode): readonly string[] {
  return [
    ...[node.focus, node.index, node.ancestor?.label, node.slot?.label],
    ...(node.stages ?? []).map(({ value }) => value),
  ].filter((name) => name !== undefined);
}

function keepsLists(node: AstNode): boolean {
  return (
    node.keepArray === true ||
    node.consarray === true ||
    node.keepSingletonArray === true ||
    node.tuple === true
  );
}

function givesDecimals(variables: ReadonlySet<string>): boolean {
  return OWN_FUNCTIONS.some(({ engineOnly, name }) => engineOnly === true && variables.has(name));
}

/** A bound of how often a part of the input may stand in the result, where no function calls itself. */
function weightOf(ast: AstNode, bound: Map<string, number>): number {
  const weights = childrenOf(ast).map((child) => weightOf(child, bound));
  if (ast.type === 'variable') return bound.get(String(ast.value)) ?? 1;
  const sum = weights.reduce((a, b) => a + b, 0);
  if (ast.type === 'bind') {
    const name = String(ast.lhs?.value);
    bound.set(name, Math.max(bound.get(name) ?? 0, sum));
  }
  const each = ast.type === 'path' || ast.type === 'function' || ast.type === 'apply';
  return Math.max(1, each ? weights.reduce((a, b) => a * b, 1) : sum);
}
