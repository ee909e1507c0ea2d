import { bindingsIn, type Env, type Scope } from './scope.ts';
import { pairsOf, type AstNode, type Group, type Pair } from './ast.ts';
import { EngineError } from './error.ts';
import { append } from './functions/lists.ts';
import { setMember } from './members.ts';
import { NotCovered, type Compiler, type Node } from './node.ts';
import type { Run } from './run.ts';
import { CONS, contextOf, isTupleStream, mark } from './sequence.ts';

/** `[ … ]`. A list written out inside a list stays a list; what a path finds is joined. */
export function compileArray(ast: AstNode, scope: Scope, c: Compiler): Node {
  const asts = ast.expressions ?? [];
  refuseBindings(asts);
  const nodes = asts.map((item) => c.compile(item, scope));
  const nested = asts.map((item) => item.value === '[');
  const single = asts.every((item) => GIVES_ONE.has(item.type) && item.predicate === undefined);
  const cons = ast.consarray === true;
  return (input, env, run) => {
    let list: unknown[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const value = (nodes[i] as Node)(input, env, run);
      if (value === undefined) continue;
      if (single || nested[i] === true) list.push(value);
      else list = append(list, value, run) as unknown[];
    }
    run.bound(list.length);
    return cons ? run.leak(mark(list, CONS)) : list;
  };
}

/** Kinds of nodes that never give a list. */
const GIVES_ONE: ReadonlySet<string> = new Set(['string', 'number', 'value']);

/** Members are evaluated side by side by the interpreter, so what one binds for another is left to it. */
function refuseBindings(members: readonly AstNode[]): void {
  const [binding] = bindingsIn(members);
  if (binding !== undefined)
    throw new NotCovered('a member of a constructor binds a variable for the others', binding);
}

/** `{ … }`. */
export function compileObject(ast: AstNode, scope: Scope, c: Compiler): Node {
  const pairs = pairsOf(ast);
  const keys = literalKeys(pairs);
  if (keys === undefined || c.observed)
    return compileGroup({ lhs: pairs, position: ast.position }, scope, undefined, c);
  refuseBindings(pairs.flat());
  const values = pairs.map(([, value]) => c.compile(value, scope));
  return (input, env, run) => {
    const data = Array.isArray(input) ? gathered(input, run) : input;
    const result: Record<string, unknown> = {};
    for (let i = 0; i < values.length; i++) {
      const value = (values[i] as Node)(data, env, run);
      if (value !== undefined) result[keys[i] as string] = value;
    }
    return result;
  };
}

/** Keys that are all written out and all different; undefined where that is not so. */
function literalKeys(pairs: readonly Pair[]): readonly string[] | undefined {
  const keys = pairs.map(([key]) =>
    key.type === 'string' && key.predicate === undefined && key.group === undefined
      ? String(key.value)
      : '__proto__',
  );
  if (keys.some((key) => RESERVED.has(key))) return undefined;
  return new Set(keys).size < keys.length ? undefined : keys;
}

const RESERVED: ReadonlySet<string> = new Set(['__proto__', '_jsonata_function', '_jsonata_lambda']);

/** Where the context is a list, each key gathers all of its items. */
function gathered(items: readonly unknown[], run: Run): unknown {
  let data: unknown = items[0];
  for (let i = 1; i < items.length; i++) data = append(data, items[i], run);
  return data;
}

type Tuple = Readonly<Record<string, unknown>>;

interface Gathered {
  readonly data: unknown;
  readonly pair: number;
}

/** `x{ … }`: one member for each key that comes up, of all items that have it. */
export function compileGroup(
  { lhs: pairs, position }: Group,
  scope: Scope,
  tupleScope: Scope | undefined,
  c: Compiler,
): Node {
  for (const pair of pairs) refuseBindings(pair);
  const inside = tupleScope ?? scope;
  const compiled = pairs.map(([key, value]) => [c.compile(key, inside), c.compile(value, inside)] as const);
  const site = { position, token: undefined };
  const frameOf = (env: Env, tuple: unknown): Env =>
    tupleScope === undefined ? env : tupleScope.enter(env, tuple);

  return (input, env, run) => {
    const tuples = isTupleStream(input);
    const groups = new Map<string, Gathered>();
    for (const item of itemsOf(input, tuples)) {
      run.step();
      const context = contextOf(item, tuples);
      const frame = frameOf(env, tuples ? item : undefined);
      for (let pair = 0; pair < compiled.length; pair++) {
        const key = (compiled[pair] as readonly [Node, Node])[0](context, frame, run);
        if (key === undefined) continue;
        add(groups, key, { data: item, pair }, run);
      }
    }
    const result: Record<string, unknown> = {};
    for (const key of inOrder(groups)) {
      const { data, pair } = groups.get(key) as Gathered;
      const value = (compiled[pair] as readonly [Node, Node])[1];
      const tuple = tuples ? merged(data, run) : undefined;
      const found =
        tuple === undefined
          ? value(data, frameOf(env, undefined), run)
          : value(tuple['@'], frameOf(env, without(tuple)), run);
      if (found !== undefined) setMember(result, key, found, run);
    }
    return result;
  };

  function add(groups: Map<string, Gathered>, key: unknown, group: Gathered, run: Run): void {
    if (typeof key !== 'string') throw new EngineError('T1003', { value: key }, site);
    if (key === '_jsonata_lambda' || key === '_jsonata_function')
      throw new EngineError('D1013', { value: key }, site);
    const before = groups.get(key);
    if (before === undefined) groups.set(key, group);
    else if (before.pair !== group.pair) throw new EngineError('D1009', { value: key }, site);
    else groups.set(key, { data: append(before.data, group.data, run), pair: group.pair });
  }
}

/** Of nothing there is one member all the same, so that `{…}` makes an object. */
function itemsOf(input: unknown, tuples: boolean): readonly unknown[] {
  if (!Array.isArray(input)) return [input];
  return input.length === 0 && !tuples ? [undefined] : (input as readonly unknown[]);
}

/** Names that are integers come first, as in any object. */
function inOrder(groups: ReadonlyMap<string, Gathered>): readonly string[] {
  const keys = [...groups.keys()];
  if (!keys.some((key) => /^[0-9]/.test(key))) return keys;
  return Object.keys(Object.fromEntries(keys.map((key) => [key, true])));
}

/** What the tuples of a group bind, each name to all their values. */
function merged(tuples: unknown, run: Run): Tuple {
  if (!Array.isArray(tuples)) return tuples as Tuple;
  const [first, ...more] = tuples as readonly Tuple[];
  const result: Record<string, unknown> = { ...first };
  for (const tuple of more)
    for (const name of Object.keys(tuple)) result[name] = append(result[name], tuple[name], run);
  return result;
}

function without(tuple: Tuple): Tuple {
  const { '@': _context, ...bound } = tuple;
  return bound;
}
