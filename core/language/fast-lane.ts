import { isBuiltIn } from './expression-check.ts';
import { append, booleanOf, compare, concatenate, isDeepEqual, lookup, numeric } from './fast-lane-values.ts';
import { FUNCTIONS } from './fast-lane-functions.ts';
import { FastLaneError, type AstNode, type FastNode, type Frame } from './fast-lane-node.ts';
import { copyPlain } from './plain.ts';

/**
 * Evaluates the commonest expressions without JSONata's interpreter, some hundred times faster and without promises:
 * paths, literals, operators, conditions, object and array constructors and a few functions. What it does not cover as
 * a whole, it does not touch at all. It means exactly what the interpreter means, its errors included; the test beside
 * compares the two on generated expressions and data.
 *
 * The one notion to know is JSONata's sequence: what a path finds is a list, but a list of one is that one, and an
 * empty one is nothing at all. A list that stands in the message is not a sequence and stays as it is.
 */
export type FastLane = (input: unknown, bindings?: Readonly<Record<string, unknown>>) => unknown;

/** Undefined when the expression has anything in it that is not covered. */
export function compileFastLane(ast: unknown, maxSequence: number): FastLane | undefined {
  const node = compile(ast as AstNode);
  if (node === undefined) return undefined;
  return (input, bindings) => {
    const wrapper = Array.isArray(input) ? [input] : undefined;
    const frame: Frame = { root: input, bindings, wrapper, maxSequence, outOfRange: false };
    const result = node(wrapper ?? input, frame);
    // Such a number may have been compared away; copying throws if it is still there.
    return frame.outOfRange ? copyPlain(result, maxSequence) : result;
  };
}

/** Members that change what a node means: predicates, grouping, `[]`, and what binds variables or looks upwards. */
const REFUSED = [
  'predicate',
  'group',
  'keepArray',
  'keepSingletonArray',
  'tuple',
  'focus',
  'index',
  'ancestor',
  'seekingParent',
  'consarray',
  'nextFunction',
];

function compile(ast: AstNode): FastNode | undefined {
  if (REFUSED.some((member) => ast[member] !== undefined)) return undefined;
  switch (ast.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => ast.value;
    case 'variable':
      return compileVariable(String(ast.value));
    case 'path':
      return compilePath(ast['steps'] as readonly AstNode[]);
    case 'binary':
      return compileBinary(ast);
    case 'unary':
      return compileUnary(ast);
    case 'condition':
      return compileCondition(ast);
    case 'block': {
      const [only, ...more] = ast['expressions'] as readonly AstNode[];
      return only === undefined || more.length > 0 ? undefined : compile(only);
    }
    case 'function':
      return compileCall(ast);
    default:
      return undefined;
  }
}

function compileAll(nodes: readonly AstNode[]): readonly FastNode[] | undefined {
  const compiled = nodes.map(compile);
  return compiled.every((node) => node !== undefined) ? compiled : undefined;
}

function compileVariable(name: string): FastNode | undefined {
  if (isBuiltIn(name)) return undefined;
  if (name === '')
    return (context, frame) =>
      context === frame.wrapper && frame.wrapper !== undefined ? frame.root : context;
  if (name === '$') return (_context, frame) => frame.root;
  return (_context, { bindings }) =>
    bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}

interface Step {
  readonly node: FastNode;
  /** `[0]` behind a name: counted from the end when negative. */
  readonly at: number | undefined;
}

function compilePath(asts: readonly AstNode[]): FastNode | undefined {
  const steps: Step[] = [];
  for (const ast of asts) {
    const step = compileStep(ast);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  const absolute = asts[0]?.type === 'variable';
  const [first] = asts;
  if (asts.length === 1 && first?.type === 'name' && steps[0]?.at === undefined) {
    const key = String(first.value);
    // By far the most frequent expression of all: one name in an object.
    return (context, frame) =>
      Array.isArray(context) ? walk(steps, context, frame) : lookup(context, key, frame.maxSequence);
  }
  return (context, frame) => walk(steps, Array.isArray(context) && !absolute ? context : [context], frame);
}

function compileStep(ast: AstNode): Step | undefined {
  if (ast.type !== 'name') {
    if (ast['stages'] !== undefined || ast.type === 'sort') return undefined;
    const node = compile(ast);
    return node === undefined ? undefined : { node, at: undefined };
  }
  const { stages, ...bare } = ast;
  if (REFUSED.some((member) => bare[member] !== undefined)) return undefined;
  const key = String(ast.value);
  const node: FastNode = (context, frame) => lookup(context, key, frame.maxSequence);
  if (stages === undefined) return { node, at: undefined };
  const [only, ...more] = stages as readonly { type: string; expr: AstNode }[];
  if (only?.type !== 'filter' || only.expr.type !== 'number' || more.length > 0) return undefined;
  return { node, at: Math.floor(Number(only.expr.value)) };
}

function walk(steps: readonly Step[], start: readonly unknown[], frame: Frame): unknown {
  let items = start;
  for (const [i, { node, at }] of steps.entries()) {
    const last = i === steps.length - 1;
    const found: unknown[] = [];
    let results = 0;
    let single: unknown;
    for (const item of items) {
      let value = node(item, frame);
      if (at !== undefined) {
        value = pick(value, at);
        results++;
      }
      if (value === undefined) continue;
      if (at === undefined) results++;
      single = value;
      if (Array.isArray(value)) for (const member of value) found.push(member);
      else found.push(value);
    }
    if (last && results === 1 && Array.isArray(single)) return single;
    if (found.length > frame.maxSequence) throw tooLong(frame.maxSequence);
    if (found.length === 0) return undefined;
    if (last) return found.length === 1 ? found[0] : found;
    items = found;
  }
  return undefined;
}

function pick(value: unknown, at: number): unknown {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return list[at < 0 ? list.length + at : at];
}

function tooLong(max: number): FastLaneError {
  return new FastLaneError('D2015', `The maximum sequence length of ${max} was exceeded.`, {}, undefined);
}

function compileBinary(ast: AstNode): FastNode | undefined {
  const nodes = compileAll([ast['lhs'] as AstNode, ast['rhs'] as AstNode]);
  const [left, right] = nodes ?? [];
  if (left === undefined || right === undefined) return undefined;
  switch (ast.value) {
    case '&':
      return (context, frame) => concatenate(left(context, frame), right(context, frame), ast);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const operate = numeric(ast);
      return (context, frame) => {
        const result = operate(left(context, frame), right(context, frame));
        if (result !== undefined && !Number.isFinite(result)) frame.outOfRange = true;
        return result;
      };
    }
    case '=':
    case '!=': {
      const equal = ast.value === '=';
      return (context, frame) => {
        const a = left(context, frame);
        const b = right(context, frame);
        return a !== undefined && b !== undefined && isDeepEqual(a, b) === equal;
      };
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const operate = compare(ast);
      return (context, frame) => operate(left(context, frame), right(context, frame));
    }
    case 'and':
      return (context, frame) =>
        booleanOf(left(context, frame), ast) === true && booleanOf(right(context, frame), ast) === true;
    case 'or':
      return (context, frame) =>
        booleanOf(left(context, frame), ast) === true || booleanOf(right(context, frame), ast) === true;
    case 'in':
      return (context, frame) => {
        const a = left(context, frame);
        const b = right(context, frame);
        if (a === undefined || b === undefined) return false;
        return (Array.isArray(b) ? (b as readonly unknown[]) : [b]).some((item) => item === a);
      };
    default:
      return undefined;
  }
}

function compileUnary(ast: AstNode): FastNode | undefined {
  if (ast.value === '{') return compileObject(ast);
  if (ast.value === '-') {
    const node = compile(ast['expression'] as AstNode);
    const negate = numeric({ ...ast, value: 'negate' });
    return node === undefined ? undefined : (context, frame) => negate(0, node(context, frame));
  }
  const asts = ast['expressions'] as readonly AstNode[];
  const items = compileAll(asts);
  if (items === undefined) return undefined;
  // A list written out inside a list stays a list; what a path finds is spread.
  const nested = asts.map((item) => item.value === '[');
  return (context, frame) => {
    let list: unknown[] = [];
    for (const [i, item] of items.entries()) {
      const value = item(context, frame);
      if (value === undefined) continue;
      if (nested[i] === true) list.push(value);
      else list = append(list, value, frame.maxSequence) as unknown[];
    }
    return list;
  };
}

/** Only with keys that are written out: those that are computed make groups. */
function compileObject(ast: AstNode): FastNode | undefined {
  const pairs = ast['lhs'] as readonly (readonly [AstNode, AstNode])[];
  const keys = pairs.map(([key]) => (key.type === 'string' ? String(key.value) : ''));
  const refused = ['', '__proto__', '_jsonata_function', '_jsonata_lambda'];
  if (keys.some((key) => refused.includes(key)) || new Set(keys).size < keys.length) return undefined;
  const values = compileAll(pairs.map(([, value]) => value));
  if (values === undefined) return undefined;
  return (context, frame) => {
    // Where the context is a list, each key gathers all of its items.
    const data = Array.isArray(context) ? gathered(context, frame.maxSequence) : context;
    const result: Record<string, unknown> = {};
    for (let i = 0; i < values.length; i++) {
      const value = (values[i] as FastNode)(data, frame);
      if (value !== undefined) result[keys[i] as string] = value;
    }
    return result;
  };
}

function gathered(items: readonly unknown[], max: number): unknown {
  return items.reduce((data, item, i) => (i === 0 ? item : append(data, item, max)), undefined);
}

function compileCondition(ast: AstNode): FastNode | undefined {
  const condition = compile(ast['condition'] as AstNode);
  const then = compile(ast['then'] as AstNode);
  const otherwise = ast['else'] === undefined ? () => undefined : compile(ast['else'] as AstNode);
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined;
  return (context, frame) =>
    booleanOf(condition(context, frame), ast) === true ? then(context, frame) : otherwise(context, frame);
}

function compileCall(ast: AstNode): FastNode | undefined {
  const procedure = ast['procedure'] as AstNode;
  if (procedure.type !== 'variable') return undefined;
  const known = FUNCTIONS.get(String(procedure.value));
  const asts = ast['arguments'] as readonly AstNode[];
  if (known === undefined || !known.arities.includes(asts.length)) return undefined;
  const nodes = compileAll(asts);
  if (nodes === undefined) return undefined;
  const call = known.implement({ ...ast, value: procedure.value });
  const [first, second, third] = nodes;
  return (context, frame) =>
    call(frame, first?.(context, frame), second?.(context, frame), third?.(context, frame));
}
