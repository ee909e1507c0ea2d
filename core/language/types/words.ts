import type { Form, ListForm, NumberForm, ObjectForm, StringForm, Type } from './type.ts';

/** How much is said of what lies inside. */
export interface Detail {
  /** Levels of objects and lists that are written out. */
  readonly depth: number;
  /** Members of an object, and values of an enumeration, that are written out. */
  readonly members: number;
  /** Objects that are written out in all, wherever they are. */
  readonly objects?: { left: number };
}

const IN_MESSAGES: Detail = { depth: 1, members: 4 };
/** For `crossdock check --types`: all that a person can read. */
export function inFull(): Detail {
  return { depth: 4, members: 40, objects: { left: 40 } };
}

/** A type for people: `string (date)`, `list of { sku: string, quantity: number }`, `number, or nothing`. */
export function wordsOf(type: Type, detail: Detail = IN_MESSAGES): string {
  if (type.forms.length === 0) return type.absent === undefined ? 'never a value' : 'nothing';
  const text = formsText(type, detail);
  return type.absent === undefined ? text : text === 'anything' ? text : `${text}, or nothing`;
}

/** The same without whether it can be missing. */
export function formsText(type: Type, detail: Detail = IN_MESSAGES): string {
  const shown = surely(type.forms);
  if (shown.length === 0) return 'nothing';
  const list = shown.find((form): form is ListForm => form.kind === 'list');
  const others = shown.filter((form) => form !== list);
  const texts = [...new Set(others.map((form) => formText(form, detail)))].join(' or ');
  if (list === undefined) return texts;
  // A sequence: one of them alone is no list.
  if (others.length > 0 && texts === formsText(list.items, detail)) return `one or more ${texts}`;
  return texts === '' ? formText(list, detail) : `${texts} or ${formText(list, detail)}`;
}

/** The forms that really occur; all of them where that can be told of none. */
export function surely(forms: readonly Form[]): readonly Form[] {
  const sure = forms.filter(({ maybe }) => maybe !== true);
  return sure.length > 0 ? sure : forms;
}

function formText(form: Form, detail: Detail): string {
  switch (form.kind) {
    case 'any':
      return 'anything';
    case 'null':
      return 'null';
    case 'boolean':
      return form.value === undefined ? 'boolean' : String(form.value);
    case 'number':
      return numberText(form, detail);
    case 'string':
      return stringText(form, detail);
    case 'list':
      return listText(form, detail);
    case 'object':
      return objectText(form, detail);
    case 'function':
      return form.name === undefined ? 'function' : `function $${form.name}`;
  }
}

function numberText({ values, integer }: NumberForm, detail: Detail): string {
  if (values !== undefined) return valuesText(values, detail);
  return integer === true ? 'whole number' : 'number';
}

function stringText({ values, format, maxLength }: StringForm, detail: Detail): string {
  if (values !== undefined) return valuesText(values, detail);
  const facts = [
    format,
    maxLength === undefined || format !== undefined ? undefined : `up to ${maxLength} characters`,
  ];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? 'string' : `string (${known.join(', ')})`;
}

/** `"open", "paid" or "cancelled"`. */
export function valuesText(values: readonly unknown[], { members }: Detail = IN_MESSAGES): string {
  const shown = values.slice(0, Math.max(members, 2)).map((value) => JSON.stringify(value));
  if (values.length > shown.length) return `${shown.join(', ')}, … (${values.length} values)`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}

function listText({ items, max }: ListForm, detail: Detail): string {
  if (max === 0) return 'empty list';
  if (detail.depth <= 0) return 'list';
  const inner = formsText(items, { ...detail, depth: detail.depth - 1 });
  if (inner === 'anything' || inner === 'nothing') return 'list';
  return `list of ${inner.includes(' or ') ? `(${inner})` : inner}`;
}

function objectText({ members, rest }: ObjectForm, detail: Detail): string {
  if (members.size === 0 && rest === undefined) return '{}';
  if (members.size === 0 || detail.depth <= 0) return 'object';
  if (detail.objects !== undefined && --detail.objects.left < 0) return 'object';
  const inner = { ...detail, depth: detail.depth - 1 };
  const shown = [...members].slice(0, detail.members).map(([name, { type }]) => {
    const key = /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
    return `${key}${type.absent === undefined ? '' : '?'}: ${formsText(type, inner)}`;
  });
  if (members.size > shown.length) shown.push('…');
  return `{ ${shown.join(', ')} }`;
}

const ARTICLES: Readonly<Record<Form['kind'], string>> = {
  any: 'anything',
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  string: 'a string',
  list: 'a list',
  object: 'an object',
  function: 'a function',
};

/** What kinds of values it is, as part of a sentence: `a string or null`. */
export function kindsText(forms: readonly Form[]): string {
  const kinds = forms.map((form) =>
    form.kind === 'number' && form.integer === true ? 'a whole number' : ARTICLES[form.kind],
  );
  return [...new Set(kinds)].join(' or ') || 'nothing';
}
