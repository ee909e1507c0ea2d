import type { FaultCode } from './function-fault.ts';

/** What a function of Crossdock's own takes and gives, beside what JSONata's signature can say. */
export type OwnType = 'any' | 'string' | 'number' | 'boolean' | 'decimal' | 'array';

export interface OwnParameter {
  readonly name: string;
  /** Any of these. */
  readonly takes: readonly OwnType[];
  readonly description: string;
  /** May be left out. */
  readonly optional?: true;
  /** What stands for it when it is left out, in words or as written in an expression. */
  readonly default?: string;
  /** All the values that it may have, where they are few. */
  readonly oneOf?: readonly string[];
  /** What is wrong with a value that is written out in the expression; undefined when nothing is. */
  readonly mistake?: (literal: unknown) => string | undefined;
}

export interface OwnExample {
  readonly expression: string;
  /** The context that it is evaluated on; default an empty object. */
  readonly input?: unknown;
  /** As plain JSON; left out when it finds nothing, or fails. */
  readonly result?: unknown;
  /** Of the error that it ends with. */
  readonly fails?: FaultCode;
  readonly comment?: string;
}

/** What a call knows of the evaluation that it is part of. */
export interface OwnCall {
  /** Milliseconds since 1970: the one time that the whole evaluation sees, `$now()` included. */
  now(): number;
}

/** What is known of an argument before anything runs: `literal` is absent unless it is written out. */
export interface WrittenArgument {
  readonly literal?: unknown;
}

/** What a function gives. */
export interface OwnResult {
  readonly types: readonly OwnType[];
  /** JSON Schema's `format`, where the text always has it. */
  readonly format?: 'date' | 'date-time';
  /** Of an array: the type of its items. */
  readonly items?: OwnType;
}

/** A function that expressions have beside JSONata's own: described once, for the engine, the checks and the docs. */
export interface OwnFunction {
  /** Without the `$`. */
  readonly name: string;
  readonly group: 'money' | 'dates';
  /** As JSONata writes them; a decimal counts as `o`. */
  readonly signature: string;
  readonly summary: string;
  readonly parameters: readonly OwnParameter[];
  readonly returns: OwnResult & { readonly description: string };
  /** The same, as far as more is known from what is written out; an argument that is left out is undefined. */
  readonly returnsFor?: (written: readonly (WrittenArgument | undefined)[]) => OwnResult | undefined;
  readonly examples: readonly OwnExample[];
  /** What it may fail with. */
  readonly errors: readonly FaultCode[];
  /**
   * It gives decimals, which only the engine can calculate with: refused in an expression that falls back to JSONata's
   * interpreter.
   */
  readonly engineOnly?: true;
  /** `args` fit the signature; those left out are undefined or missing. Throws FunctionFault. */
  readonly call: (args: readonly unknown[], env: OwnCall) => unknown;
}
