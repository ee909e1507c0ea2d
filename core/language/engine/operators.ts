import type { AstNode } from './ast.ts';
import { compareDecimals, decimalArithmetic, isDecimal } from './decimals.ts';
import { blamed, EngineError, located, type Site } from './error.ts';
import { siteOf, type Compiler, type Node } from './node.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { unwrap } from './sequence.ts';
import { textOf } from './text.ts';
import { isDeepEqual, isNumeric, toBoolean } from './values.ts';

/** Operators between two values, and the minus in front of one. */
export function compileBinary(ast: AstNode, scope: Scope, c: Compiler): Node {
  const operator = String(ast.value);
  if (operator === '&') return compileConcatenation(ast, scope, c);
  const left = c.compile(ast.lhs as AstNode, scope);
  const right = c.compile(ast.rhs as AstNode, scope);
  const site = siteOf(ast);
  switch (operator) {
    case '=':
    case '!=':
      return compileEquality(ast, left, right, c.observed);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileComparison(operator, left, right, site);
    case 'and':
      return compileLogic(left, right, site, false);
    case 'or':
      return compileLogic(left, right, site, true);
    case 'in':
      return (input, env, run) => isIn(left(input, env, run), right(input, env, run));
    case '..':
      return (input, env, run) => range(left(input, env, run), right(input, env, run), site, run);
    default:
      return compileArithmetic(operator, left, right, site);
  }
}

/** `and` and `or`: the right side only where the left one is not `decided`. Its errors count as the operator's. */
function compileLogic(left: Node, right: Node, site: Site, decided: boolean): Node {
  return (input, env, run) => {
    const first = left(input, env, run);
    try {
      if ((toBoolean(first) === true) === decided) return decided;
      return toBoolean(right(input, env, run)) === true;
    } catch (error) {
      throw blamed(error, site);
    }
  };
}

/**
 * A result that is finite had finite operands, but for quotients and remainders. The common operators are written out:
 * a call of a function that differs from one to the next would cost more than the operation.
 */
function compileArithmetic(operator: string, left: Node, right: Node, site: Site): Node {
  const slow = (a: unknown, b: unknown, run: Run): unknown => {
    const decimal = withDecimals(operator, a, b, site);
    if (decimal !== undefined) return decimal;
    // Beside a decimal that is left, only the other operand can be wrong, or missing.
    const x = isDecimal(a) ? 0 : a;
    const y = isDecimal(b) ? 0 : b;
    try {
      if (x !== undefined && !isNumeric(x)) throw new EngineError('T2001', { value: x });
      if (y !== undefined && !isNumeric(y)) throw new EngineError('T2002', { value: y });
    } catch (error) {
      throw located(error, site);
    }
    if (x === undefined || y === undefined) return undefined;
    return run.number((OPERATE[operator] as Operate)(x, y));
  };
  switch (operator) {
    case '+':
      return (input, env, run) => {
        const a = left(input, env, run);
        const b = right(input, env, run);
        if (typeof a === 'number' && typeof b === 'number') {
          const result = a + b;
          if (Number.isFinite(result)) return result;
        }
        return slow(a, b, run);
      };
    case '-':
      return (input, env, run) => {
        const a = left(input, env, run);
        const b = right(input, env, run);
        if (typeof a === 'number' && typeof b === 'number') {
          const result = a - b;
          if (Number.isFinite(result)) return result;
        }
        return slow(a, b, run);
      };
    case '*':
      return (input, env, run) => {
        const a = left(input, env, run);
        const b = right(input, env, run);
        if (typeof a === 'number' && typeof b === 'number') {
          const result = a * b;
          if (Number.isFinite(result)) return result;
        }
        return slow(a, b, run);
      };
    default:
      return (input, env, run) => slow(left(input, env, run), right(input, env, run), run);
  }
}

type Operate = (a: number, b: number) => number;

const OPERATE: Readonly<Record<string, Operate>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

function withDecimals(operator: string, a: unknown, b: unknown, site: Site): unknown {
  try {
    return decimalArithmetic(operator, a, b);
  } catch (error) {
    throw located(error, site);
  }
}

/** `-x`. */
export function compileMinus(ast: AstNode, scope: Scope, c: Compiler): Node {
  const node = c.compile(ast.expression as AstNode, scope);
  const site = siteOf(ast);
  return (input, env, run) => {
    const value = node(input, env, run);
    if (value === undefined) return undefined;
    if (isDecimal(value)) return value.negated();
    if (isNumeric(value)) return -value;
    throw new EngineError('D1002', { value }, site);
  };
}

/** Against a literal there is nothing to look into. */
function compileEquality(ast: AstNode, left: Node, right: Node, observed: boolean): Node {
  const equal = ast.value === '=';
  const literal = ast.rhs?.type === 'string' || ast.rhs?.type === 'number' || ast.rhs?.type === 'value';
  if (literal && ast.rhs?.predicate === undefined && ast.rhs?.group === undefined && !observed) {
    const other: unknown = ast.rhs?.value;
    return (input, env, run) => {
      const value = left(input, env, run);
      if (value === undefined) return false;
      return (value === other || (typeof value === 'object' && isDeepEqual(value, other))) === equal;
    };
  }
  return (input, env, run) => {
    const a = left(input, env, run);
    const b = right(input, env, run);
    return a !== undefined && b !== undefined && (a === b || isDeepEqual(a, b)) === equal;
  };
}

type Order = (a: number, b: number) => boolean;

const ORDER: Readonly<Record<string, Order>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Of two numbers or two strings. */
function compileComparison(operator: string, left: Node, right: Node, site: Site): Node {
  const order = ORDER[operator] as Order;
  return (input, env, run) => {
    const a = left(input, env, run);
    const b = right(input, env, run);
    if (typeof a === 'number' && typeof b === 'number') return order(a, b);
    if (typeof a === 'string' && typeof b === 'string') return order(a as never, b as never);
    const decimals = compareDecimals(a, b);
    if (decimals !== undefined) return order(decimals, 0);
    for (const value of [a, b]) {
      if (value !== undefined && typeof value !== 'string' && typeof value !== 'number' && !isDecimal(value))
        throw new EngineError('T2010', { value }, site);
    }
    if (a === undefined || b === undefined) return undefined;
    throw new EngineError('T2009', { value: a, value2: b }, site);
  };
}

function isIn(value: unknown, list: unknown): boolean {
  if (value === undefined || list === undefined) return false;
  if (!Array.isArray(list)) return same(value, list);
  for (const item of list as readonly unknown[]) if (same(value, item)) return true;
  return false;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || ((isDecimal(a) || isDecimal(b)) && isDeepEqual(a, b));
}

/** `a..b`. Of nothing, and of a first above the last, nothing. */
function range(first: unknown, last: unknown, site: Site, run: Run): unknown {
  if (first !== undefined && !Number.isInteger(first)) throw new EngineError('T2003', { value: first }, site);
  if (last !== undefined && !Number.isInteger(last)) throw new EngineError('T2004', { value: last }, site);
  if (first === undefined || last === undefined || (first as number) > (last as number)) return undefined;
  const size = (last as number) - (first as number) + 1;
  if (size > 1e7) throw new EngineError('D2014', { value: size }, site);
  if (size > run.maxSequence) throw new EngineError('D2015', { value: size }, site);
  const list = new Array<unknown>(size);
  for (let i = 0; i < size; i++) list[i] = (first as number) + i;
  return unwrap(list, false, run);
}

/** A chain of `&` is one node. Both sides of each are evaluated before they become text. */
function compileConcatenation(ast: AstNode, scope: Scope, c: Compiler): Node {
  const [first, second, ...more] = chain(ast, scope, c) as [Part, Part, ...Part[]];
  const two: Two = (input, env, run) => {
    const a = first.node(input, env, run);
    const b = second.node(input, env, run);
    return typeof a === 'string' && typeof b === 'string'
      ? a + b
      : textAt(a, second.site, run) + textAt(b, second.site, run);
  };
  if (more.length === 0) return (input, env, run) => run.text(two(input, env, run));
  return (input, env, run) => {
    let text = two(input, env, run);
    for (let i = 0; i < more.length; i++) {
      const { node, site } = more[i] as Part;
      text = run.text(text + textAt(node(input, env, run), site, run));
    }
    return text;
  };
}

type Two = (...args: Parameters<Node>) => string;

/** An operand, and the operator to its left. */
interface Part {
  readonly node: Node;
  readonly site: Site;
}

function chain(ast: AstNode, scope: Scope, c: Compiler): readonly Part[] {
  const left = ast.lhs as AstNode;
  const site = siteOf(ast);
  const linked = left.type === 'binary' && left.value === '&' && left.predicate === undefined;
  const before =
    linked && left.group === undefined && !c.observed
      ? chain(left, scope, c)
      : [{ node: c.compile(left, scope), site }];
  return [...before, { node: c.compile(ast.rhs as AstNode, scope), site }];
}

function textAt(value: unknown, site: Site, run: Run): string {
  if (typeof value === 'string') return value;
  try {
    return textOf(value, run);
  } catch (error) {
    throw located(error, site);
  }
}
