import type { FunctionValue } from '../function-value.ts';
import type { Run } from '../run.ts';

/** Works on arguments that fit the signature. What it gives may be a marked sequence. */
export type Implementation = (args: readonly unknown[], context: unknown, run: Run) => unknown;

/** Gives way to the call that checks its arguments by the signature, decimals included. */
export const SLOW: unique symbol = Symbol('slow');

export type Quick1 = (a: unknown, run: Run) => unknown;
export type Quick2 = (a: unknown, b: unknown, run: Run) => unknown;
type Quick3 = (a: unknown, b: unknown, c: unknown, run: Run) => unknown;

/** The common calls, by number of arguments. None of them fails: what would is SLOW. */
export interface Quick {
  readonly 1?: Quick1;
  readonly 2?: Quick2;
  readonly 3?: Quick3;
}

/** A function that every expression has. */
export interface Builtin {
  readonly name: string;
  /** Missing arguments may come from the context. */
  readonly contextual: boolean;
  /** How many parameters the signature has: with so many arguments nothing comes from the context. */
  readonly parameters: number;
  /** Checks the arguments, takes missing ones from the context, then calls. */
  readonly implement: Implementation;
  /** The same for common arguments. */
  readonly quick: Quick | undefined;
  readonly value: FunctionValue;
}
