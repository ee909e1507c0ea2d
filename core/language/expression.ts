import jsonata from 'jsonata';
import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText, Position } from '../model/mapping.ts';
import { compileProgram, type AstNode, type Program } from './engine/index.ts';
import { checkExpression } from './expression-check.ts';
import { expressionError } from './expression-error.ts';
import { positionIn, startOf } from './expression-position.ts';
import { interpret } from './interpreter.ts';
import { copyPlain } from './plain.ts';
import type { HubConfig } from './project.ts';

export type ExpressionLimits = HubConfig['limits']['expression'];

type Bindings = Readonly<Record<string, unknown>>;

/** A compiled expression. Pure: the same input gives the same output, `$now()`, `$random()` and the like aside. */
export interface Expression {
  /**
   * The value as plain JSON, undefined where the expression finds nothing. `bindings` are seen as `$name`.
   * Throws EXPRESSION_FAILED and EXPRESSION_LIMIT; their `details` have file, line, column and JSONata's code.
   */
  evaluate(input: unknown, bindings?: Bindings): Promise<unknown>;
  /** The same without a promise; missing where `fallback` is there. */
  evaluateSync?(input: unknown, bindings?: Bindings): unknown;
  /** Why JSONata's interpreter evaluates it, which is right but slow, and what in the expression is the reason. */
  readonly fallback?: { readonly reason: string; readonly at: Position };
}

export interface ExpressionOptions {
  /**
   * Called with the offset in the source of each part of the expression that is evaluated, each time. Evaluation is
   * slower with it; paths and blocks are seen by their parts.
   */
  readonly onEvaluate?: (offset: number) => void;
}

/** Of limits.expression in config/hub.yaml. */
export const DEFAULT_EXPRESSION_LIMITS: ExpressionLimits = {
  timeoutMs: 500,
  stack: 2_000,
  sequence: 100_000,
};

/**
 * Compiles an expression. Throws CONFIG_INVALID with `details` file, line and column when it has mistakes; a project
 * that was read without problems has none.
 */
export function compileExpression(
  text: ExpressionText,
  limits: ExpressionLimits,
  options: ExpressionOptions = {},
): Expression {
  const mistake = checkExpression(text)[0];
  if (mistake !== undefined) {
    const { file, line, column, message, hint } = mistake;
    const what = hint === undefined || mistake.code !== 'syntax' ? message : `${message}; ${hint}`;
    throw new CrossdockError('CONFIG_INVALID', `${what}.`, { details: { file, line, column } });
  }
  const onEvaluate = options.onEvaluate === undefined ? undefined : watch(text, options.onEvaluate);
  const program = compileProgram(jsonata(text.source).ast(), {
    limits,
    // eslint-disable-next-line no-restricted-properties -- `$now()` and the time limit are the interpreter's notion of time
    now: Date.now,
    ...(onEvaluate === undefined ? {} : { onEvaluate }),
  });
  if ('evaluate' in program) return direct(program, text, limits);
  const fallback = { reason: program.reason, at: placeOf(program.node, text) };
  return { ...interpret(text, limits, onEvaluate), fallback };
}

function direct(program: Program, text: ExpressionText, limits: ExpressionLimits): Expression {
  const evaluateSync = (input: unknown, bindings?: Bindings): unknown => {
    try {
      const { value, clean } = program.evaluate(input, bindings);
      return clean ? value : copyPlain(value, limits.sequence);
    } catch (error) {
      throw expressionError(error, text);
    }
  };
  return { evaluateSync, evaluate: async (input, bindings) => evaluateSync(input, bindings) };
}

function watch(text: ExpressionText, onEvaluate: (offset: number) => void): (node: AstNode) => void {
  const offsets = new Map<AstNode, number>();
  return (node) => {
    if (node.position === undefined) return;
    const offset = offsets.get(node) ?? startOf(text.source, node.position, node.value);
    offsets.set(node, offset);
    onEvaluate(offset);
  };
}

function placeOf(node: AstNode, text: ExpressionText): Position {
  return node.position === undefined
    ? text.at
    : positionIn(text, startOf(text.source, node.position, node.value));
}
