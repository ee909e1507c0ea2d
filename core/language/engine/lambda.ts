import type { AstNode } from './ast.ts';
import { callBuiltin, nameOf, valuesOf } from './call.ts';
import { EngineError, fromCall, type Site } from './error.ts';
import { functionValue, isFunction } from './function-value.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import { namesBoundIn, Scope, type Env } from './scope.ts';
import { isSequence } from './sequence.ts';

/** What a function leaves to its caller; blocks and conditions on the way hand it on as it is. */
abstract class Left {
  /** `context` is that of the call which the whole chain began with. */
  abstract go(context: unknown, run: Run): unknown;
}

/** A sequence that a call in tail position gave. */
class Given extends Left {
  readonly #list: unknown[];

  constructor(list: unknown[]) {
    super();
    this.#list = list;
  }

  go(): unknown {
    return this.#list;
  }
}

/** A call in tail position: a function that calls itself last needs no stack. */
class TailCall extends Left {
  readonly #next: Next;
  readonly #input: unknown;
  readonly #env: Env;

  constructor(next: Next, input: unknown, env: Env) {
    super();
    this.#next = next;
    this.#input = input;
    this.#env = env;
  }

  go(context: unknown, run: Run): unknown {
    const { callee, args, site } = this.#next;
    const called = callee(this.#input, this.#env, run);
    const values = valuesOf(args, this.#input, this.#env, run);
    if (!isFunction(called)) throw new EngineError('T1006', {}, site);
    run.step();
    try {
      return (called.bounce ?? called)(values, context, run);
    } catch (error) {
      throw fromCall(error, site);
    }
  }
}

interface Next {
  readonly callee: Node;
  readonly args: readonly Node[];
  readonly site: Site;
}

/** `function($x) { … }`. */
export function compileLambda(ast: AstNode, scope: Scope, c: Compiler): Node {
  if (ast.thunk === true) return compileTailCall(ast, scope, c);
  const parameters = (ast.arguments ?? []).map(({ value }) => String(value));
  const body = ast.body as AstNode;
  const inner = new Scope(scope, namesBoundIn([body]), parameters);
  const node = c.compileBody(body, inner);
  const slots = parameters.map((name) => inner.slotOf(name));
  const levels = certainDepth(body);
  const { signature } = ast;
  // One parameter and nothing else in its frame.
  const plain = signature === undefined && parameters.length === 1 && inner.size === 2;
  return (input, env) => {
    const enter = (args: readonly unknown[], run: Run): unknown => {
      run.reach(levels);
      const frame = inner.enter(env);
      for (let i = 0; i < slots.length; i++) (frame as unknown[])[slots[i] as number] = args[i];
      return node(input, frame, run);
    };
    const enterWith = (value: unknown, run: Run): unknown => {
      run.reach(levels);
      return node(input, [env, value], run);
    };
    const bounce = (args: readonly unknown[], context: unknown, run: Run): unknown =>
      enter(signature === undefined ? args : signature.validate(args, context), run);
    return functionValue((args, context, run) => land(bounce(args, context, run), context, run), {
      arity: parameters.length,
      bare: (args, run) => land(enter(args, run), null, run),
      contextual: signature?.definition.includes('-') === true,
      bounce,
      ...(plain && { one: (value: unknown, run: Run) => land(enterWith(value, run), null, run) }),
    });
  };
}

function land(value: unknown, context: unknown, run: Run): unknown {
  let result = value;
  while (result instanceof Left) result = result.go(context, run);
  return result;
}

function compileTailCall(thunk: AstNode, scope: Scope, c: Compiler): Node {
  const ast = thunk.body as AstNode;
  const procedure = ast.procedure as AstNode;
  const args = (ast.arguments ?? []).map((argument) => c.compile(argument, scope));
  const site: Site = {
    position: procedure.position,
    token: procedure.type === 'variable' ? nameOf(procedure) : undefined,
  };
  const builtin = procedure.type === 'variable' ? c.builtin(String(procedure.value), scope) : undefined;
  const direct = !c.facts.heldCalls.has(thunk);
  if (direct && builtin !== undefined && (!builtin.contextual || args.length >= builtin.parameters)) {
    const call = callBuiltin(builtin, args, site, c);
    return (input, env, run) => {
      const value = call(input, env, run);
      return Array.isArray(value) && isSequence(value) ? new Given(run.leak(value)) : value;
    };
  }
  const next: Next = { callee: c.compile(procedure, scope), args, site };
  return (input, env) => new TailCall(next, input, env);
}

/** How many levels an evaluation of a node takes for certain, whatever its conditions turn out to be. */
function certainDepth(ast: AstNode): number {
  return 1 + Math.max(0, ...certainChildren(ast).map(certainDepth));
}

function certainChildren(ast: AstNode): readonly AstNode[] {
  switch (ast.type) {
    case 'path':
      return (ast.steps ?? []).slice(0, 1);
    case 'binary':
      return [ast.lhs, ast.value === 'and' || ast.value === 'or' ? undefined : ast.rhs].flatMap(
        (n) => n ?? [],
      );
    case 'function':
      return [...(ast.procedure === undefined ? [] : [ast.procedure]), ...(ast.arguments ?? [])];
    case 'condition':
      return ast.condition === undefined ? [] : [ast.condition];
    case 'block':
      return ast.expressions ?? [];
    case 'bind':
      return ast.rhs === undefined ? [] : [ast.rhs];
    case 'apply':
      return ast.lhs === undefined ? [] : [ast.lhs];
    default:
      return [];
  }
}
