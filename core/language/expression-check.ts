import type { ExpressionText, Position } from '../model/mapping.ts';
import type { CheckCode } from './check-codes.ts';
import { refusalOf, type AstNode } from './engine/index.ts';
import { positionIn, startOf } from './expression-position.ts';
import { literalMistakes, OWN_FUNCTIONS, OWN_FUNCTIONS_BY_NAME } from './functions/index.ts';
import { nearest } from './nearest.ts';
import type { Fix, Place } from './project.ts';
import { linearRegExp } from './regex.ts';
import { BUILT_INS } from './types/built-ins.ts';
import { boundNames, parse, visit } from './types/syntax.ts';

/** A mistake in an expression that can be told without a message. */
export interface ExpressionMistake extends Position {
  readonly code: CheckCode;
  readonly message: string;
  readonly hint?: string;
  readonly end?: Place;
  readonly fix?: Fix;
}

/** What expressions see as `$name` beside what they define themselves: `$message` has the message's attributes. */
const EXPRESSION_BINDINGS: readonly string[] = ['message'];

/** All functions of the language that a mapping may use. `$eval` is not among them. */
const FUNCTIONS: readonly string[] = [...BUILT_INS.keys(), ...OWN_FUNCTIONS.map(({ name }) => name)];

/** A picture becomes a regular expression that backtracks, so only the mapping's author may write one. */
const PICTURE_FUNCTIONS: ReadonlySet<string> = new Set(['toMillis', 'fromMillis']);

const MAX_SOURCE = 64 * 1024;

/** Syntax, unknown functions and variables, and what is refused for safety. All mistakes at once where it parses. */
export function checkExpression(
  text: ExpressionText,
  bindings: readonly string[] = EXPRESSION_BINDINGS,
): readonly ExpressionMistake[] {
  if (text.source.length > MAX_SOURCE)
    return [{ ...text.at, code: 'syntax', message: 'the expression is longer than 64 KiB' }];
  const read = parse(text);
  if ('error' in read) return [syntaxMistake(read.error, text)];
  const { tree } = read;
  const { assigned, parameters } = boundNames(tree);
  const defined = new Set([...assigned, ...parameters]);
  const known = new Set([...FUNCTIONS, ...bindings, ...defined]);
  const mistakes: ExpressionMistake[] = [];
  const say: Say = (node, token, { code, message, near }) => {
    const offset = startOf(text.source, node.position ?? 0, token);
    const at = positionIn(text, offset);
    const { line, column } = positionIn(text, Math.max(offset + 1, node.position ?? 0));
    const end = { line, column };
    const hint = near === undefined ? undefined : `did you mean "${near}"?`;
    const fix =
      near === undefined ? undefined : { from: { line: at.line, column: at.column }, to: end, text: near };
    mistakes.push({
      ...at,
      code,
      message,
      end,
      ...(hint === undefined ? {} : { hint }),
      ...(fix === undefined ? {} : { fix }),
    });
  };
  visit(tree, (node, parent) => {
    const name = node.procedure?.value;
    if (typeof name === 'string' && !defined.has(name)) checkLiterals(node, parent, name, say);
    if (node.type === 'variable') checkVariable(node, parent, known, say);
    else if (node.type === 'function' || node.type === 'partial') checkCall(node, parent, known, say);
    else if (node.type === 'regex') checkRegex(node, say);
  });
  if (mistakes.length === 0) checkDecimals(tree, defined, say);
  return mistakes;
}

/** JSONata's interpreter knows no decimals, so what the engine leaves to it can have none. */
function checkDecimals(tree: AstNode, defined: ReadonlySet<string>, say: Say): void {
  const names: string[] = [];
  visit(tree, ({ type, value }) => {
    if (type === 'variable' && typeof value === 'string' && !defined.has(value)) names.push(value);
  });
  const name = names.find((one) => OWN_FUNCTIONS_BY_NAME.get(one)?.engineOnly === true);
  const refusal = name === undefined ? undefined : refusalOf(tree);
  if (refusal !== undefined)
    say(refusal.node, refusal.node.value, {
      code: 'not-allowed',
      message: `$${name} needs the engine, which does not take this expression: ${refusal.reason}`,
    });
}

type Say = (node: AstNode, token: unknown, what: What) => void;

interface What {
  readonly code: CheckCode;
  readonly message: string;
  /** What was probably meant. */
  readonly near?: string | undefined;
}

function checkVariable(
  node: AstNode,
  parent: AstNode | undefined,
  known: ReadonlySet<string>,
  say: Say,
): void {
  const name = String(node.value);
  if (name === '' || name === '$') return;
  const called = parent?.procedure === node;
  const token = `$${name}`;
  if (name === 'eval') say(node, token, { code: 'not-allowed', message: '$eval is not available' });
  else if (!known.has(name)) {
    const near = nearest(name, [...known]);
    const what = called ? 'function' : 'variable';
    say(node, token, {
      code: `unknown-${what}`,
      message: `unknown ${what} "$${name}"`,
      near: near === undefined ? undefined : `$${near}`,
    });
  } else if (PICTURE_FUNCTIONS.has(name) && !called) {
    const message = `$${name} can only be called directly, with its picture written out`;
    say(node, token, { code: 'not-allowed', message });
  }
}

function checkCall(node: AstNode, parent: AstNode | undefined, known: ReadonlySet<string>, say: Say): void {
  const procedure = node.procedure;
  const steps = procedure?.type === 'path' ? (procedure.steps ?? []) : [];
  const name = steps.length === 1 ? String(steps[0]?.value) : undefined;
  if (name !== undefined) {
    const near = known.has(name) ? name : nearest(name, [...known]);
    say(steps[0] as AstNode, name, {
      code: 'unknown-function',
      message: `"${name}" is not a function: names of functions begin with $`,
      near: near === undefined ? undefined : `$${near}`,
    });
  }
  if (procedure?.type !== 'variable' || !PICTURE_FUNCTIONS.has(String(procedure.value))) return;
  // `value ~> $toMillis(picture)` hands the value over as the first argument.
  const applied = parent?.type === 'apply' && parent.rhs === node;
  const picture = node.arguments?.[applied ? 0 : 1];
  if (picture !== undefined && picture.type !== 'string') {
    const called = `$${String(procedure.value)}`;
    const message = `the picture of ${called} must be written out as a string`;
    say(procedure, called, { code: 'not-allowed', message });
  }
}

/** What is written out for one of Crossdock's own functions: formats, time zones, currencies, units. */
function checkLiterals(node: AstNode, parent: AstNode | undefined, name: string, say: Say): void {
  const own = OWN_FUNCTIONS_BY_NAME.get(name);
  if (own === undefined) return;
  const args = node.arguments ?? [];
  const applied = node.type === 'function' && parent?.type === 'apply' && parent.rhs === node;
  const written = args.map(({ type, value }) =>
    type === 'string' || type === 'number' ? { literal: value } : {},
  );
  for (const { argument, message } of literalMistakes(own, written, applied)) {
    const literal = args[argument] as AstNode;
    const written = literal.type === 'string' ? `"${String(literal.value)}"` : literal.value;
    say(literal, written, { code: 'argument-type', message: `$${name}: ${message}` });
  }
}

function checkRegex(node: AstNode, say: Say): void {
  // Of the copy that `?:` makes of its left side nothing is left.
  if (!(node.value instanceof RegExp)) return;
  const literal = node.value;
  try {
    linearRegExp(literal.source, literal.flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not a regular expression';
    const pattern = `/${literal.source}/`;
    say(node, pattern, { code: 'not-allowed', message: `${pattern}: ${reason}` });
  }
}

function syntaxMistake(thrown: unknown, text: ExpressionText): ExpressionMistake {
  const error = thrown as { message?: unknown; position?: unknown; token?: unknown };
  const message = typeof error.message === 'string' ? error.message : 'syntax error';
  const position = typeof error.position === 'number' ? error.position : 0;
  const at = error.token === '(end)' ? text.source.length : startOf(text.source, position, error.token);
  const hint = syntaxHint(text.source, at);
  return {
    ...positionIn(text, at),
    code: 'syntax',
    message: `the expression is not valid: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** What JavaScript writes and JSONata does not; an error is placed at the first or the second character of it. */
const OF_JAVASCRIPT = /^(?:==|&&|\|\||=>|!(?!=))/;

function syntaxHint(source: string, at: number): string | undefined {
  if ([at, at - 1].some((start) => start >= 0 && OF_JAVASCRIPT.test(source.slice(start))))
    return 'JSONata writes =, and, or, $not(x) and function($x) { … }';
  // A date or a time of day.
  if (/^\s*(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}:[0-9]{2})/.test(source))
    return 'a text needs quotes inside the expression, beside those of YAML';
  return undefined;
}
