import type { Position } from '../../model/mapping.ts';
import type { Absence, Form, Type } from './type.ts';
import { kindsText, surely, valuesText } from './words.ts';

/** The value that is looked at. */
export interface Where {
  /** Names and places from the root of the output. */
  readonly path: readonly (string | number)[];
  /** Where the expression makes it. */
  readonly at?: Position | undefined;
}

/** What a sentence is about: a member, an item, the whole. */
export function subjectOf({ path }: Where): string {
  const last = path.at(-1);
  if (last === undefined) return 'the output';
  if (last !== '[]') return `"${last}"`;
  const list = path.at(-2);
  return list === undefined || list === '[]' ? 'each item' : `each item of "${list}"`;
}

/** What is wanted, by its values or its kinds. */
export function takesText(wanted: Type): string {
  const values = wanted.forms.map((form) =>
    form.kind === 'string' || form.kind === 'number' ? form.values : undefined,
  );
  const known = values.filter((list) => list !== undefined).flat();
  return values.includes(undefined) ? kindsText(surely(wanted.forms)) : valuesText(known);
}

/** Whether one item of a list would do. */
export function itemFits(forms: readonly Form[], wanted: Type): boolean {
  const kinds = new Set(wanted.forms.map(({ kind }) => kind));
  return forms.some(
    (form) => form.kind === 'list' && form.items.forms.some(({ kind }) => kinds.has(kind) || kind === 'any'),
  );
}

/** How a value of this kind becomes one of that. */
export function conversion(forms: readonly Form[], wanted: Type): string | undefined {
  const has = (kind: Form['kind']): boolean => wanted.forms.some((form) => form.kind === kind);
  const [form, second] = forms;
  if (form === undefined || second !== undefined) return undefined;
  if (form.kind === 'string' && has('number')) return 'make a number of it with $number';
  if ((form.kind === 'number' || form.kind === 'boolean') && has('string'))
    return 'make a string of it with $string';
  return undefined;
}

/** Why something may be missing. */
export function reasonText({ reason, what }: Absence): string {
  if (reason === 'optional')
    return what === undefined ? 'its schema does not require it' : `"${what}" is optional`;
  return reason === 'empty'
    ? 'the list that it comes from may be empty'
    : 'the condition has no other branch';
}

/** What to do about it. */
export function missingHint(type: Type, { reason }: Absence): string {
  if (reason === 'branch') return 'add `: …` for the other case';
  const kinds = new Set(type.forms.map(({ kind }) => kind));
  const otherwise = kinds.has('string') ? '""' : kinds.has('number') ? '0' : kinds.has('list') ? '[]' : '…';
  // `??` would let null through.
  const give = `give a default (\`${kinds.has('null') ? '?:' : '??'} ${otherwise}\`)`;
  return reason === 'empty'
    ? `${give}, or say minItems in its schema`
    : `${give}, filter, or require it in its schema`;
}

/** `1 item`, `2 items`. */
export function items(count: number): string {
  return `${count} item${count === 1 ? '' : 's'}`;
}
