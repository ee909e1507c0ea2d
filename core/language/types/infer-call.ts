import type { CheckCode } from '../check-codes.ts';
import { pairsOf, type AstNode } from '../engine/index.ts';
import {
  OWN_FUNCTIONS_BY_NAME,
  type OwnFunction,
  type OwnType,
  type WrittenArgument,
} from '../functions/index.ts';
import { BUILT_INS } from './built-ins.ts';
import { strict, type Call } from './call.ts';
import { joinAll, listOf } from './join.ts';
import {
  countText,
  DECIMAL_FUNCTIONS,
  fit,
  lettersOfType,
  parametersOf,
  parameterText,
  type Parameter,
} from './signature.ts';
import { spanOf } from './syntax.ts';
import { BOOLEAN, isSurelyDecimal, mayBeAny, NOTHING, NUMBER, UNKNOWN, type Type } from './type.ts';
import type { Scope, Walk } from './walk.ts';
import { kindsText } from './words.ts';
import { inferObject } from './infer-path.ts';
import { spreadOf } from './sequence.ts';

/** A call as it is written; `first` is what `~>` hands over in front of the arguments. */
export function inferCall(
  node: AstNode,
  scope: Scope,
  walk: Walk,
  first?: { readonly type: Type; readonly node: AstNode },
): Type {
  const written = node.arguments ?? [];
  const callee = walk.infer(node.procedure as AstNode, scope);
  const args = written.map((argument) => walk.infer(argument, scope));
  const types = first === undefined ? args : [first.type, ...args];
  const nodes = first === undefined ? written : [first.node, ...written];
  const [form] = callee.forms;
  if (callee.forms.length !== 1 || form?.kind !== 'function' || form.name === undefined)
    return walk.call(callee, types, scope);
  return callNamed(form.name, { types, nodes, at: node }, scope, walk);
}

/** What a call hands over: types, and where they are written if they are. */
interface Given {
  readonly types: readonly Type[];
  readonly nodes: readonly (AstNode | undefined)[];
  /** Where complaints go. */
  readonly at?: AstNode | undefined;
}

/** Calls a function of the language by its name. */
export function callNamed(name: string, given: Given, scope: Scope, walk: Walk): Type {
  const own = OWN_FUNCTIONS_BY_NAME.get(name);
  const signature = own?.signature ?? BUILT_INS.get(name)?.signature;
  if (signature === undefined) return UNKNOWN;
  const parameters = parametersOf(signature, DECIMAL_FUNCTIONS.has(name));
  const places = fit(parameters, given.types.map(lettersOfType));
  if (places === undefined) {
    if (given.at !== undefined) tellMisfit(name, parameters, { ...given, at: given.at }, walk);
    return UNKNOWN;
  }
  const args = places.map((place) =>
    place === 'context' ? scope.context : place === undefined ? NOTHING : (given.types[place] ?? NOTHING),
  );
  const nodes = places.map((place) => (typeof place === 'number' ? given.nodes[place] : undefined));
  const call: Call = { args, nodes, scope, walk, keep: given.at?.keepArray === true };
  if (given.at !== undefined) {
    checkItems(name, parameters, call, given.at);
    const context = places.indexOf('context');
    if (context >= 0 && !contextFits(name, parameters[context], call, given.at)) return UNKNOWN;
  }
  if (own !== undefined) return callOwn(own, call);
  return BUILT_INS.get(name)?.gives(call) ?? UNKNOWN;
}

function tellMisfit(
  name: string,
  parameters: readonly Parameter[],
  given: Given & { readonly at: AstNode },
  walk: Walk,
): void {
  const { at } = given;
  const anything = given.types.map(() => undefined);
  const span = spanOf(at, walk.source);
  const places = fit(parameters, anything);
  const count = given.types.length;
  // With too few of them, the context would have to be the first; what is meant is that the last are missing.
  const few = count > 0 && count < parameters.filter(({ optional }) => !optional).length;
  if (places === undefined || (few && fit(parameters.slice(0, count), given.types.map(lettersOfType)))) {
    const counted = countText(parameters, count === 0 || places === undefined);
    const message = `$${name} takes ${counted} argument${counted === '1' ? '' : 's'}, and is given ${count === 0 ? 'none' : count}`;
    walk.tell({ code: 'argument-count', ...span, message });
    return;
  }
  const letters = given.types.map(lettersOfType);
  const wrong = letters.findIndex(
    (_, i) =>
      fit(
        parameters,
        letters.map((known, j) => (j <= i ? known : undefined)),
      ) === undefined,
  );
  const node = given.nodes[wrong];
  const parameter = parameters[places.indexOf(wrong)];
  if (parameter === undefined) return;
  const is = argumentText(given.types[wrong]);
  const message = `$${name} takes ${parameterText(parameter)} as argument ${wrong + 1}, and this is ${is}`;
  tellArgument(message, node ?? at, walk, hintFor(parameter, given.types[wrong]));
}

function argumentText(type: Type | undefined): string {
  return type !== undefined && isSurelyDecimal(type) ? 'a decimal' : kindsText(type?.forms ?? []);
}

function hintFor(parameter: Parameter, type: Type | undefined): string | undefined {
  const takes = parameter.takes.replace('d', '');
  if (takes === 'n' && type !== undefined && isSurelyDecimal(type))
    return 'make text of it with $fixed, or a number with $number';
  const kinds = new Set(type?.forms.map(({ kind }) => kind));
  if (takes === 'n' && kinds.size === 1 && kinds.has('string')) return 'make a number of it with $number';
  if (takes === 's' && (kinds.has('number') || kinds.has('boolean')))
    return 'make a string of it with $string';
  return undefined;
}

function tellArgument(message: string, node: AstNode, walk: Walk, hint?: string): void {
  const code: CheckCode = 'argument-type';
  walk.tell({ code, ...spanOf(node, walk.source), message, hint });
}

/** A list whose items can not be what the function adds up, joins, ... */
function checkItems(name: string, parameters: readonly Parameter[], call: Call, at: AstNode): void {
  for (const [i, { items }] of parameters.entries()) {
    const type = call.args[i];
    if (items === undefined || type === undefined || type.forms.length === 0 || mayBeAny(type)) continue;
    const all = type.forms.flatMap((form) => (form.kind === 'list' ? form.items.forms : [form]));
    const wanted = items.charAt(0);
    const letters = lettersOfType({ forms: all });
    // Those that calculate with a list of numbers take decimals.
    const known = letters?.replaceAll('d', 'dn');
    if (all.length === 0 || known === undefined || known.includes(wanted)) continue;
    const message = `$${name} takes ${parameterText(parameters[i] as Parameter)}, and this has ${kindsText(all)}`;
    tellArgument(message, call.nodes[i] ?? at, call.walk);
  }
}

/** The context stands in for an argument that is left out: it must be one of its kind. */
function contextFits(name: string, parameter: Parameter | undefined, call: Call, at: AstNode): boolean {
  const letters = lettersOfType(call.scope.context);
  if (
    parameter === undefined ||
    letters === undefined ||
    [...letters].some((letter) => parameter.takes.includes(letter))
  )
    return true;
  const message = `$${name} works on the context here, which is ${argumentText(call.scope.context)}, and takes ${parameterText(parameter)}`;
  call.walk.tell({ code: 'argument-count', ...spanOf(at, call.walk.source), message });
  return false;
}

function callOwn(own: OwnFunction, call: Call): Type {
  const { types, format, items } = own.returnsFor?.(call.nodes.map(writtenOf)) ?? own.returns;
  const given = joinAll(types.map((type) => ownType(type, format, items)));
  const required = own.parameters.flatMap(({ optional }, i) => (optional === true ? [] : [i]));
  return required.reduce(
    (type, i) => (type.forms.length === 0 ? type : keep(type, strict(call, type, i))),
    given,
  );
}

function keep(type: Type, next: Type): Type {
  return type.absent !== undefined && next.forms.length > 0
    ? { forms: next.forms, absent: type.absent }
    : next;
}

function writtenOf(node: AstNode | undefined): WrittenArgument | undefined {
  if (node === undefined) return undefined;
  return node.type === 'string' || node.type === 'number' ? { literal: node.value } : {};
}

function ownType(type: OwnType, format: string | undefined, items: OwnType | undefined): Type {
  switch (type) {
    case 'any':
      return UNKNOWN;
    case 'string':
      return { forms: [{ kind: 'string', ...(format === undefined ? {} : { format }) }] };
    case 'number':
      return NUMBER;
    case 'boolean':
      return BOOLEAN;
    case 'decimal':
      return { forms: [{ kind: 'number', decimal: 'surely' }] };
    case 'array':
      return {
        forms: [
          listOf(() => (items === undefined ? UNKNOWN : ownType(items, undefined, undefined)), {
            min: 0,
            max: Infinity,
            maybe: true,
          }),
        ],
      };
  }
}

/** `value ~> $function(…)`, `value ~> | pattern | update |`, and functions made of functions. */
export function inferApply(node: AstNode, scope: Scope, walk: Walk): Type {
  const left = node.lhs as AstNode;
  const right = node.rhs as AstNode;
  const value = walk.infer(left, scope);
  if (right.type === 'function') {
    const result = inferCall(right, scope, walk, { type: value, node: left });
    return right.predicate === undefined && right.group === undefined ? result : UNKNOWN;
  }
  if (right.type === 'transform') return transformed(right, value, scope, walk);
  const callee = walk.infer(right, scope);
  if (value.forms.some(({ kind }) => kind === 'function' || kind === 'any')) return UNKNOWN;
  const [form] = callee.forms;
  if (callee.forms.length === 1 && form?.kind === 'function' && form.name !== undefined)
    return callNamed(form.name, { types: [value], nodes: [left], at: right }, scope, walk);
  return walk.call(callee, [value], scope);
}

/** What is changed is found by a path in a copy of the value; the copy is not followed any further. */
function transformed(node: AstNode, value: Type, scope: Scope, walk: Walk): Type {
  const inside: Scope = { ...scope, context: value.forms.length === 0 ? UNKNOWN : { forms: value.forms } };
  const matches = walk.infer(node.pattern as AstNode, inside);
  const match: Scope = { ...scope, context: spreadOf(matches).items };
  if (node.update !== undefined) walk.infer(node.update, match);
  if (node.delete !== undefined) walk.infer(node.delete, match);
  return value.absent === undefined
    ? { forms: [{ kind: 'any' }] }
    : { forms: [{ kind: 'any' }], absent: value.absent };
}

/** `{ "key": value }`, on each item of a list. */
export function inferConstructor(node: AstNode, scope: Scope, walk: Walk): Type {
  const input = spreadOf(scope.context);
  return inferObject(pairsOf(node), input.max === 0 ? { ...input, max: 1, min: 0 } : input, scope, walk);
}
