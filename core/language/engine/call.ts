import type { AstNode } from './ast.ts';
import { EngineError, fromCall, located, type Site } from './error.ts';
import { SLOW, type Builtin } from './functions/builtin.ts';
import { HIGHER } from './functions/higher.ts';
import { MATCHING } from './functions/matching.ts';
import { detached, isFunction } from './function-value.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import type { Env, Scope } from './scope.ts';

/**
 * `f(…)`. With `applied` it is the right side of `~>`, and what that gives is the first argument. In tail position
 * (`tail`) the value is handed on as the function gives it.
 */
export function compileCall(ast: AstNode, scope: Scope, c: Compiler, applied?: Node): Node {
  const procedure = ast.procedure as AstNode;
  const args = [...(applied === undefined ? [] : [applied]), ...compileArguments(ast, scope, c)];
  const builtin = procedure.type === 'variable' ? c.builtin(String(procedure.value), scope) : undefined;
  if (builtin === undefined) return callAnything(ast, args, scope, c);
  return callBuiltin(builtin, args, { position: ast.position, token: builtin.name }, c);
}

/** Whether what a call gives may be a sequence that is not unwrapped yet. */
export function givesSequence(ast: AstNode, scope: Scope, c: Compiler): boolean {
  const { type, value } = ast.procedure as AstNode;
  const builtin = type === 'variable' ? c.builtin(String(value), scope) : undefined;
  return builtin === undefined || GIVES_SEQUENCES.has(builtin.name);
}

/** Functions that may give a sequence that has to be unwrapped; no other does. */
export const GIVES_SEQUENCES: ReadonlySet<string> = new Set(
  'match map filter single reduce sort reverse keys lookup append spread each distinct shuffle'.split(' '),
);

/** Functions that call functions, which nest evaluation as deep as their call stands. */
const CALL_FUNCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(HIGHER),
  ...Object.keys(MATCHING),
  'sort',
]);

function compileArguments(ast: AstNode, scope: Scope, c: Compiler): readonly Node[] {
  return (ast.arguments ?? []).map((argument) => {
    const node = c.compile(argument, scope);
    // Only these can be a function that has a context to lose.
    return ['variable', 'lambda', 'function', 'block', 'condition', 'apply', 'bind', 'path'].includes(
      argument.type,
    ) && c.facts.functions
      ? (input: unknown, env: Env, run: Run) => detached(node(input, env, run))
      : node;
  });
}

/** A call of a function that is known: common arguments are not checked by the signature. */
export function callBuiltin(builtin: Builtin, args: readonly Node[], site: Site, c: Compiler): Node {
  const levels = CALL_FUNCTIONS.has(builtin.name) ? c.depth : 0;
  const slow = (values: readonly unknown[], input: unknown, run: Run): unknown => {
    run.depth += levels;
    let value: unknown;
    try {
      value = builtin.implement(values, input, run);
    } catch (error) {
      throw fromCall(error, site);
    }
    run.depth -= levels;
    return value;
  };
  const [first, second, third] = args;
  const { quick } = builtin;
  if (args.length === 1 && first !== undefined && quick?.[1] !== undefined) {
    const call = quick[1];
    return (input, env, run) => {
      const a = first(input, env, run);
      const value = call(a, run);
      return value === SLOW ? slow([a], input, run) : value;
    };
  }
  if (args.length === 2 && first !== undefined && second !== undefined && quick?.[2] !== undefined) {
    const call = quick[2];
    return (input, env, run) => {
      const a = first(input, env, run);
      const b = second(input, env, run);
      const value = call(a, b, run);
      return value === SLOW ? slow([a, b], input, run) : value;
    };
  }
  if (args.length === 3 && first && second && third && quick?.[3] !== undefined) {
    const call = quick[3];
    return (input, env, run) => {
      const a = first(input, env, run);
      const b = second(input, env, run);
      const d = third(input, env, run);
      const value = call(a, b, d, run);
      return value === SLOW ? slow([a, b, d], input, run) : value;
    };
  }
  return (input, env, run) => slow(valuesOf(args, input, env, run), input, run);
}

export function valuesOf(nodes: readonly Node[], input: unknown, env: Env, run: Run): unknown[] {
  const values = new Array<unknown>(nodes.length);
  for (let i = 0; i < nodes.length; i++) values[i] = (nodes[i] as Node)(input, env, run);
  return values;
}

/** A call of whatever the expression gives. */
function callAnything(ast: AstNode, args: readonly Node[], scope: Scope, c: Compiler): Node {
  const procedure = ast.procedure as AstNode;
  const node = c.compile(procedure, scope);
  const name = nameOf(procedure);
  const site: Site = { position: ast.position, token: name };
  const near = forgottenDollar(procedure, scope, c);
  const levels = c.depth;
  return (input, env, run) => {
    const callee = node(input, env, run);
    if (callee === undefined && near?.(input, env, run) === true)
      throw new EngineError('T1005', {}, { position: ast.position, token: name });
    const values = valuesOf(args, input, env, run);
    if (!isFunction(callee)) throw new EngineError('T1006', {}, site);
    run.step();
    run.depth += levels;
    let value: unknown;
    try {
      value = callee(values, input, run);
    } catch (error) {
      throw callee.nameless ? located(error, site) : fromCall(error, site);
    }
    run.depth -= levels;
    return value;
  };
}

/** How the function of a call is named in errors. */
export function nameOf(procedure: AstNode): string | undefined {
  const value = procedure.type === 'path' ? procedure.steps?.[0]?.value : procedure.value;
  return typeof value === 'string' ? value : undefined;
}

/** Whether `name(…)` would be a function with a `$` in front of it. */
export function forgottenDollar(
  procedure: AstNode,
  scope: Scope,
  c: Compiler,
): ((input: unknown, env: Env, run: Run) => boolean) | undefined {
  if (procedure.type !== 'path') return undefined;
  const name = procedure.steps?.[0]?.value;
  if (typeof name !== 'string') return undefined;
  const variable = c.compile({ type: 'variable', value: name }, scope);
  return name === '' ? undefined : (input, env, run) => Boolean(variable(input, env, run));
}
