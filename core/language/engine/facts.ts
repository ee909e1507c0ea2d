import { OWN_FUNCTIONS } from '../functions/index.ts';
import { childrenOf, type AstNode } from './ast.ts';

/** What is known of an expression as a whole before it is compiled. */
export interface Facts {
  /** Lists may carry marks (see sequence.ts). */
  readonly marks: boolean;
  /** All sequences are marked: `$distinct` tells a sequence from a list. */
  readonly marksAll: boolean;
  /** Names that tuples bind: those of `@`, `#` and the labels of `%`. */
  readonly tupleNames: ReadonlySet<string>;
  /** Names of all variables. */
  readonly variables: ReadonlySet<string>;
  /** The result may hold functions or decimals, or be far larger than what it is made of: it is looked through. */
  readonly wild: boolean;
}

/** Functions whose lambdas stay inside. */
const HIGHER: ReadonlySet<string> = new Set([
  ...['map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort'],
  ...['match', 'contains', 'split', 'replace'],
]);

/** How many times its input a result may count before it is looked through. */
const MAX_WEIGHT = 1_000;

export function factsOf(ast: AstNode): Facts {
  const tupleNames = new Set<string>();
  const variables = new Set<string>();
  let marks = false;
  let loose = false;
  const visit = (node: AstNode, role: 'callee' | 'argument' | 'other'): void => {
    for (const name of [node.focus, node.index, node.ancestor?.label])
      if (name !== undefined) tupleNames.add(name);
    for (const stage of node.stages ?? []) if (stage.type === 'index') tupleNames.add(String(stage.value));
    if (node.type === 'parent') tupleNames.add(String(node.slot?.label));
    if (node.type === 'variable') variables.add(String(node.value));
    if (node.type === 'variable' && role !== 'callee' && node.value !== '' && node.value !== '$')
      marks = loose = true;
    if (
      node.keepArray === true ||
      node.consarray === true ||
      node.keepSingletonArray === true ||
      node.tuple === true
    )
      marks = true;
    if (['lambda', 'partial', 'transform', 'regex', 'apply', 'bind'].includes(node.type)) {
      marks = true;
      if (role !== 'argument') loose = true;
    }
    for (const child of childrenOf(node)) {
      if (child === node.procedure) visit(child, 'callee');
      else if (node.type === 'function' && node.arguments?.includes(child) === true)
        visit(child, HIGHER.has(String(node.procedure?.value)) ? 'argument' : 'other');
      else visit(child, 'other');
    }
  };
  visit(ast, 'other');
  return {
    marks: marks || variables.has('distinct'),
    marksAll: variables.has('distinct'),
    tupleNames,
    variables,
    wild:
      loose ||
      weightOf(ast) > MAX_WEIGHT ||
      OWN_FUNCTIONS.some((own) => own.engineOnly === true && variables.has(own.name)),
  };
}

/** A bound of how often a part of the input may stand in the result. */
function weightOf(ast: AstNode): number {
  const children = childrenOf(ast);
  if (children.length === 0) return 1;
  const weights = children.map(weightOf);
  return ast.type === 'path' ? weights.reduce((a, b) => a * b) : weights.reduce((a, b) => a + b);
}
