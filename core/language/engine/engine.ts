import type { AstNode } from './ast.ts';
import { compileTree } from './compile.ts';
import { EngineError } from './error.ts';
import { factsOf } from './facts.ts';
import { builtins } from './functions/builtins.ts';
import { NotCovered, type Node } from './node.ts';
import { Run, type Bindings, type Limits, type RunSettings } from './run.ts';
import { namesBoundIn, Scope } from './scope.ts';
import { mark, SEQUENCE } from './sequence.ts';

/** A compiled expression. Throws EngineError, FunctionFault, and CrossdockError with EXPRESSION_LIMIT. */
export interface Program {
  readonly evaluate: (input: unknown, bindings?: Bindings) => Evaluated;
}

/** What an evaluation gives. */
export interface Evaluated {
  readonly value: unknown;
  /** It is plain JSON as it is; else it must be copied, and may turn out to be no data at all. */
  readonly clean: boolean;
}

export interface EngineOptions {
  readonly limits: Limits;
  /** Milliseconds since 1970; for `$now()` and the time limit. */
  readonly now: () => number;
  readonly onEvaluate?: (node: AstNode) => void;
}

/** Why the interpreter has to do it, and where the reason stands: the offset that JSONata gives. */
export interface Refusal {
  readonly reason: string;
  readonly node: AstNode;
}

/**
 * Compiles what JSONata's parser makes of an expression into closures that mean what its interpreter means, without
 * promises and about a hundred times as fast. What is not covered as a whole is refused.
 */
export function compileProgram(tree: unknown, options: EngineOptions): Program | Refusal {
  const ast = tree as AstNode;
  try {
    return compileWith(ast, options);
  } catch (error) {
    if (error instanceof NotCovered) return { reason: error.message, node: error.node };
    if (error instanceof RangeError) return { reason: 'it is nested too deep', node: ast };
    throw error;
  }
}

/** Throws NotCovered, and RangeError where the tree is deeper than the stack. */
function compileWith(ast: AstNode, options: EngineOptions): Program {
  const facts = factsOf(ast);
  const scope = new Scope(undefined, namesBoundIn([ast]));
  const compile = (hidden: ReadonlySet<string>): Node =>
    compileTree(ast, scope, { facts, hidden, onEvaluate: options.onEvaluate });
  const settings: RunSettings = { limits: options.limits, marksAll: facts.marksAll, now: options.now };
  const node = compile(NOTHING);
  const functions = [...facts.variables].filter((name) => builtins().has(name));
  const variants = new Map<string, Node>();

  const nodeFor = (bindings: Bindings | undefined): Node => {
    if (bindings === undefined) return node;
    const hidden = functions.filter((name) => Object.hasOwn(bindings, name));
    if (hidden.length === 0) return node;
    const key = hidden.join(' ');
    const variant = variants.get(key) ?? compile(new Set(hidden));
    variants.set(key, variant);
    return variant;
  };

  return {
    evaluate: (input, bindings) => {
      const wrapper = Array.isArray(input) ? mark([input as unknown], SEQUENCE) : undefined;
      const run = new Run(input, bindings, wrapper, settings);
      const value = evaluate(nodeFor(bindings), wrapper ?? input, scope, run);
      return { value, clean: !run.unclean && !facts.wild };
    },
  };
}

const NOTHING: ReadonlySet<string> = new Set();

/** Why the engine leaves an expression to the interpreter; undefined when it does not. */
export function refusalOf(tree: unknown): Refusal | undefined {
  const limits: Limits = { timeoutMs: 0, stack: 0, sequence: 0 };
  const program = compileProgram(tree, { limits, now: () => 0 });
  return 'reason' in program ? program : undefined;
}

function evaluate(node: Node, input: unknown, scope: Scope, run: Run): unknown {
  try {
    return node(input, scope.enter(null), run);
  } catch (error) {
    // The stack of the engine itself: what is left of it depends on the caller.
    if (error instanceof RangeError && /call stack/i.test(error.message)) throw new EngineError('D1011');
    throw error;
  }
}
