import { join, joinAll, listOf } from './join.ts';
import {
  ANY,
  eitherAbsence,
  present,
  withAbsence,
  type Absence,
  type Form,
  type ListForm,
  type Type,
} from './type.ts';

/**
 * JSONata's sequence, before it is a value: how many items there can be and what each is. As a value, one item is that
 * item, more are a list, and none are nothing.
 */
export interface Sequence {
  /** Of an item; never absent. */
  readonly items: Type;
  readonly min: number;
  readonly max: number;
  /** How many there really are can not be told. */
  readonly maybe: boolean;
  /** Why there may be none. */
  readonly why?: Absence | undefined;
}

/** A single item. */
export function oneOf(type: Type): Sequence {
  return {
    items: present(type),
    min: type.absent === undefined ? 1 : 0,
    max: 1,
    maybe: false,
    why: type.absent,
  };
}

/** What a value adds to a sequence: the items of a list, anything else as it is, nothing for nothing. */
export function spreadOf(type: Type): Sequence {
  const parts = type.forms.map(spreadForm);
  const [first] = parts;
  if (first === undefined) return { items: { forms: [] }, min: 0, max: 0, maybe: false, why: type.absent };
  const min = type.absent === undefined ? Math.min(...parts.map((part) => part.min)) : 0;
  const why = parts.reduce<Absence | undefined>((known, part) => eitherAbsence(known, part.why), type.absent);
  return {
    items: joinAll(parts.map(({ items }) => items)),
    min,
    max: Math.max(...parts.map((part) => part.max)),
    maybe: parts.some(({ maybe, max }) => maybe && max > 1),
    why: min === 0 ? why : undefined,
  };
}

function spreadForm(form: Form): Sequence {
  if (form.kind === 'any')
    return { items: ANY, min: 0, max: Infinity, maybe: true, why: { reason: 'unknown' } };
  if (form.kind !== 'list') return { items: { forms: [form] }, min: 1, max: 1, maybe: false };
  const maybe = form.maybe === true;
  const why: Absence = { reason: maybe ? 'unknown' : 'empty' };
  const { min, max } = form;
  return { items: flatItems(form), min, max, maybe, why: min === 0 ? why : undefined };
}

/** Lists in lists are flattened here and there on the way: what they become is left open. */
function flatItems({ items, max }: ListForm): Type {
  if (max === 0) return { forms: [] };
  return items.forms.some(({ kind }) => kind === 'list') ? ANY : present(items);
}

/** What each item of a sequence becomes, one after the other in one sequence. */
export function each(outer: Omit<Sequence, 'items'>, inner: Sequence): Sequence {
  const min = outer.min * inner.min;
  const max = outer.max === 0 || inner.max === 0 ? 0 : outer.max * inner.max;
  return {
    items: inner.items,
    min,
    max,
    maybe: outer.maybe || inner.maybe || isGuess(outer) || isGuess(inner),
    why: min > 0 ? undefined : outer.min === 0 ? eitherAbsence(outer.why, inner.why) : inner.why,
  };
}

/** There may be none for a reason that can not be followed. */
function isGuess({ min, why }: Omit<Sequence, 'items'>): boolean {
  return min === 0 && why?.reason === 'unknown';
}

/** The sequence as the value that it becomes. With `keep` (`path[]`), one item stays a list of one. */
export function valueOf({ items, min, max, maybe, why }: Sequence, keep = false): Type {
  const absent = min === 0 ? (why ?? ({ reason: 'unknown' } as const)) : undefined;
  if (max === 0 || items.forms.length === 0) return withAbsence({ forms: [] }, absent ?? why);
  const least = keep ? Math.max(min, 1) : Math.max(min, 2);
  const list = listOf(() => items, {
    min: Math.min(least, max),
    max,
    sequence: keep ? 'maybe' : true,
    ...(maybe ? { maybe } : {}),
  });
  const alone = keep || min > 1 ? { forms: [] } : items;
  const many = max > 1 || keep ? { forms: [list] } : { forms: [] };
  return withAbsence(join(alone, many), absent);
}

/** Lists that are no sequences stay what they are where there is but one of them. */
export function rawLists(type: Type, keep: boolean): readonly Form[] {
  return type.forms.flatMap((form): readonly Form[] => {
    if (form.kind === 'any') return keep ? [anyList()] : [form];
    return form.kind === 'list' && form.sequence !== true ? [{ ...form, maybe: true }] : [];
  });
}

function anyList(): ListForm {
  return listOf(() => ANY, { min: 0, max: Infinity, maybe: true });
}

/**
 * What a lambda gives that ends with a call: JSONata hands over the sequence that the call made as it is, one of a single
 * item or of none included.
 */
export function unsettled(type: Type): Type {
  const { items } = spreadOf(type);
  const list =
    items.forms.length === 0
      ? anyList()
      : listOf(() => items, { min: 0, max: Infinity, sequence: 'maybe', maybe: true });
  return join(type, { forms: [list] });
}

/** Each item by itself, for what goes through lists: `$map` and its kin. */
export function itemsOf(type: Type): Sequence {
  const parts = type.forms.map((form): Sequence => {
    if (form.kind === 'list') {
      const why = { reason: form.maybe === true ? 'unknown' : 'empty' } as const;
      return {
        items: form.items,
        min: form.min,
        max: form.max,
        maybe: form.maybe === true,
        why: form.min === 0 ? why : undefined,
      };
    }
    return form.kind === 'any' ? spreadOf({ forms: [form] }) : oneOf({ forms: [form] });
  });
  const [first, ...others] = parts;
  if (first === undefined) return { items: { forms: [] }, min: 0, max: 0, maybe: false, why: type.absent };
  return others.reduce(
    (all, part) => ({
      items: join(all.items, part.items),
      min: Math.min(all.min, part.min),
      max: Math.max(all.max, part.max),
      maybe: all.maybe || part.maybe,
      why: eitherAbsence(all.why, part.why),
    }),
    first,
  );
}
