import type { AstNode, Pair, Stage } from '../engine/index.ts';
import { join, joinAll, listOf } from './join.ts';
import { lookUpMember, unknownName } from './lookup.ts';
import { narrowed } from './narrow.ts';
import { each, oneOf, rawLists, spreadOf, valueOf, type Sequence } from './sequence.ts';
import { spanOf } from './syntax.ts';
import {
  eitherAbsence,
  INTEGER,
  isNever,
  NOTHING,
  present,
  UNKNOWN,
  withAbsence,
  type Member,
  type Type,
} from './type.ts';
import type { Scope, Walk } from './walk.ts';

/** A path: `customer.email`, `lines[quantity > 1].{ … }`, `orders@$o.lines^(sku)`. */
export function inferPath(node: AstNode, scope: Scope, walk: Walk): Type {
  const steps = node.steps ?? [];
  if (steps.some(({ tuple }) => tuple === true)) return inferTuples(node, scope, walk);
  const [first] = steps;
  let input: Sequence = first?.type === 'variable' ? oneOf(scope.context) : spreadOf(scope.context);
  // A step is taken even where there is no context, and a constructor makes something all the same.
  if (input.max === 0) input = { ...input, max: 1 };
  let result: Type = NOTHING;
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    if (step.type === 'sort') {
      for (const { expression } of step.terms ?? [])
        walk.infer(expression, { ...scope, context: input.items });
      if (step.stages !== undefined) input = spreadOf(staged(valueOf(input), step.stages, scope, walk));
      result = valueOf(input, node.keepSingletonArray);
      continue;
    }
    const made = walk.infer(step, { ...scope, context: input.items });
    const value = staged(made, step.stages ?? [], scope, walk);
    if (i === 0 && step.consarray === true) {
      input = spreadOf(value);
      result = value;
      continue;
    }
    const found = each(input, step.consarray === true ? oneOf(value) : spreadOf(value));
    if (last) result = lastStep(input, value, found, node.keepSingletonArray === true);
    input = found;
  }
  return node.group === undefined ? result : inferObject(node.group.lhs, input, scope, walk);
}

/** A list that the message has stays as it is where it is all that is found; all else becomes one sequence. */
function lastStep(input: Sequence, value: Type, found: Sequence, keep: boolean): Type {
  const absent = input.min === 0 ? (input.why ?? ({ reason: 'unknown' } as const)) : undefined;
  if (input.max === 1) {
    const lists = value.forms.filter(({ kind }) => kind === 'list' || kind === 'any');
    const others = value.forms.filter(({ kind }) => kind !== 'list' && kind !== 'any');
    const kept =
      keep && others.length > 0
        ? [listOf(() => ({ forms: others }), { min: 1, max: 1, sequence: 'maybe' })]
        : others;
    const alone = keep
      ? []
      : lists.flatMap((form) =>
          form.kind === 'list' && form.sequence === 'maybe' && form.min < 2 ? form.items.forms : [],
        );
    const whole = joinAll([
      { forms: lists },
      { forms: kept },
      { forms: alone.map((form) => ({ ...form, maybe: true as const })) },
    ]);
    return withAbsence(whole, eitherAbsence(value.absent, absent));
  }
  const sequence = valueOf(found, keep);
  const raw = input.min > 1 && value.absent === undefined ? [] : rawLists(value, keep);
  return raw.length === 0 ? sequence : join(sequence, { forms: raw });
}

/** Predicates and indexes behind a step. */
export function staged(value: Type, stages: readonly Stage[], scope: Scope, walk: Walk): Type {
  return stages.reduce(
    (found, { expr }) => (expr === undefined ? found : filtered(found, expr, scope, walk)),
    value,
  );
}

function filtered(value: Type, predicate: AstNode, scope: Scope, walk: Walk): Type {
  const sequence = spreadOf(value);
  if (predicate.type === 'number') return itemAt(sequence, Math.floor(Number(predicate.value)));
  const inside: Scope = { ...scope, context: sequence.items };
  const test = walk.infer(predicate, inside);
  const index = test.forms.some(({ kind }) => kind === 'number' || kind === 'list' || kind === 'any');
  const items = index ? sequence.items : narrowed(predicate, inside, true).context;
  return valueOf({ items, min: 0, max: sequence.max, maybe: true, why: { reason: 'unknown' } });
}

function itemAt({ items, min, max, why }: Sequence, index: number): Type {
  const needed = index < 0 ? -index : index + 1;
  if (needed > max) return NOTHING;
  if (needed <= min) return items;
  return withAbsence(items, needed === 1 && why !== undefined ? why : { reason: 'unknown' });
}

/** A name, looked up in the context. */
export function inferName(node: AstNode, scope: Scope, walk: Walk): Type {
  const name = String(node.value);
  const { context } = scope;
  if (isNever(context)) return NOTHING;
  const unknown = unknownName(context, name);
  if (unknown === undefined) return lookUpMember(context, name);
  const { message, hint, near } = unknown;
  const replacement = near === undefined ? undefined : writtenName(near);
  walk.tell({ code: 'unknown-path', ...spanOf(node, walk.source), message, hint, replacement });
  return UNKNOWN;
}

/** A name as an expression may have it. */
function writtenName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `\`${name}\``;
}

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** An object, or the groups that a sequence is put into by `path{…}`. There always is one. */
export function inferObject(pairs: readonly Pair[], input: Sequence, scope: Scope, walk: Walk): Type {
  const members = new Map<string, Member>();
  let rest: Type | undefined;
  const one: Scope = { ...scope, context: withAbsence(input.items, input.min === 0 ? input.why : undefined) };
  const group: Scope = { ...scope, context: grouped(input) };
  for (const [key, value] of pairs) {
    const keyType = walk.infer(key, one);
    const at = walk.place(spanOf(value, walk.source).offset);
    const type = walk.infer(value, group);
    const texts = keyType.forms.filter(({ kind }) => kind === 'string' || kind === 'any');
    if (texts.length === 0 && keyType.forms.length > 0) {
      const message = 'the key of an object must be a string';
      walk.tell({ code: 'operand-type', ...spanOf(key, walk.source), message });
    }
    if (key.type === 'string') {
      const name = String(key.value);
      if (members.has(name)) {
        const message = `the key "${name}" is there twice`;
        walk.tell({ code: 'duplicate', ...spanOf(key, walk.source), message });
      }
      members.set(name, { type, at });
    } else rest = rest === undefined ? type : join(rest, type);
  }
  if (rest === undefined)
    return { forms: [{ kind: 'object', members, at: walk.place(startOf(pairs, walk)) }] };
  const loose = withAbsence(rest, { reason: 'unknown' });
  return { forms: [{ kind: 'object', members, rest: loose, dictionary: true }] };
}

function startOf(pairs: readonly Pair[], walk: Walk): number {
  const [first] = pairs;
  return first === undefined ? 0 : spanOf(first[0], walk.source).offset;
}

/** The items that go into a group: one of them as it is, several as a list, none as nothing. */
function grouped({ items, min, max, maybe, why }: Sequence): Type {
  if (max <= 1) return withAbsence(items, min === 0 ? why : undefined);
  const list = listOf(() => items, { min: 2, max, ...(maybe ? { maybe } : {}) });
  return withAbsence(join(items, { forms: [list] }), min === 0 ? why : undefined);
}

/** Paths that bind names to their items (`@$line`, `#$i`) or look back (`%`). How many items come out is not told. */
function inferTuples(node: AstNode, scope: Scope, walk: Walk): Type {
  let context: Type = present(scope.context);
  let variables = new Map(scope.variables);
  let max = Infinity;
  for (const [i, step] of (node.steps ?? []).entries()) {
    const inside: Scope = { ...scope, context: i === 0 ? scope.context : context, variables };
    if (step.type === 'sort') {
      for (const { expression } of step.terms ?? []) walk.infer(expression, inside);
      if (step.index !== undefined) variables = new Map(variables).set(step.index, { type: INTEGER });
    } else {
      const found = spreadOf(walk.infer(step, inside));
      max = found.max === 0 ? 0 : max;
      variables = new Map(variables);
      if (step.focus !== undefined) variables.set(step.focus, { type: found.items });
      else context = found.items;
      if (step.index !== undefined) variables.set(step.index, { type: INTEGER });
    }
    for (const stage of step.stages ?? []) {
      if (stage.type === 'index') variables = new Map(variables).set(String(stage.value), { type: INTEGER });
      else if (stage.expr !== undefined) walk.infer(stage.expr, { ...scope, context, variables });
    }
  }
  const items: Sequence = { items: context, min: 0, max, maybe: true, why: { reason: 'unknown' } };
  if (node.group === undefined) return valueOf(items, node.keepSingletonArray);
  const names = new Map(
    [...variables].map(([name, variable]) => [
      name,
      scope.variables.get(name) === variable ? variable : { type: UNKNOWN },
    ]),
  );
  return inferObject(node.group.lhs, items, { ...scope, variables: names }, walk);
}
