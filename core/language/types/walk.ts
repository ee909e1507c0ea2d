import type { CheckCode, Severity } from '../check-codes.ts';
import type { Position } from '../../model/mapping.ts';
import type { AstNode } from '../engine/index.ts';
import type { Span } from './syntax.ts';
import type { Type } from './type.ts';

/** What an expression sees at one of its places. */
export interface Scope {
  /** What names are looked up in. */
  readonly context: Type;
  /** `$$`. */
  readonly root: Type;
  readonly variables: ReadonlyMap<string, Variable>;
}

export interface Variable {
  readonly type: Type;
  /** What it was bound to, as long as it sees the same names: a condition on it is one on that. */
  readonly definition?: AstNode;
}

/** Something that is wrong with an expression, by its place in the text. */
export interface Finding extends Span {
  readonly code: CheckCode;
  /** Default: the severity of the code. */
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What should stand there instead. */
  readonly replacement?: string | undefined;
}

/** One inference over one expression: what its parts, in several files, call each other by. */
export interface Walk {
  readonly source: string;
  infer(node: AstNode, scope: Scope): Type;
  /**
   * What a function gives for arguments of these types; unknown for what is no known function. `raw`: to a function of
   * the language, which gets sequences as they are.
   */
  call(callee: Type, args: readonly Type[], scope: Scope, raw?: boolean): Type;
  /** Keeps a lambda with what it sees; gives its number. */
  keep(node: AstNode, scope: Scope): number;
  lambda(index: number): { readonly node: AstNode; readonly scope: Scope } | undefined;
  /** Whether a name is bound by one `:=` alone, so that its type is what is bound there. */
  isBoundOnce(name: string): boolean;
  /** Whether a name is bound as a parameter alone. */
  isParameter(name: string): boolean;
  tell(finding: Finding): void;
  place(offset: number): Position;
}
