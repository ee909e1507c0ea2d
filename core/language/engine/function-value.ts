import type { Run } from './run.ts';

/**
 * A function as a value of an expression. What it gives may be a marked sequence that is not unwrapped yet: the node
 * that called it does that.
 */
export interface FunctionValue {
  /** `context` stands for the arguments that a signature lets go missing. Throws what the function throws. */
  (args: readonly unknown[], context: unknown, run: Run): unknown;
  /** How many arguments a function that calls it hands over, at most. */
  readonly arity: number;
  /** How many parameters a partial application may fill. */
  readonly parameters: number;
  /** The same without a look at the arguments: what is left of a signature in a partial application. */
  readonly bare: (args: readonly unknown[], run: Run) => unknown;
  /** It takes arguments that are missing from the context. */
  readonly contextual: boolean;
  /** It has no name to be blamed by. */
  readonly nameless: boolean;
  /** Of a lambda: the same, but its calls in tail position are given back, to be made by who called it. */
  readonly bounce: Call | undefined;
  /** Of a lambda with at most one parameter: the call with one argument. */
  readonly one: ((value: unknown, run: Run) => unknown) | undefined;
}

type Call = (args: readonly unknown[], context: unknown, run: Run) => unknown;

export function functionValue(
  call: Call,
  facts: {
    readonly arity: number;
    readonly parameters?: number;
    readonly bare?: FunctionValue['bare'];
    readonly contextual?: boolean;
    readonly nameless?: boolean;
    readonly bounce?: Call;
    readonly one?: (value: unknown, run: Run) => unknown;
  },
): FunctionValue {
  const value = call as Call & { -readonly [K in keyof FunctionValue]: FunctionValue[K] };
  value.arity = facts.arity;
  value.parameters = facts.parameters ?? facts.arity;
  value.bare = facts.bare ?? ((args, run) => call(args, null, run));
  value.contextual = facts.contextual ?? false;
  value.nameless = facts.nameless ?? false;
  value.bounce = facts.bounce;
  value.one = facts.one;
  return value;
}

export function isFunction(value: unknown): value is FunctionValue {
  return typeof value === 'function';
}

/** A function as an argument: it does not see the context of who calls it. */
export function detached(value: unknown): unknown {
  if (!isFunction(value) || !value.contextual) return value;
  return functionValue((args, _context, run) => value(args, null, run), {
    arity: value.arity,
    parameters: value.parameters,
    bare: value.bare,
    nameless: true,
  });
}
