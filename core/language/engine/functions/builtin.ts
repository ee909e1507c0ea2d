import type { Signature } from '../ast.ts';
import type { FunctionValue } from '../function-value.ts';
import type { Run } from '../run.ts';
import type { Quick } from './quick.ts';

/** Works on arguments that fit the signature. What it gives may be a marked sequence. */
export type Implementation = (args: readonly unknown[], context: unknown, run: Run) => unknown;

/** A function that every expression has. */
export interface Builtin {
  readonly name: string;
  readonly signature: Signature | undefined;
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
