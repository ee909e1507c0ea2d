import { childrenOf, type AstNode } from '../engine/index.ts';
import type { Scope } from './walk.ts';

/** A plain path: names from the context, from `$$` or from a variable. */
export interface Ref {
  /** From the root (`$$`) rather than from the context. */
  readonly root: boolean;
  readonly variable?: string;
  readonly names: readonly string[];
}

const CONTEXT: Ref = { root: false, names: [] };

/**
 * The plain path that a node is; with `prefix`, the part of it up to the first step that is not just a name (its value
 * must be there if the whole finds something).
 */
export function refOf(node: AstNode, prefix = false): Ref | undefined {
  if (node.type === 'variable')
    return node.predicate === undefined && node.group === undefined
      ? refOfVariable(node)
      : prefix
        ? refOfVariable(node)
        : undefined;
  if (node.type !== 'path' || node.group !== undefined) return undefined;
  let ref: Ref | undefined;
  for (const [i, step] of (node.steps ?? []).entries()) {
    const plain = step.stages === undefined && step.predicate === undefined && step.tuple !== true;
    if (i === 0 && step.type === 'variable') ref = refOfVariable(step);
    else if (step.type === 'name') {
      const before: Ref | undefined = i === 0 ? CONTEXT : ref;
      if (before === undefined) return undefined;
      ref = { ...before, names: [...before.names, String(step.value)] };
    } else return prefix ? ref : undefined;
    if (!plain) return prefix ? ref : undefined;
  }
  return ref;
}

function refOfVariable(node: AstNode): Ref {
  if (node.value === '') return CONTEXT;
  if (node.value === '$') return { root: true, names: [] };
  return { root: false, variable: String(node.value), names: [] };
}

/** All paths that a condition looks at, also by way of the variables that it uses. */
export function mentionsOf(node: AstNode, scope: Scope): readonly Ref[] {
  const refs: Ref[] = [];
  const seen = new Set<AstNode>();
  const visit = (current: AstNode, base: Ref): void => {
    if (seen.has(current) || refs.length > 200) return;
    seen.add(current);
    if (current.type === 'path') {
      visitPath(current, base);
      return;
    }
    if (current.type === 'variable') {
      const ref = refOfVariable(current);
      refs.push(ref);
      const definition =
        ref.variable === undefined ? undefined : scope.variables.get(ref.variable)?.definition;
      if (definition !== undefined) visit(definition, CONTEXT);
    }
    for (const child of childrenOf(current)) visit(child, base);
  };
  const visitPath = (path: AstNode, base: Ref): void => {
    let ref = base;
    for (const step of path.steps ?? []) {
      if (step.type === 'name') ref = { ...ref, names: [...ref.names, String(step.value)] };
      else if (step.type === 'variable') {
        ref = refOfVariable(step);
        visit(step, base);
      } else visit(step, ref);
      refs.push(ref);
      for (const { expr } of step.stages ?? []) if (expr !== undefined) visit(expr, ref);
    }
    for (const pair of path.group?.lhs ?? []) for (const part of pair) visit(part, ref);
  };
  visit(node, CONTEXT);
  // A function of the language is no variable of the scope.
  return refs.filter(({ names, variable }) =>
    variable === undefined ? names.length > 0 : scope.variables.has(variable),
  );
}
