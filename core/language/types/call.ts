import type { AstNode } from '../engine/index.ts';
import { narrowed } from './narrow.ts';
import { each, itemsOf, oneOf, valueOf, type Sequence } from './sequence.ts';
import { isNever, isNothing, loosened, NEVER, NOTHING, UNKNOWN, withAbsence } from './type.ts';
import type { FunctionForm, Type } from './type.ts';
import type { Scope, Walk } from './walk.ts';

/** A call of a function of the language, its arguments fitted to its parameters. */
export interface Call {
  /** By parameter; NOTHING where an optional one is left out. */
  readonly args: readonly Type[];
  /** Where they are written; undefined for the context and for what a function hands over. */
  readonly nodes: readonly (AstNode | undefined)[];
  readonly scope: Scope;
  readonly walk: Walk;
  /** `$f(…)[]`: a sequence stays a list. */
  readonly keep: boolean;
}

/** An argument by its place. */
export function argument(call: Call, index: number): Type {
  return call.args[index] ?? NOTHING;
}

/** The type for a function that gives nothing when its first argument is nothing. */
export function strict(call: Call, type: Type, index = 0): Type {
  const given = argument(call, index);
  return isNothing(given) ? NOTHING : withAbsence(type, given.absent);
}

/** Items that a function hands over one by one, and what comes of each as a sequence. */
export function mapped(call: Call, change: (item: Type) => Type): Type {
  const list = argument(call, 0);
  if (isNothing(list)) return NOTHING;
  const items = itemsOf(list);
  const result = each(items, oneOf(change(items.items)));
  return lax(valueOf(result, call.keep), list);
}

/** With the absence of the list that it came from. */
export function lax(type: Type, list: Type): Type {
  if (list.absent === undefined) return type;
  return withAbsence(
    type,
    type.absent === undefined || type.absent.reason === 'unknown' ? list.absent : type.absent,
  );
}

/** Some of the items, nobody knows how many. */
export function someOf(items: Type, max: number, keep: boolean): Type {
  const some: Sequence = { items, min: 0, max, maybe: true, why: { reason: 'unknown' } };
  return valueOf(some, keep);
}

/** What a function that is handed over gives. */
export function callback(call: Call, index: number, args: readonly Type[]): Type {
  return call.walk.call(argument(call, index), args, call.scope, true);
}

/**
 * An item that a condition, written as a lambda, has let through; never, where it surely lets none through. `others` are
 * what the lambda gets behind it: a condition on them that can not be followed may be one on the item. Of one that is not
 * written out, anything may be.
 */
export function letThrough(call: Call, index: number, item: Type, others: readonly Type[] = []): Type {
  const form = argument(call, index).forms.find(({ kind }) => kind === 'function') as
    FunctionForm | undefined;
  const lambda = form?.lambda === undefined ? undefined : call.walk.lambda(form.lambda);
  const names = lambda?.node.arguments?.map(({ value }) => String(value)) ?? [];
  const body = lambda?.node.body?.thunk === true ? lambda.node.body.body : lambda?.node.body;
  const [first] = names;
  if (lambda === undefined || body === undefined || first === undefined) return loosened(item);
  if (!names.every((name) => call.walk.isParameter(name))) return loosened(item);
  const given = [item, ...others];
  const variables = new Map(lambda.scope.variables);
  for (const [i, name] of names.entries()) variables.set(name, { type: given[i] ?? UNKNOWN });
  const inside = narrowed(body, { ...lambda.scope, variables }, true);
  const [known = item, ...behind] = names.map((name) => inside.variables.get(name)?.type ?? UNKNOWN);
  if ([known, ...behind].some(isNever)) return NEVER;
  return others.some((_, i) => behind[i]?.forms.some(({ maybe }) => maybe === true))
    ? loosened(known)
    : known;
}

/** The string that an argument is, where it is written out. */
export function textOf(type: Type): string | undefined {
  const [form] = type.forms;
  return type.forms.length === 1 && form?.kind === 'string' && form.values?.length === 1
    ? form.values[0]
    : undefined;
}

export function numberOf(type: Type): number | undefined {
  const [form] = type.forms;
  return type.forms.length === 1 && form?.kind === 'number' && form.values?.length === 1
    ? form.values[0]
    : undefined;
}

export const DATE_TIME: Type = { forms: [{ kind: 'string', format: 'date-time' }] };

/** Whether an argument is given at all. */
export function isGiven(call: Call, index: number): boolean {
  return !isNothing(argument(call, index));
}

/** The same, or nothing, for reasons that can not be followed. */
export function maybeNothing(type: Type): Type {
  return withAbsence(type, { reason: 'unknown' });
}
