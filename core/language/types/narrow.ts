import type { AstNode } from '../engine/index.ts';
import { listOf, typeOfValue, joinAll } from './join.ts';
import { inRange, meet } from './meet.ts';
import { mentionsOf, refOf, type Ref } from './reference.ts';
import { isNever, loosened, NOTHING, present, withAbsence } from './type.ts';
import type { Form, Member, ObjectForm, Type } from './type.ts';
import type { Scope, Walk } from './walk.ts';

type Change = (type: Type) => Type;

/**
 * What is known where a condition holds (or does not). Of what the condition mentions, nothing that it might rule out is
 * complained of any more, even where it is too clever to follow.
 */
export function narrowed(condition: AstNode, scope: Scope, truth: boolean, walk: Walk): Scope {
  const loose = mentionsOf(condition, scope).reduce(
    (seen, ref) => changeRef(seen, ref, loosened, true),
    scope,
  );
  return assume(condition, loose, truth, walk);
}

function assume(node: AstNode, scope: Scope, truth: boolean, walk: Walk): Scope {
  if (node.predicate !== undefined || node.group !== undefined)
    return truth ? presentIn(node, scope, walk) : scope;
  switch (node.type) {
    case 'path':
    case 'variable': {
      const ref = refOf(node);
      if (ref !== undefined) return changeRef(scope, ref, truth ? truthy : falsy);
      return truth ? presentIn(node, scope, walk) : scope;
    }
    case 'block': {
      const [only, second] = node.expressions ?? [];
      return only === undefined || second !== undefined ? scope : assume(only, scope, truth, walk);
    }
    case 'function':
      return assumeCall(node, scope, truth, walk);
    case 'binary':
      return assumeBinary(node, scope, truth, walk);
    default:
      return scope;
  }
}

function assumeCall(node: AstNode, scope: Scope, truth: boolean, walk: Walk): Scope {
  const [argument] = node.arguments ?? [];
  const name = nameOfFunction(node);
  if (argument === undefined || name === undefined) return scope;
  if (name === 'exists') {
    if (truth) return presentIn(argument, scope, walk);
    const ref = refOf(argument);
    return ref === undefined ? scope : changeRef(scope, ref, missing);
  }
  if (name === 'boolean') return assume(argument, scope, truth, walk);
  if (name === 'not') {
    if (truth) return assume(argument, presentIn(argument, scope, walk), false, walk);
    const ref = refOf(argument);
    if (ref === undefined) return scope;
    return changeRef(scope, ref, (type) => ({
      ...truthy(type),
      ...(type.absent === undefined ? {} : { absent: type.absent }),
    }));
  }
  return truth ? presentIn(node, scope, walk) : scope;
}

function assumeBinary(node: AstNode, scope: Scope, truth: boolean, walk: Walk): Scope {
  const [left, right] = [node.lhs as AstNode, node.rhs as AstNode];
  switch (node.value) {
    case 'and':
      return truth ? assume(right, assume(left, scope, true, walk), true, walk) : scope;
    case 'or':
      return truth ? scope : assume(right, assume(left, scope, false, walk), false, walk);
    case '=':
    case '!=': {
      const equal = (node.value === '=') === truth;
      const both = truth ? presentIn(right, presentIn(left, scope, walk), walk) : scope;
      return compared(right, left, compared(left, right, both, equal), equal);
    }
    case 'in': {
      if (!truth) return scope;
      const items = right.expressions?.map(literalOf);
      const ref = refOf(left);
      if (ref === undefined || items === undefined || items.includes(undefined))
        return presentIn(left, scope, walk);
      const allowed = joinAll(items.flatMap((item) => (item === undefined ? [] : typeOfValue(item.value))));
      return changeRef(scope, ref, (type) => meet(present(type), allowed));
    }
    default:
      return truth ? presentIn(node, scope, walk) : scope;
  }
}

/** `side` is compared with what may be a constant. */
function compared(side: AstNode, other: AstNode, scope: Scope, equal: boolean): Scope {
  const literal = literalOf(other);
  if (literal === undefined) return scope;
  const kind = nameOfFunction(side) === 'type' ? side.arguments?.[0] : undefined;
  if (kind !== undefined) {
    const asked = refOf(kind);
    if (asked === undefined || !equal) return scope;
    return changeRef(scope, asked, (type) => ofKind(type, String(literal.value)));
  }
  const ref = refOf(side);
  if (ref === undefined) return scope;
  const value = typeOfValue(literal.value);
  if (equal) return changeRef(scope, ref, (type) => keepingAbsence(meet(present(type), value), type));
  return changeRef(scope, ref, (type) =>
    keepingAbsence({ forms: type.forms.flatMap((form) => without(form, literal.value)) }, type),
  );
}

function keepingAbsence(changed: Type, type: Type): Type {
  return type.absent === undefined ? changed : { ...changed, absent: type.absent };
}

const STRICT_OPERATORS: ReadonlySet<unknown> = new Set(['+', '-', '*', '/', '%', '<', '<=', '>', '>=']);

/** Functions that give nothing for nothing. */
const STRICT: ReadonlySet<string> = new Set(
  (
    'sum max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match ' +
    'contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt ' +
    'power boolean not map filter single reduce sort reverse shuffle distinct lookup type toMillis fromMillis merge'
  ).split(' '),
);

/** All that must be there for this to give a value. */
function presentIn(node: AstNode, scope: Scope, walk: Walk): Scope {
  switch (node.type) {
    case 'path':
    case 'variable': {
      const ref = refOf(node, true);
      return ref === undefined ? scope : changeRef(scope, ref, present);
    }
    case 'binary':
      if (!STRICT_OPERATORS.has(node.value)) return scope;
      return presentIn(node.rhs as AstNode, presentIn(node.lhs as AstNode, scope, walk), walk);
    case 'function': {
      const [argument] = node.arguments ?? [];
      const name = nameOfFunction(node);
      return argument === undefined || name === undefined || !STRICT.has(name)
        ? scope
        : presentIn(argument, scope, walk);
    }
    case 'block': {
      const last = node.expressions?.at(-1);
      return last === undefined || node.expressions?.length !== 1 ? scope : presentIn(last, scope, walk);
    }
    default:
      return scope;
  }
}

/** The value that a node stands for, where it is written out. */
export function literalOf(node: AstNode | undefined): { readonly value: unknown } | undefined {
  if (node?.predicate !== undefined || node?.group !== undefined) return undefined;
  return node?.type === 'string' || node?.type === 'number' || node?.type === 'value'
    ? { value: node.value }
    : undefined;
}

function nameOfFunction(node: AstNode): string | undefined {
  const called = node.type === 'function' ? node.procedure : undefined;
  return called?.type === 'variable' ? String(called.value) : undefined;
}

function changeRef(scope: Scope, ref: Ref, change: Change, along = false): Scope {
  const apply = (type: Type): Type => changeAt(type, ref.names, change, along);
  if (ref.variable !== undefined) {
    const variable = scope.variables.get(ref.variable);
    if (variable === undefined) return scope;
    const variables = new Map(scope.variables).set(ref.variable, { ...variable, type: apply(variable.type) });
    return { ...scope, variables };
  }
  const same = scope.root === scope.context;
  if (ref.root && !same) return { ...scope, root: apply(scope.root) };
  const context = apply(scope.context);
  return { ...scope, context, ...(same ? { root: context } : {}) };
}

/** The type with a change of what stands at a path. What can not be so any more is left out. */
function changeAt(type: Type, names: readonly string[], change: Change, along: boolean): Type {
  const [name, ...deeper] = names;
  if (name === undefined) return change(type);
  const survives = !isNever(change(NOTHING));
  const forms = type.forms.flatMap((form): readonly Form[] => {
    if (form.kind === 'any') return [form];
    if (form.kind === 'list') {
      const items = (): Type => changeAt(form.items, names, loosened, true);
      const min = survives ? form.min : Math.max(1, form.min);
      const { kind: _, items: __, parts: ___, ...others } = form;
      return [listOf(items, { ...others, min, maybe: true })];
    }
    const member = form.kind === 'object' ? (form.members.get(name) ?? memberOfAnyName(form)) : undefined;
    if (form.kind !== 'object' || member === undefined) {
      return survives || (form.kind === 'object' && form.rest !== undefined) ? [form] : [];
    }
    const changed = changeAt(member.type, deeper, change, along);
    if (isNever(changed) && !isNever(member.type)) return [];
    const members = new Map(form.members).set(name, { ...member, type: changed });
    return [{ ...form, members }];
  });
  const found: Type = type.absent !== undefined && survives ? { forms, absent: type.absent } : { forms };
  return along ? loosened(found) : found;
}

function memberOfAnyName({ dictionary, rest }: ObjectForm): Member | undefined {
  return dictionary === true && rest !== undefined
    ? { type: withAbsence(rest, { reason: 'unknown' }) }
    : undefined;
}

function truthy(type: Type): Type {
  return { forms: type.forms.flatMap(truthyForm) };
}

function truthyForm(form: Form): readonly Form[] {
  switch (form.kind) {
    case 'null':
    case 'function':
      return [];
    case 'boolean':
      return form.value === false ? [] : [{ ...form, value: true }];
    case 'number': {
      const values = form.values?.filter((value) => value !== 0);
      return values === undefined ? [form] : values.length === 0 ? [] : [{ ...form, values }];
    }
    case 'string': {
      const values = form.values?.filter((value) => value !== '');
      if (values !== undefined) return values.length === 0 ? [] : [{ ...form, values }];
      return form.maxLength === 0 ? [] : [{ ...form, minLength: Math.max(1, form.minLength ?? 0) }];
    }
    case 'list':
      return form.max === 0 ? [] : [{ ...form, min: Math.max(1, form.min) }];
    case 'any':
    case 'object':
      return [form];
  }
}

function falsy(type: Type): Type {
  return keepingAbsence({ forms: type.forms.flatMap(falsyForm) }, type);
}

function falsyForm(form: Form): readonly Form[] {
  switch (form.kind) {
    case 'boolean':
      return form.value === true ? [] : [{ ...form, value: false }];
    case 'number': {
      const zero = form.values?.includes(0) ?? inRange(0, form);
      return zero ? [{ ...form, values: [0] }] : [];
    }
    case 'string': {
      const empty = form.values?.includes('') ?? (form.minLength ?? 0) === 0;
      return empty ? [{ ...form, values: [''] }] : [];
    }
    case 'object':
      return [...form.members.values()].some(({ type }) => type.absent === undefined) ? [] : [form];
    case 'any':
    case 'null':
    case 'list':
    case 'function':
      return [form];
  }
}

function missing(type: Type): Type {
  return { forms: [], ...(type.absent === undefined ? {} : { absent: type.absent }) };
}

function without(form: Form, value: unknown): readonly Form[] {
  if (form.kind === 'null') return value === null ? [] : [form];
  if (form.kind === 'boolean' && typeof value === 'boolean')
    return form.value === undefined ? [{ ...form, value: !value }] : form.value === value ? [] : [form];
  if (form.kind === 'string' || form.kind === 'number') {
    const values = (form.values as readonly unknown[] | undefined)?.filter((known) => known !== value);
    return values === undefined ? [form] : values.length === 0 ? [] : [{ ...form, values } as Form];
  }
  return [form];
}

const KIND_NAMES: Readonly<Record<string, Form['kind']>> = { array: 'list' };

/** What is left when `$type` gives this name. */
function ofKind(type: Type, name: string): Type {
  const wanted = KIND_NAMES[name] ?? name;
  return { forms: type.forms.filter(({ kind }) => kind === 'any' || kind === wanted) };
}
