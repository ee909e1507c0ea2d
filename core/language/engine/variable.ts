import type { AstNode } from './ast.ts';
import { NotCovered, type Compiler, type Node } from './node.ts';
import { namesBoundIn, Scope, UNBOUND, type Env, type Place } from './scope.ts';
import { settled } from './sequence.ts';

/** `$name`, `$` and `$$`. */
export function compileVariable(ast: AstNode, scope: Scope, c: Compiler): Node {
  const name = String(ast.value);
  if (name === 'eval') throw new NotCovered('$eval is not compiled', ast);
  const node = name === '' ? context : compileLookup(name, scope, c);
  return c.facts.marks ? settled(node, ast) : node;
}

const context: Node = (input, _env, run) =>
  run.wrapper !== undefined && input === run.wrapper ? run.root : input;

/** What a name is bound to, as it is. */
export function compileLookup(name: string, scope: Scope, c: Compiler): Node {
  const places = scope.placesOf(name);
  const [place, ...more] = places;
  const base = compileBase(name, c);
  if (place === undefined) return base;
  const certain = places.some((p) => p.certain);
  if (more.length === 0 && certain) return fromFrame(place);
  return (input, env, run) => {
    for (const candidate of places) {
      const value = fetch(env, candidate, name);
      if (value !== UNBOUND) return value;
    }
    return certain ? undefined : base(input, env, run);
  };
}

function compileBase(name: string, c: Compiler): Node {
  if (name === '$') return (_input, _env, run) => run.root;
  const builtin = c.base(name);
  if (builtin !== undefined) return () => builtin.value;
  return (_input, _env, { bindings }) =>
    bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}

function fromFrame({ hops, slot }: Place): Node {
  if (hops === 0) return (_input, env) => (env as unknown[])[slot];
  if (hops === 1) return (_input, env) => ((env as unknown[])[0] as unknown[])[slot];
  return (_input, env) => frameAt(env, hops)[slot];
}

function frameAt(env: Env, hops: number): unknown[] {
  let frame = env as unknown[];
  for (let i = 0; i < hops; i++) frame = frame[0] as unknown[];
  return frame;
}

function fetch(env: Env, { hops, slot, tuple }: Place, name: string): unknown {
  const value = frameAt(env, hops)[slot];
  if (!tuple) return value;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : UNBOUND;
}

/** `$name := value`: for the rest of the block. */
export function compileBind(ast: AstNode, scope: Scope, c: Compiler): Node {
  const name = String(ast.lhs?.value);
  const slot = scope.slotOf(name);
  const value = c.compile(ast.rhs as AstNode, scope);
  if (slot < 0) throw new NotCovered(`$${name} is bound in an unusual place`, ast);
  return (input, env, run) => ((env as unknown[])[slot] = value(input, env, run));
}

/** `( … ; … )`. */
export function compileBlock(ast: AstNode, scope: Scope, c: Compiler): Node {
  const asts = ast.expressions ?? [];
  const inner = new Scope(scope, namesBoundIn(asts));
  const nodes = asts.map((expression) => c.compile(expression, inner));
  const [only, ...more] = nodes;
  if (only === undefined) return () => undefined;
  if (more.length === 0 && !inner.real) return only;
  return (input, env, run) => {
    const frame = inner.enter(env);
    let value: unknown;
    for (let i = 0; i < nodes.length; i++) value = (nodes[i] as Node)(input, frame, run);
    return value;
  };
}
