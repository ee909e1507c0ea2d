import jsonata from 'jsonata';
import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText, Position } from '../model/mapping.ts';
import { checkExpression } from './expression-check.ts';
import { compileFastLane, type FastLane } from './fast-lane.ts';
import { positionIn, startOf } from './expression-position.ts';
import { registerOwnFunctions } from './functions/index.ts';
import { copyPlain } from './plain.ts';
import { linearRegExp, type LinearRegExp } from './regex.ts';
import type { HubConfig } from './project.ts';

export type ExpressionLimits = HubConfig['limits']['expression'];

/** A compiled expression. Pure: the same input gives the same output, `$now()`, `$random()` and the like aside. */
export interface Expression {
  /**
   * The value as plain JSON, undefined where the expression finds nothing. `bindings` are seen as `$name`.
   * Throws EXPRESSION_FAILED and EXPRESSION_LIMIT; their `details` have file, line, column and JSONata's code.
   */
  evaluate(input: unknown, bindings?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The same without a promise, for expressions that need no interpreter. */
  evaluateSync?(input: unknown, bindings?: Readonly<Record<string, unknown>>): unknown;
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
export function compileExpression(text: ExpressionText, limits: ExpressionLimits): Expression {
  const mistake = checkExpression(text)[0];
  if (mistake !== undefined) {
    const { file, line, column, message } = mistake;
    throw new CrossdockError('CONFIG_INVALID', `${message}.`, { details: { file, line, column } });
  }
  const compiled = jsonata(text.source, {
    timeout: limits.timeoutMs,
    stack: limits.stack,
    sequence: limits.sequence,
    RegexEngine: LinearRegexEngine as unknown as RegExpConstructor,
  });
  const fast = compileFastLane(compiled.ast(), limits.sequence);
  return fast === undefined ? interpreted(compiled, text, limits) : direct(fast, text);
}

function direct(fast: FastLane, text: ExpressionText): Expression {
  const evaluateSync = (input: unknown, bindings?: Readonly<Record<string, unknown>>): unknown => {
    try {
      return fast(input, bindings);
    } catch (error) {
      throw toCrossdockError(error, text);
    }
  };
  return { evaluateSync, evaluate: async (input, bindings) => evaluateSync(input, bindings) };
}

/** The JSONata interpreter, with everything off that could run long or reach out. */
function interpreted(
  compiled: jsonata.Expression,
  text: ExpressionText,
  limits: ExpressionLimits,
): Expression {
  compiled.registerFunction('eval', () => {
    throw new CrossdockError('EXPRESSION_FAILED', '$eval is not available.');
  });
  compiled.registerFunction('pad', pad, '<s-ns?:s>');
  registerOwnFunctions(compiled);
  return {
    evaluate: (input, bindings) =>
      inTurn(async () => {
        try {
          // `path[]` marks the list that it finds and `{…}` adds to an empty one, which may be the message's own.
          const own = copyPlain(input, limits.sequence);
          const result: unknown = await compiled.evaluate(own, bindings);
          return copyPlain(result, limits.sequence);
        } catch (error) {
          throw toCrossdockError(error, text);
        }
      }),
  };
}

/** JSONata's own makes a string of any length that a message may ask for. */
function pad(text: string | undefined, width: number, fill = ' '): string | undefined {
  if (text === undefined) return undefined;
  if (Math.abs(width) > MAX_WIDTH)
    throw new CrossdockError('EXPRESSION_LIMIT', `$pad to more than ${MAX_WIDTH} characters.`);
  const missing = Math.trunc(Math.abs(width)) - [...text].length;
  if (!(missing > 0)) return text;
  const padding = [...(fill === '' ? ' ' : fill).repeat(missing)].slice(0, missing).join('');
  return width > 0 ? text + padding : padding + text;
}

const MAX_WIDTH = 100_000;

/**
 * The interpreter keeps positions of calls in function objects that all expressions share, the time of `$now()` in
 * the compiled expression, and measures its time limit by the wall clock. It never waits for anything but itself, so
 * evaluations that take turns are as fast as interleaved ones, and all three become right.
 */
let lastTurn: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastTurn.then(work);
  lastTurn = turn.catch(() => undefined);
  return turn;
}

/** What jsonata calls like `RegExp`; the literals are compiled once, not at every evaluation. */
class LinearRegexEngine {
  lastIndex = 0;
  readonly #compiled: LinearRegExp;

  constructor(literal: RegExp) {
    let compiled = compiledLiterals.get(literal);
    if (compiled === undefined) {
      compiled = linearRegExp(literal.source, literal.flags);
      compiledLiterals.set(literal, compiled);
    }
    this.#compiled = compiled;
  }

  exec(text: string): RegExpExecArray | null {
    const match = this.#compiled.exec(text, this.lastIndex);
    this.lastIndex = match === null ? 0 : match.index + (match[0] ?? '').length;
    return match;
  }
}

const compiledLiterals = new WeakMap<RegExp, LinearRegExp>();

const LIMIT_CODES: ReadonlySet<string> = new Set(['D1011', 'D1012', 'D2014', 'D2015', 'X1003']);

interface JsonataError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly position?: unknown;
  readonly token?: unknown;
}

/** Names the code and the place. JSONata's text may quote a value, so it is kept short. */
function toCrossdockError(thrown: unknown, text: ExpressionText): CrossdockError {
  if (
    thrown instanceof CrossdockError &&
    (thrown.code === 'EXPRESSION_FAILED' || thrown.code === 'EXPRESSION_LIMIT')
  ) {
    return failure(thrown.code, thrown.message, text.at, { cause: thrown });
  }
  if (thrown instanceof RangeError) {
    // Too deep a recursion or too long a string, from inside a function of the language.
    return failure('EXPRESSION_LIMIT', 'The expression needs too much memory.', text.at, { cause: thrown });
  }
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as JsonataError;
  const code = typeof error.code === 'string' ? error.code : undefined;
  const message = typeof error.message === 'string' ? error.message : 'The expression failed';
  const at =
    typeof error.position === 'number'
      ? positionIn(text, startOf(text.source, error.position, error.token))
      : text.at;
  const limited = code !== undefined && LIMIT_CODES.has(code);
  const short = message.length > 300 ? `${message.slice(0, 300)}…` : message;
  return failure(
    limited ? 'EXPRESSION_LIMIT' : 'EXPRESSION_FAILED',
    code === undefined ? short : `${short} (${code})`,
    at,
    {
      ...(code === undefined ? {} : { jsonata: code }),
      ...(thrown instanceof Error ? { cause: thrown } : {}),
    },
  );
}

function failure(
  code: 'EXPRESSION_FAILED' | 'EXPRESSION_LIMIT',
  message: string,
  at: Position,
  { jsonata, cause }: { readonly jsonata?: string; readonly cause?: Error },
): CrossdockError {
  return new CrossdockError(code, message, {
    path: `${at.file}:${at.line}:${at.column}`,
    details: { ...at, ...(jsonata === undefined ? {} : { jsonata }) },
    ...(cause === undefined ? {} : { cause }),
  });
}
