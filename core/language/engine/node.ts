import type { AstNode } from './ast.ts';
import type { Site } from './error.ts';
import type { Builtin } from './functions/builtin.ts';
import type { Run } from './run.ts';
import type { Env, Scope } from './scope.ts';

/** A compiled node: gives its value in the context of `input`. */
export type Node = (input: unknown, env: Env, run: Run) => unknown;

/** What is known of an expression as a whole before it is compiled. */
export interface Facts {
  /** Lists may carry marks (see sequence.ts). */
  readonly marks: boolean;
  /** A function may hand on a sequence as it is, so that one may be in another: each node takes off one layer. */
  readonly layers: boolean;
  /** All sequences are marked: `$distinct` tells a sequence from a list. */
  readonly marksAll: boolean;
  /** Names that tuples bind: those of `@`, `#` and the labels of `%`. */
  readonly tupleNames: ReadonlySet<string>;
  /** Names of all variables. */
  readonly variables: ReadonlySet<string>;
  /** Calls in tail position of a block with a filter behind it, which works on the call and not on what it gives. */
  readonly heldCalls: ReadonlySet<AstNode>;
  /** Values may be functions. */
  readonly functions: boolean;
  /** The result may hold functions or decimals, or be far larger than what it is made of: it is looked through. */
  readonly wild: boolean;
}

/** What the compilers of the kinds of nodes need of the whole. */
export interface Compiler {
  readonly facts: Facts;
  /** Every node is compiled by itself, so that it can be seen when it is evaluated: no shortcuts. */
  readonly observed: boolean;
  /** Of the node that is being compiled, in the body that it belongs to; the root of a body has 1. */
  readonly depth: number;
  compile(ast: AstNode, scope: Scope): Node;
  /** The body of a function, whose levels count from 1 again. */
  compileBody(ast: AstNode, scope: Scope): Node;
  /** The function of the language or of Crossdock that `$name` means here; undefined if it may mean anything else. */
  builtin(name: string, scope: Scope): Builtin | undefined;
  /** The same where nothing in the expression binds the name. */
  base(name: string): Builtin | undefined;
}

/** What the engine leaves to the interpreter. */
export class NotCovered extends Error {
  readonly node: AstNode;

  constructor(reason: string, node: AstNode) {
    super(reason);
    this.node = node;
  }
}

/** Where an operator or call is, for its errors. */
export function siteOf(ast: AstNode, token: unknown = ast.value): Site {
  return { position: ast.position, token: typeof token === 'string' ? token : undefined };
}
