import type { AstNode } from './ast.ts';
import { compileApply, compilePartial } from './apply.ts';
import { compileCall, givesSequence } from './call.ts';
import { compileArray, compileGroup, compileObject } from './constructors.ts';
import { applyFilter, compileFilter, itemsOf, pick } from './filter.ts';
import { builtins } from './functions/builtins.ts';
import type { Builtin } from './functions/builtin.ts';
import { compileLambda } from './lambda.ts';
import { compileName } from './names.ts';
import { NotCovered, type Compiler, type Facts, type Node } from './node.ts';
import { compileBinary, compileMinus } from './operators.ts';
import { compilePath } from './path.ts';
import { compileRegex } from './regex-value.ts';
import type { Run } from './run.ts';
import { namesBoundIn, Scope, type Env } from './scope.ts';
import { compileDescendants, compileWildcard } from './search.ts';
import { isSequence, isTupleStream, settle, settled, unwrap } from './sequence.ts';
import { compileTransform } from './transform.ts';
import { toBoolean } from './values.ts';
import { compileBind, compileBlock, compileLookup, compileVariable } from './variable.ts';

export interface CompileOptions {
  readonly facts: Facts;
  /** Names of functions that the bindings of an evaluation hide. */
  readonly hidden: ReadonlySet<string>;
  /** Called with each node that is evaluated. */
  readonly onEvaluate: ((node: AstNode) => void) | undefined;
}

/** Makes one closure of each node of a tree. Throws NotCovered for what is left to the interpreter. */
export function compileTree(ast: AstNode, scope: Scope, options: CompileOptions): Node {
  const { facts, hidden, onEvaluate } = options;
  let depth = 0;
  const compiler: Compiler = {
    facts,
    observed: onEvaluate !== undefined,
    get depth() {
      return depth;
    },
    compile: (node, inside) => {
      depth += 1;
      const compiled = compileWhole(node, inside, compiler);
      depth -= 1;
      return onEvaluate === undefined ? compiled : observe(node, compiled, onEvaluate);
    },
    compileBody: (node, inside) => {
      const around = depth;
      depth = 0;
      const compiled = compiler.compile(node, inside);
      depth = around;
      return compiled;
    },
    base: (name) => (hidden.has(name) ? undefined : builtins().get(name)),
    builtin: (name, inside): Builtin | undefined =>
      inside.placesOf(name).length > 0 ? undefined : compiler.base(name),
  };
  return compiler.compile(ast, scope);
}

function observe(ast: AstNode, node: Node, onEvaluate: (node: AstNode) => void): Node {
  return (input, env, run) => {
    onEvaluate(ast);
    return node(input, env, run);
  };
}

/** A node with the filters and the grouping behind it. */
function compileWhole(ast: AstNode, scope: Scope, c: Compiler): Node {
  const node = compileKind(ast, scope, c);
  const filtered = ast.predicate === undefined ? node : compilePredicates(ast, node, scope, c);
  if (ast.group === undefined || ast.type === 'path') return filtered;
  const group = compileGroup(ast.group, scope, tupleScope(ast.group.lhs.flat(), scope, c), c);
  return (input, env, run) => group(filtered(input, env, run), env, run);
}

function compilePredicates(ast: AstNode, node: Node, scope: Scope, c: Compiler): Node {
  const predicates = (ast.predicate ?? []).flatMap(({ expr }) => expr ?? []);
  const inner = tupleScope(predicates, scope, c);
  const filters = predicates.map((predicate) => compileFilter(predicate, scope, inner, c));
  const last = filters[filters.length - 1];
  const keep = ast.keepArray === true;
  return (input: unknown, env: Env, run: Run) => {
    let items = itemsOf(node(input, env, run));
    for (let i = 0; i < filters.length - 1; i++)
      items = applyFilter(filters[i] as (typeof filters)[number], items, env, run);
    if (last?.kind === 'test') {
      const kept = last.keep(items, env, run);
      return isTupleStream(kept) ? kept : unwrap(kept, keep, run);
    }
    const item = last === undefined ? undefined : pick(items, last.at);
    if (item === undefined) return undefined;
    // A list that is picked is no sequence, unless it was one before.
    return Array.isArray(item)
      ? isSequence(item)
        ? settle(item, keep, run)
        : item
      : keep
        ? unwrap([item], true, run)
        : item;
  };
}

/** The frame of what stands behind a node that may give tuples. */
function tupleScope(nodes: readonly AstNode[], scope: Scope, { facts }: Compiler): Scope | undefined {
  const { tupleNames } = facts;
  return tupleNames.size > 0 ? new Scope(scope, namesBoundIn(nodes), [], tupleNames) : undefined;
}

/** What hands on the value of a node in it takes off a layer of its own. */
function passing(node: Node, ast: AstNode, { facts }: Compiler): Node {
  return facts.layers ? settled(node, ast) : node;
}

function compileKind(ast: AstNode, scope: Scope, c: Compiler): Node {
  switch (ast.type) {
    case 'path':
      return compilePath(ast, scope, c);
    case 'binary':
      return compileBinary(ast, scope, c);
    case 'unary':
      return compileUnary(ast, scope, c);
    case 'name':
      return compileName(ast);
    case 'string':
    case 'number':
    case 'value':
      return () => ast.value;
    case 'wildcard':
      return compileWildcard(ast);
    case 'descendant':
      return compileDescendants(ast);
    case 'parent':
      return compileLookup(String(ast.slot?.label), scope, c);
    case 'condition':
      return passing(compileCondition(ast, scope, c), ast, c);
    case 'block':
      return passing(compileBlock(ast, scope, c), ast, c);
    case 'bind':
      return passing(compileBind(ast, scope, c), ast, c);
    case 'regex':
      return compileRegex(ast);
    case 'function':
      return givesSequence(ast, scope, c)
        ? settled(compileCall(ast, scope, c), ast)
        : compileCall(ast, scope, c);
    case 'variable':
      return compileVariable(ast, scope, c);
    case 'lambda':
      return compileLambda(ast, scope, c);
    case 'partial':
      return compilePartial(ast, scope, c);
    case 'apply':
      return compileApply(ast, scope, c);
    case 'transform':
      return compileTransform(ast, scope, c);
    default:
      throw new NotCovered(`"${ast.type}" is not compiled`, ast);
  }
}

function compileUnary(ast: AstNode, scope: Scope, c: Compiler): Node {
  if (ast.value === '[') return compileArray(ast, scope, c);
  return ast.value === '{' ? compileObject(ast, scope, c) : compileMinus(ast, scope, c);
}

/** `a ? b : c`, `a ?: b` and `a ?? b`. */
function compileCondition(ast: AstNode, scope: Scope, c: Compiler): Node {
  const condition = c.compile(ast.condition as AstNode, scope);
  const then = c.compile(ast.then as AstNode, scope);
  const otherwise = ast.else === undefined ? () => undefined : c.compile(ast.else, scope);
  return (input, env, run) => {
    const answer = condition(input, env, run);
    return answer === true || (answer !== false && toBoolean(answer) === true)
      ? then(input, env, run)
      : otherwise(input, env, run);
  };
}
