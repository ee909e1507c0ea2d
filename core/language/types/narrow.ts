import { isDeepStrictEqual } from 'node:util';
import type { AstNode } from '../engine/index.ts';
import { changeRef, type Change, type Reach } from './change-at.ts';
import { join, joinAll, typeOfValue } from './join.ts';
import { falsy, keepingAbsence, missing, nonEmpty, ofKind, otherThan, truthy } from './left-over.ts';
import { meet } from './meet.ts';
import { mentionsOf, refOf, type Ref } from './reference.ts';
import { isNever, loosened, present, type Type } from './type.ts';
import type { Scope } from './walk.ts';

/** Nothing is complained of any more, on the way either. */
const LOOSE: Reach = { along: loosened, inLists: loosened };
/** Who asks of a member takes what has it to be there. */
const ASKED: Reach = {
  along: ({ forms, absent }) => (absent === undefined ? { forms } : { forms, absent: { reason: 'unknown' } }),
  inLists: loosened,
};
/** Whether it is there can not be told, nor whether a list is empty. */
const maybeAbsent: Change = ({ forms, absent }) => ({
  forms: forms.map((form) => (form.kind === 'list' && form.min === 0 ? { ...form, maybe: true } : form)),
  ...(absent === undefined ? {} : { absent: { reason: 'unknown' } }),
});
/** Something is found at a path: in lists, nobody knows where. */
const FOUND: Reach = { inLists: maybeAbsent };

/**
 * What is known where a condition holds (or does not). Of what a part of it mentions that is too clever to follow, nothing
 * is complained of any more: it might rule it out.
 */
export function narrowed(node: AstNode, scope: Scope, truth: boolean): Scope {
  if (node.predicate !== undefined || node.group !== undefined) return unfollowed(node, scope, truth);
  switch (node.type) {
    case 'path':
    case 'variable': {
      const ref = refOf(node);
      if (ref === undefined) return unfollowed(node, scope, truth);
      return changed(scope, ref, truth ? truthy : falsy);
    }
    case 'block': {
      const [only, second] = node.expressions ?? [];
      return only === undefined || second !== undefined
        ? unfollowed(node, scope, false)
        : narrowed(only, scope, truth);
    }
    case 'function':
      return assumeCall(node, scope, truth);
    case 'binary':
      return assumeBinary(node, scope, truth);
    default:
      return unfollowed(node, scope, truth);
  }
}

/** A condition that says something of what it mentions, nobody knows what. */
function unfollowed(node: AstNode, scope: Scope, truth: boolean): Scope {
  const loose = loosenedIn(node, scope);
  return truth ? presentIn(node, loose) : loose;
}

function loosenedIn(node: AstNode, scope: Scope, change: Change = loosened, reach = LOOSE): Scope {
  return mentionsOf(node, scope).reduce((seen, ref) => changeRef(seen, ref, change, reach), scope);
}

/** A change of what a condition is on. What a variable was made of hangs together with it. */
function changed(scope: Scope, ref: Ref, change: Change, reach: Reach = ASKED): Scope {
  const variable = ref.variable === undefined ? undefined : scope.variables.get(ref.variable);
  const definition = variable?.definition;
  return changeRef(definition === undefined ? scope : loosenedIn(definition, scope), ref, change, reach);
}

function assumeCall(node: AstNode, scope: Scope, truth: boolean): Scope {
  const [argument] = node.arguments ?? [];
  const name = nameOfFunction(node);
  if (argument === undefined || name === undefined) return unfollowed(node, scope, truth);
  if (name === 'exists') return assumeExists(argument, scope, truth);
  if (name === 'boolean') return narrowed(argument, scope, truth);
  if (name !== 'not') return unfollowed(node, scope, truth);
  if (truth) return narrowed(argument, presentIn(argument, scope), false);
  // It gives nothing for nothing, which counts as false, too.
  if (isBoolean(argument)) return narrowed(argument, scope, true);
  const ref = refOf(argument);
  if (ref === undefined) return unfollowed(node, scope, false);
  return changed(scope, ref, (type) => keepingAbsence(truthy(type), type));
}

/** That something is there says nothing of what it is. */
function assumeExists(argument: AstNode, scope: Scope, truth: boolean): Scope {
  const ref = refOf(argument);
  if (ref !== undefined) return truth ? changed(scope, ref, present, FOUND) : changed(scope, ref, missing);
  if (!truth) return loosenedIn(argument, scope);
  const loose = isPlain(argument)
    ? loosenedIn(argument, scope, foundIn, { along: foundIn, inLists: maybeAbsent })
    : loosenedIn(argument, scope);
  return presentIn(argument, loose);
}

/** What something has been found in. */
const foundIn: Change = (type) => maybeAbsent(keepingAbsence(nonEmpty(type), type));

/** A path of names and of places in lists. */
function isPlain({ type, steps, group }: AstNode): boolean {
  if (type !== 'path' || group !== undefined) return false;
  return (steps ?? []).every(
    (step) =>
      (step.type === 'name' || step.type === 'variable') &&
      step.tuple !== true &&
      [...(step.stages ?? []), ...(step.predicate ?? [])].every(({ expr }) => expr?.type === 'number'),
  );
}

const COMPARISONS: ReadonlySet<unknown> = new Set(['<', '<=', '>', '>=']);
const BOOLEANS: ReadonlySet<unknown> = new Set(['and', 'or', '=', '!=', 'in']);

/** Whether it always gives true or false. */
function isBoolean(node: AstNode): boolean {
  if (node.predicate !== undefined || node.group !== undefined) return false;
  if (node.type === 'block' && node.expressions?.length === 1)
    return isBoolean(node.expressions[0] as AstNode);
  return node.type === 'binary' ? BOOLEANS.has(node.value) : nameOfFunction(node) === 'exists';
}

function assumeBinary(node: AstNode, scope: Scope, truth: boolean): Scope {
  const [left, right] = [node.lhs as AstNode, node.rhs as AstNode];
  if (node.value === 'and' || node.value === 'or') {
    if ((node.value === 'and') === truth) return narrowed(right, narrowed(left, scope, truth), truth);
    return assumeEither([left, right], scope, truth);
  }
  const counted = truth ? countedIn(node) : undefined;
  if (counted !== undefined) return changed(scope, counted, nonEmpty);
  if (node.value === '=' || node.value === '!=') {
    const both = truth ? presentIn(right, presentIn(left, scope)) : scope;
    const equal = (node.value === '=') === truth;
    return (
      compared(left, right, both, equal) ??
      compared(right, left, both, equal) ??
      unfollowed(node, both, truth)
    );
  }
  if (node.value === 'in') {
    const followed = assumeIn(left, right, scope, truth);
    const loose = followed ?? loosenedIn(node, scope);
    return followed === undefined && truth ? presentIn(left, loose) : loose;
  }
  if (!COMPARISONS.has(node.value)) return unfollowed(node, scope, truth);
  const ref = literalOf(right) === undefined ? refOf(right) : refOf(left);
  if (ref === undefined || (literalOf(left) ?? literalOf(right)) === undefined)
    return unfollowed(node, scope, truth);
  // What range it is in is not followed, but whether it is there.
  return changed(scope, ref, (type) => {
    const loose = { forms: loosened(type).forms };
    return truth ? loose : keepingAbsence(loose, type);
  });
}

/** What is not empty where `$count(x) > 0` holds. */
function countedIn({ value, lhs, rhs }: AstNode): Ref | undefined {
  const swapped = literalOf(lhs) !== undefined;
  const [counted, literal] = swapped ? [rhs, literalOf(lhs)] : [lhs, literalOf(rhs)];
  const argument =
    counted === undefined || nameOfFunction(counted) !== 'count' ? undefined : counted.arguments?.[0];
  const operator = swapped ? (value === '<' ? '>' : value === '<=' ? '>=' : value) : value;
  const some =
    literal?.value === 0 ? operator === '>' || operator === '!=' : literal?.value === 1 && operator === '>=';
  return some && argument !== undefined ? refOf(argument) : undefined;
}

/** Where one of two holds, what both say of the same thing is known. */
function assumeEither(parts: readonly [AstNode, AstNode], scope: Scope, truth: boolean): Scope {
  const [one, other] = [narrowed(parts[0], scope, truth), narrowed(parts[1], scope, truth)];
  if (isNever(one.context)) return other;
  if (isNever(other.context)) return one;
  const [ref, ...others] = parts.flatMap((part) => mentionsOf(part, scope));
  const same = others.every((mention) => isDeepStrictEqual(mention, ref));
  const [a, b] = ref === undefined || !same ? [] : [valueAt(one, ref), valueAt(other, ref)];
  if (ref !== undefined && a !== undefined && b !== undefined) {
    const either = join(a, b);
    const sure = [...a.forms, ...b.forms].every(({ maybe }) => maybe !== true);
    return changeRef(scope, ref, () => (sure ? either : loosened(either)), ASKED);
  }
  return parts.reduce((seen, part) => loosenedIn(part, seen), scope);
}

/** What stands at a name of the context, or a variable that stands for itself. */
function valueAt(scope: Scope, { root, variable, names }: Ref): Type | undefined {
  const [name, second] = names;
  const { context } = scope;
  if (variable !== undefined) {
    const known = scope.variables.get(variable);
    return name === undefined && known?.definition === undefined ? known?.type : undefined;
  }
  const [form, more] = context.forms;
  return root || name === undefined || second !== undefined || more !== undefined || form?.kind !== 'object'
    ? undefined
    : form.members.get(name)?.type;
}

/** Undefined where `side` is not compared with a constant that can be followed. */
function compared(side: AstNode, other: AstNode, scope: Scope, equal: boolean): Scope | undefined {
  const literal = literalOf(other);
  if (literal === undefined) return undefined;
  const kind = nameOfFunction(side) === 'type' ? side.arguments?.[0] : undefined;
  const ref = refOf(kind ?? side);
  if (ref === undefined) return undefined;
  if (kind !== undefined) return changed(scope, ref, (type) => ofKind(type, String(literal.value), !equal));
  const value = typeOfValue(literal.value);
  return changed(scope, ref, (type) =>
    equal ? keepingAbsence(meet(present(type), value), type) : otherThan(type, literal.value),
  );
}

/** Undefined where it is not asked among constants. */
function assumeIn(left: AstNode, right: AstNode, scope: Scope, truth: boolean): Scope | undefined {
  const items = right.predicate === undefined ? right.expressions?.map(literalOf) : undefined;
  const ref = refOf(left);
  const values = items?.flatMap((item) => item ?? []);
  if (right.value !== '[' || ref === undefined || values === undefined || values.length !== items?.length)
    return undefined;
  const allowed = joinAll(values.map(({ value }) => typeOfValue(value)));
  return changed(scope, ref, (type) =>
    truth ? meet(present(type), allowed) : values.reduce((left, { value }) => otherThan(left, value), type),
  );
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
function presentIn(node: AstNode, scope: Scope): Scope {
  switch (node.type) {
    case 'path':
    case 'variable': {
      const ref = refOf(node, true);
      return ref === undefined ? scope : changeRef(scope, ref, present, FOUND);
    }
    case 'binary':
      if (!STRICT_OPERATORS.has(node.value)) return scope;
      return presentIn(node.rhs as AstNode, presentIn(node.lhs as AstNode, scope));
    case 'function': {
      const [argument] = node.arguments ?? [];
      const name = nameOfFunction(node);
      return argument === undefined || name === undefined || !STRICT.has(name)
        ? scope
        : presentIn(argument, scope);
    }
    case 'block': {
      const last = node.expressions?.at(-1);
      return last === undefined || node.expressions?.length !== 1 ? scope : presentIn(last, scope);
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
