import type { AstNode } from '../engine/index.ts';
import { nearest } from '../nearest.ts';
import { join, lengthsOf, listOf } from './join.ts';
import { literalOf, narrowed } from './narrow.ts';
import { truthy } from './left-over.ts';
import { oneOf, spreadOf, type Sequence } from './sequence.ts';
import { operatorSpan, spanOf } from './syntax.ts';
import { neverEqual, truthOf } from './truth.ts';
import {
  BOOLEAN,
  eitherAbsence,
  INTEGER,
  isNever,
  isNothing,
  isSurelyDecimal,
  NOTHING,
  present,
  STRING,
  UNKNOWN,
  withAbsence,
  type Form,
  type ListPart,
  type StringForm,
  type Type,
} from './type.ts';
import type { Scope, Walk } from './walk.ts';
import { formsText, kindsText, valuesText } from './words.ts';

export function inferBinary(node: AstNode, scope: Scope, walk: Walk): Type {
  const left = node.lhs as AstNode;
  const right = node.rhs as AstNode;
  if (node.value === 'and' || node.value === 'or') {
    const first = walk.infer(left, scope);
    const inside = narrowed(left, scope, node.value === 'and');
    return logical(node.value, truthOf(first), truthOf(walk.infer(right, inside)));
  }
  const [a, b] = [walk.infer(left, scope), walk.infer(right, scope)];
  switch (node.value) {
    case '&':
      return concatenated(a, b);
    case '=':
    case '!=':
      return equality(node, [a, b], walk);
    case 'in':
      return inclusion(node, [a, b], walk);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node, [a, b], walk);
    case '..':
      for (const [side, type] of [
        [left, a],
        [right, b],
      ] as const)
        mustBeNumber(side, type, '..', walk);
      return {
        forms: [listOf(() => INTEGER, { min: 1, max: Infinity, sequence: true, maybe: true })],
        absent: { reason: 'unknown' },
      };
    default:
      return arithmetic(node, [a, b], walk);
  }
}

function logical(operator: 'and' | 'or', a: boolean | undefined, b: boolean | undefined): Type {
  const decides = operator === 'or';
  if (a === decides || b === decides) return { forms: [{ kind: 'boolean', value: decides }] };
  return a === undefined || b === undefined ? BOOLEAN : { forms: [{ kind: 'boolean', value: !decides }] };
}

type Sides = readonly [left: Type, right: Type];

function arithmetic(node: AstNode, [a, b]: Sides, walk: Walk): Type {
  const operator = String(node.value);
  mustBeNumber(node.lhs as AstNode, a, operator, walk);
  mustBeNumber(node.rhs as AstNode, b, operator, walk);
  if (isNothing(a) || isNothing(b)) return NOTHING;
  const numbers = [...a.forms, ...b.forms].flatMap((form) => (form.kind === 'number' ? [form] : []));
  const all = numbers.length === a.forms.length + b.forms.length;
  const integer =
    all &&
    operator !== '/' &&
    operator !== '%' &&
    numbers.every((form) => form.integer === true || (form.values?.every(Number.isInteger) ?? false));
  const exact = isSurelyDecimal(a) || isSurelyDecimal(b);
  const maybe = !all || numbers.some((form) => form.decimal !== undefined);
  const decimal = exact ? ({ decimal: 'surely' } as const) : maybe ? ({ decimal: true } as const) : {};
  return withAbsence(
    {
      forms: [{ kind: 'number', ...(integer ? { integer } : {}), ...decimal }],
    },
    eitherAbsence(a.absent, b.absent),
  );
}

/** Complains where whatever there is can not be calculated with. */
export function mustBeNumber(node: AstNode, type: Type, operator: string, walk: Walk): void {
  if (type.forms.length === 0 || type.forms.some(({ kind }) => kind === 'number' || kind === 'any')) return;
  const hint = type.forms.every(({ kind }) => kind === 'string')
    ? 'make a number of it with $number'
    : listHint(type);
  const message = `"${operator}" needs numbers, and this is ${kindsText(type.forms)}`;
  walk.tell({ code: 'operand-type', ...spanOf(node, walk.source), message, hint });
}

function listHint(type: Type): string | undefined {
  return type.forms.some(({ kind }) => kind === 'list')
    ? 'add up a list with $sum, or take one item'
    : undefined;
}

function comparison(node: AstNode, [a, b]: Sides, walk: Walk): Type {
  const operator = String(node.value);
  for (const [side, type] of [
    [node.lhs as AstNode, a],
    [node.rhs as AstNode, b],
  ] as const) {
    if (type.forms.length === 0 || type.forms.some(comparable)) continue;
    const message = `"${operator}" compares numbers or strings, and this is ${kindsText(type.forms)}`;
    walk.tell({ code: 'operand-type', ...spanOf(side, walk.source), message });
    return UNKNOWN;
  }
  const [kinds, others] = [kindsOf(a), kindsOf(b)];
  if (!kinds.has('any') && !others.has('any') && kinds.size > 0 && others.size > 0) {
    if (![...kinds].some((kind) => others.has(kind))) {
      const message = `"${operator}" compares ${kindsText(a.forms)} with ${kindsText(b.forms)}`;
      walk.tell({ code: 'operand-type', ...operatorSpan(node, walk.source), message });
    }
  }
  return withAbsence(BOOLEAN, eitherAbsence(a.absent, b.absent));
}

function comparable({ kind }: Form): boolean {
  return kind === 'any' || kind === 'number' || kind === 'string';
}

function kindsOf(type: Type): ReadonlySet<Form['kind']> {
  return new Set(type.forms.filter(comparable).map(({ kind }) => kind));
}

function equality(node: AstNode, [a, b]: Sides, walk: Walk): Type {
  const equal = node.value === '=';
  if (isNothing(a) || isNothing(b)) return { forms: [{ kind: 'boolean', value: false }] };
  if (!neverEqual(a, b)) return BOOLEAN;
  // Nothing is neither equal nor unequal.
  const always = equal ? false : a.absent === undefined && b.absent === undefined ? true : undefined;
  tellConstant(node, [a, b], equal ? 'false' : 'true', walk);
  return always === undefined ? BOOLEAN : { forms: [{ kind: 'boolean', value: always }] };
}

function inclusion(node: AstNode, [a, b]: Sides, walk: Walk): Type {
  const items = withAbsence(spreadOf(b).items, b.absent);
  if (!neverEqual(a, items)) return BOOLEAN;
  tellConstant(node, [a, items], 'false', walk);
  return { forms: [{ kind: 'boolean', value: false }] };
}

/** A comparison that does not depend on the message. Of a question for null, or of two constants, nothing is said. */
function tellConstant(node: AstNode, [a, b]: Sides, always: 'true' | 'false', walk: Walk): void {
  const [left, right] = [node.lhs as AstNode, node.rhs as AstNode];
  const [one, other] = [literalOf(left), literalOf(right)];
  if (one?.value === null || other?.value === null || (one !== undefined && other !== undefined)) return;
  const [literal, type, node_] = one !== undefined ? [one, b, left] : [other, a, right];
  const values = type.forms.flatMap((form) => (form.kind === 'string' ? (form.values ?? []) : []));
  const text = walk.source
    .slice(spanOf(left, walk.source).offset, operatorSpan(node, walk.source).offset)
    .trim();
  const what = one === undefined && text.length <= 40 ? text : 'it';
  if (literal !== undefined && typeof literal.value === 'string' && values.length > 0) {
    const near = nearest(literal.value, values);
    walk.tell({
      code: 'constant-condition',
      ...spanOf(node_, walk.source),
      message: `always ${always}: ${what} is ${valuesText(values, { depth: 1, members: 8 })}`,
      hint: near === undefined ? undefined : `did you mean "${near}"?`,
      replacement: near === undefined ? undefined : JSON.stringify(near),
    });
    return;
  }
  const message = `always ${always}: ${formsText(a)} is never equal to ${formsText(b)}`;
  walk.tell({ code: 'constant-condition', ...operatorSpan(node, walk.source), message });
}

function concatenated(a: Type, b: Type): Type {
  const [left, right] = [asText(a), asText(b)];
  if (
    left.values !== undefined &&
    right.values !== undefined &&
    left.values.length * right.values.length <= 20
  ) {
    const values = left.values.flatMap((one) => right.values?.map((other) => one + other) ?? []);
    return { forms: [{ kind: 'string', values: [...new Set(values)] }] };
  }
  const [one, other] = [lengthsOf(left), lengthsOf(right)];
  const [minLength, maxLength] = [one.min + other.min, one.max + other.max];
  return {
    forms: [
      {
        kind: 'string',
        ...(minLength > 0 ? { minLength } : {}),
        ...(Number.isFinite(maxLength) ? { maxLength } : {}),
      },
    ],
  };
}

/** What `&` makes of a value; nothing becomes an empty string. */
function asText(type: Type): StringForm {
  const forms: Form[] = type.forms.map((form) => (form.kind === 'string' ? form : { kind: 'string' }));
  if (type.absent !== undefined || forms.length === 0) forms.push({ kind: 'string', values: [''] });
  const joined = forms.map((form): Type => ({ forms: [form] })).reduce(join, { forms: [] });
  return (joined.forms[0] ?? STRING.forms[0]) as StringForm;
}

/** `[a, b]`: lists in it are spread, unless they are written out themselves. */
export function inferArray(node: AstNode, scope: Scope, walk: Walk): Type {
  let all: Sequence = { items: { forms: [] }, min: 0, max: 0, maybe: false };
  const parts: ListPart[] = [];
  for (const item of node.expressions ?? []) {
    const type = walk.infer(item, scope);
    const part = item.type === 'unary' && item.value === '[' ? oneOf(type) : spreadOf(type);
    parts.push({ items: part.items, min: part.min, max: part.max });
    all = {
      items: join(all.items, part.items),
      min: all.min + part.min,
      max: all.max + part.max,
      maybe: all.maybe || part.maybe,
    };
  }
  const { items, min, max } = all;
  return { forms: [listOf(() => items, { min, max, parts })] };
}

export function inferNegative(node: AstNode, scope: Scope, walk: Walk): Type {
  const operand = node.expression as AstNode;
  const type = walk.infer(operand, scope);
  mustBeNumber(operand, type, '-', walk);
  if (isNothing(type)) return NOTHING;
  return withAbsence(
    {
      forms: [
        type.forms.every((form) => form.kind === 'number' && form.integer === true)
          ? { kind: 'number', integer: true }
          : { kind: 'number' },
      ],
    },
    type.absent,
  );
}

export function inferCondition(node: AstNode, scope: Scope, walk: Walk): Type {
  const condition = node.condition as AstNode;
  const asked = walk.infer(condition, scope);
  const truth = truthOf(asked);
  const branch = (part: AstNode | undefined, holds: boolean): Type => {
    if (truth === !holds) return { forms: [] };
    if (part === undefined) return { forms: [], absent: { reason: 'branch' } };
    if (holds && isDefault(node)) return present(walk.infer(part, scope));
    if (holds && isFallback(node, walk)) return truthy(asked);
    const inside = narrowed(condition, scope, holds);
    // It can not be so: the branch is never taken.
    if (isNever(inside.context) && !isNever(scope.context)) return { forms: [] };
    return walk.infer(part, inside);
  };
  return join(branch(node.then, true), branch(node.else, false));
}

/** `a ?? b`, which JSONata reads as `$exists(a) ? a : b`. */
function isDefault({ condition }: AstNode): boolean {
  const procedure = condition?.type === 'function' ? condition.procedure : undefined;
  return procedure?.value === 'exists' && procedure.position === undefined;
}

/** `a ?: b`, which JSONata reads as `a ? a : b`. */
function isFallback({ condition, then }: AstNode, { source }: Walk): boolean {
  if (condition === undefined || then === undefined || condition.type !== then.type) return false;
  return spanOf(condition, source).offset === spanOf(then, source).offset;
}
