import jsonata from 'jsonata';
import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText } from '../model/mapping.ts';
import { pad, type AstNode } from './engine/index.ts';
import { expressionError } from './expression-error.ts';
import { registerOwnFunctions } from './functions/index.ts';
import { copyPlain } from './plain.ts';
import type { HubConfig } from './project.ts';
import { linearRegExp, type LinearRegExp } from './regex.ts';

type ExpressionLimits = HubConfig['limits']['expression'];

/** An expression in JSONata's interpreter, with everything off that could run long or reach out. */
export interface Interpreted {
  readonly evaluate: (input: unknown, bindings?: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** For what the engine does not cover. `onEvaluate` is called with each node of the syntax tree that is evaluated. */
export function interpret(
  text: ExpressionText,
  limits: ExpressionLimits,
  onEvaluate?: (node: AstNode) => void,
): Interpreted {
  const compiled = jsonata(text.source, {
    timeout: limits.timeoutMs,
    stack: limits.stack,
    sequence: limits.sequence,
    RegexEngine: LinearRegexEngine as unknown as RegExpConstructor,
  });
  if (onEvaluate !== undefined)
    compiled.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, onEvaluate);
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
          throw expressionError(error, text);
        }
      }),
  };
}

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
