import type { AstNode } from './ast.ts';
import { compileCall, forgottenDollar, nameOf } from './call.ts';
import { EngineError, fromCall, located, type Site } from './error.ts';
import { functionValue, isFunction, type FunctionValue } from './function-value.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { settle, settled } from './sequence.ts';

/** `left ~> right`: a call with the left side as first argument, or two functions made one. */
export function compileApply(ast: AstNode, scope: Scope, c: Compiler): Node {
  const left = c.compile(ast.lhs as AstNode, scope);
  const right = ast.rhs as AstNode;
  if (right.type === 'function') {
    const call = compileCall(right, scope, c, left);
    return settled(call, ast);
  }
  const callee = c.compile(right, scope);
  const site: Site = { position: ast.position, token: undefined };
  const calledSite: Site = { position: right.position ?? ast.position, token: nameOf(right) };
  const levels = c.depth;
  const apply: Node = (input, env, run) => {
    const value = left(input, env, run);
    const called = callee(input, env, run);
    if (!isFunction(called)) throw new EngineError('T2006', { value: called }, site);
    if (isFunction(value)) return compose(value, called, site);
    run.step();
    run.depth += levels;
    try {
      const result = called([value], null, run);
      run.depth -= levels;
      return result;
    } catch (error) {
      throw located(error, called.nameless ? site : calledSite);
    }
  };
  return settled(apply, ast);
}

function compose(first: FunctionValue, second: FunctionValue, site: Site): FunctionValue {
  return functionValue(
    ([value], _context, run) => {
      run.step();
      run.reach(1);
      run.depth += 1;
      try {
        const result = second([settle(first([value], null, run), false, run)], null, run);
        run.depth -= 1;
        return result;
      } catch (error) {
        throw fromCall(error, site);
      }
    },
    { arity: 1 },
  );
}

/** `f(?, x)`: the function that is left when some of the arguments are given. */
export function compilePartial(ast: AstNode, scope: Scope, c: Compiler): Node {
  const procedure = ast.procedure as AstNode;
  const callee = c.compile(procedure, scope);
  const near = forgottenDollar(procedure, scope, c);
  const site: Site = { position: ast.position, token: nameOf(procedure) };
  const asts = ast.arguments ?? [];
  const nodes = asts.map((argument) =>
    argument.type === 'operator' && argument.value === '?' ? undefined : c.compile(argument, scope),
  );
  return (input, env, run) => {
    const given = nodes.map((node) => node?.(input, env, run));
    const called = callee(input, env, run);
    if (called === undefined && near?.(input, env, run) === true) throw new EngineError('T1007', {}, site);
    if (!isFunction(called)) throw new EngineError('T1008', {}, site);
    // Of the arguments, only those count that the function has parameters for.
    const open = nodes.flatMap((node, i) => (node === undefined && i < called.parameters ? [i] : []));
    const call = (args: readonly unknown[], run_: Run): unknown => {
      const all = new Array<unknown>(called.parameters);
      for (let i = 0; i < called.parameters; i++) all[i] = nodes[i] === undefined ? undefined : given[i];
      open.forEach((parameter, i) => (all[parameter] = args[i]));
      return called.bare(all, run_);
    };
    return functionValue((args, _context, run_) => call(args, run_), { arity: open.length, bare: call });
  };
}
