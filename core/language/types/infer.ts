import type { ExpressionText } from '../../model/mapping.ts';
import type { AstNode } from '../engine/index.ts';
import { OWN_FUNCTIONS_BY_NAME } from '../functions/index.ts';
import { positionIn } from '../expression-position.ts';
import { BUILT_INS } from './built-ins.ts';
import { callNamed, inferApply, inferCall, inferConstructor } from './infer-call.ts';
import { inferArray, inferBinary, inferCondition, inferNegative } from './infer-operator.ts';
import { inferName, inferObject, inferPath, staged } from './infer-path.ts';
import { join, joinAll, listOf, typeOfValue, withoutDecimals } from './join.ts';
import { spreadOf, unsettled } from './sequence.ts';
import { boundNames, parse, visit } from './syntax.ts';
import { narrowed } from './narrow.ts';
import { ANY, NOTHING, UNKNOWN, type Type } from './type.ts';
import type { Finding, Scope, Variable, Walk } from './walk.ts';

/** What an expression gives, and what is wrong with it for certain. */
export interface Inference {
  readonly type: Type;
  readonly findings: readonly Finding[];
  /** What is known of the input where the expression, as a condition, holds. */
  readonly holds: Type;
}

/** Looks at this many nodes; a longer way through lambdas in lambdas is left open. */
const MAX_STEPS = 20_000;
const MAX_CALLS = 8;
/** What lies deeper is left open: an expression can have more levels than the stack has room for. */
const MAX_DEPTH = 500;

/**
 * What an expression gives for inputs of a type. `variables` are seen as `$name`. An expression that does not parse is
 * anything: what is wrong with its syntax is told elsewhere.
 */
export function inferExpression(
  text: ExpressionText,
  input: Type,
  variables: ReadonlyMap<string, Type> = new Map(),
): Inference {
  const read = parse(text);
  if ('error' in read) return { type: UNKNOWN, findings: [], holds: input };
  const { tree } = read;
  const walker = new Walker(text, tree);
  const bound = new Map([...variables].map(([name, type]) => [name, { type }]));
  const scope: Scope = { context: input, root: input, variables: bound };
  const type = atTheEnd(walker.infer(tree, scope), tree);
  const findings = [...walker.findings.values()].sort((a, b) => a.offset - b.offset);
  return { type, findings, holds: narrowed(tree, scope, true).context };
}

/** What an expression gives is JSON: a decimal that it ends with is a number. */
function atTheEnd(type: Type, tree: AstNode): Type {
  let exact = false;
  visit(tree, ({ value }) => {
    exact ||= typeof value === 'string' && OWN_FUNCTIONS_BY_NAME.get(value)?.engineOnly === true;
  });
  return exact ? withoutDecimals(type) : type;
}

class Walker implements Walk {
  readonly findings = new Map<string, Finding>();
  readonly source: string;
  readonly #text: ExpressionText;
  readonly #lambdas: { readonly node: AstNode; readonly scope: Scope }[] = [];
  readonly #bound = new Map<string, number>();
  readonly #parameters: ReadonlySet<string>;
  #steps = 0;
  #depth = 0;
  #calls = 0;

  constructor(text: ExpressionText, tree: AstNode) {
    this.#text = text;
    this.source = text.source;
    const { assigned, parameters } = boundNames(tree);
    for (const name of assigned) this.#bound.set(name, (this.#bound.get(name) ?? 0) + 1);
    this.#parameters = new Set(parameters);
  }

  isBoundOnce(name: string): boolean {
    return this.#bound.get(name) === 1 && !this.#parameters.has(name);
  }

  isParameter(name: string): boolean {
    return !this.#bound.has(name);
  }

  infer(node: AstNode, scope: Scope): Type {
    if (++this.#steps > MAX_STEPS || this.#depth >= MAX_DEPTH) return UNKNOWN;
    this.#depth++;
    const type = this.#inferWhole(node, scope);
    this.#depth--;
    return type;
  }

  /** With what stands behind the node: predicates, a group, `[]`. */
  #inferWhole(node: AstNode, scope: Scope): Type {
    let type = this.#inferNode(node, scope);
    if (node.predicate !== undefined) type = staged(type, node.predicate, scope, this);
    if (node.type !== 'path' && node.group !== undefined)
      type = inferObject(node.group.lhs, spreadOf(type), scope, this);
    return node.keepArray === true && node.type !== 'path' && node.type !== 'function' ? kept(type) : type;
  }

  #inferNode(node: AstNode, scope: Scope): Type {
    switch (node.type) {
      case 'path':
        return inferPath(node, scope, this);
      case 'name':
        return inferName(node, scope, this);
      case 'string':
      case 'number':
      case 'value':
        return typeOfValue(node.value);
      case 'binary':
        return inferBinary(node, scope, this);
      case 'unary':
        return this.#unary(node, scope);
      case 'condition':
        return inferCondition(node, scope, this);
      case 'block':
        return this.#block(node, scope);
      case 'bind':
        return this.infer(node.rhs as AstNode, scope);
      case 'variable':
        return this.#variable(String(node.value), scope);
      case 'function':
        return inferCall(node, scope, this);
      case 'apply':
        return inferApply(node, scope, this);
      case 'lambda':
        return this.#lambda(node, scope);
      case 'partial':
        for (const part of node.arguments ?? []) if (part.type !== 'operator') this.infer(part, scope);
        return { forms: [{ kind: 'function' }] };
      case 'regex':
      case 'transform':
        return { forms: [{ kind: 'function' }] };
      default:
        return UNKNOWN;
    }
  }

  #unary(node: AstNode, scope: Scope): Type {
    if (node.value === '-') return inferNegative(node, scope, this);
    return node.value === '[' ? inferArray(node, scope, this) : inferConstructor(node, scope, this);
  }

  #block(node: AstNode, scope: Scope): Type {
    let inside = scope;
    let type = NOTHING;
    for (const expression of node.expressions ?? []) {
      type = this.infer(expression, inside);
      if (expression.type !== 'bind') continue;
      const name = String((expression.lhs as AstNode).value);
      const definition = expression.rhs as AstNode;
      const variable: Variable = this.isBoundOnce(name) ? { type, definition } : { type: UNKNOWN };
      inside = { ...inside, variables: new Map(inside.variables).set(name, variable) };
    }
    return type;
  }

  #variable(name: string, scope: Scope): Type {
    if (name === '') return scope.context;
    if (name === '$') return scope.root;
    const variable = scope.variables.get(name);
    if (variable !== undefined)
      return this.#bound.has(name) && !this.isBoundOnce(name) ? UNKNOWN : variable.type;
    const known = !this.#bound.has(name) && (BUILT_INS.has(name) || OWN_FUNCTIONS_BY_NAME.has(name));
    return known ? { forms: [{ kind: 'function', name }] } : UNKNOWN;
  }

  /** A lambda is looked at once with nothing known of its parameters, and again with each call of it. */
  #lambda(node: AstNode, scope: Scope): Type {
    if (node.thunk === true) return this.infer(node.body as AstNode, scope);
    const index = this.keep(node, scope);
    this.#body(node, scope, []);
    return { forms: [{ kind: 'function', lambda: index }] };
  }

  keep(node: AstNode, scope: Scope): number {
    return this.#lambdas.push({ node, scope }) - 1;
  }

  lambda(index: number): { readonly node: AstNode; readonly scope: Scope } | undefined {
    return this.#lambdas[index];
  }

  call(callee: Type, args: readonly Type[], scope: Scope, raw = false): Type {
    const results = callee.forms.map((form) => {
      if (form.kind !== 'function') return UNKNOWN;
      const lambda = form.lambda === undefined ? undefined : this.lambda(form.lambda);
      if (lambda !== undefined) return this.#body(lambda.node, lambda.scope, args, raw);
      return form.name === undefined
        ? UNKNOWN
        : callNamed(form.name, { types: args, nodes: [] }, scope, this);
    });
    return results.length === 0 ? UNKNOWN : joinAll(results);
  }

  #body(node: AstNode, scope: Scope, args: readonly Type[], raw = false): Type {
    if (this.#calls >= MAX_CALLS) return UNKNOWN;
    this.#calls++;
    const variables = new Map(scope.variables);
    for (const [i, parameter] of (node.arguments ?? []).entries()) {
      const name = String(parameter.value);
      variables.set(name, { type: this.isParameter(name) ? (args[i] ?? UNKNOWN) : UNKNOWN });
    }
    const type = this.infer(node.body as AstNode, { ...scope, variables });
    this.#calls--;
    if (node.signature !== undefined) return UNKNOWN;
    return raw && endsWithSequence(node.body as AstNode) ? unsettled(type) : type;
  }

  tell(finding: Finding): void {
    if (this.#steps > MAX_STEPS) return;
    const key = `${finding.code} ${finding.offset} ${finding.message}`;
    if (!this.findings.has(key)) this.findings.set(key, finding);
  }

  place(offset: number): ReturnType<Walk['place']> {
    return positionIn(this.#text, offset);
  }
}

const GIVE_SEQUENCES: ReadonlySet<unknown> = new Set([
  'map',
  'filter',
  'match',
  'keys',
  'each',
  'spread',
  'lookup',
  'distinct',
]);

/** Whether a lambda's body ends with a call that may make a sequence (JSONata runs such a call in place of the lambda). */
function endsWithSequence(body: AstNode): boolean {
  if (body.type === 'condition')
    return [body.then, body.else].some((part) => part !== undefined && endsWithSequence(part));
  if (body.type === 'block') {
    const last = body.expressions?.at(-1);
    return last !== undefined && endsWithSequence(last);
  }
  const procedure = body.thunk === true ? body.body?.procedure : undefined;
  if (procedure === undefined) return false;
  const name = procedure.type === 'variable' ? String(procedure.value) : '';
  return GIVE_SEQUENCES.has(name) || !(BUILT_INS.has(name) || OWN_FUNCTIONS_BY_NAME.has(name));
}

/** `[]` behind anything but a path: a sequence stays a list, what is none stays what it is. */
function kept(type: Type): Type {
  if (type.forms.every(({ kind }) => kind === 'list')) return type;
  const items = spreadOf(type).items;
  const list = listOf(() => (items.forms.length === 0 ? ANY : items), {
    min: 1,
    max: Infinity,
    sequence: 'maybe',
    maybe: true,
  });
  return join(type, { forms: [list] });
}
