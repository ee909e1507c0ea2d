import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText, Position } from '../model/mapping.ts';
import { positionIn, startOf } from './expression-position.ts';

const LIMIT_CODES: ReadonlySet<string> = new Set(['D1011', 'D1012', 'D2014', 'D2015', 'X1003']);

interface JsonataError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly position?: unknown;
  readonly token?: unknown;
}

/**
 * An error of an evaluation as EXPRESSION_FAILED or EXPRESSION_LIMIT, with JSONata's code and the place. JSONata's text
 * may quote a value, so it is kept short.
 */
export function expressionError(thrown: unknown, text: ExpressionText): CrossdockError {
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
