import { listOf } from './join.ts';
import { inRange } from './meet.ts';
import { loosened, type Form, type NumberForm, type Type } from './type.ts';

/** What is left where it counts as true. */
export function truthy(type: Type): Type {
  return { forms: type.forms.flatMap(truthyForm) };
}

function truthyForm(form: Form): readonly Form[] {
  switch (form.kind) {
    case 'null':
    case 'function':
      return [];
    case 'boolean':
      return form.value === false ? [] : [{ ...form, value: true }];
    case 'number':
      return without(form, 0);
    case 'string': {
      if (form.values !== undefined) return without(form, '');
      return form.maxLength === 0 ? [] : [{ ...form, minLength: Math.max(1, form.minLength ?? 0) }];
    }
    case 'list': {
      if (form.max === 0) return [];
      const { kind: _, items: __, parts: ___, ...others } = form;
      // Of several items, one is enough.
      const items = (): Type => (form.max === 1 ? truthy(form.items) : form.items);
      return [listOf(items, { ...others, min: Math.max(1, form.min) })];
    }
    case 'any':
    case 'object':
      return [form];
  }
}

/** What is left where it counts as false, or is not there. */
export function falsy(type: Type): Type {
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
    case 'object': {
      if ([...form.members.values()].some(({ type }) => type.absent === undefined)) return [];
      // An empty one.
      const members = [...form.members].map(([name, { type }]) => [name, { type: missing(type) }] as const);
      return [{ ...form, members: new Map(members), maybe: true }];
    }
    case 'list':
      return loosened({ forms: [form] }).forms;
    case 'any':
    case 'null':
    case 'function':
      return [form];
  }
}

/** What is left where it is there and no empty list. */
export function nonEmpty(type: Type): Type {
  const forms = type.forms.flatMap((form): readonly Form[] => {
    if (form.kind !== 'list') return [form];
    return form.max === 0 ? [] : [{ ...form, min: Math.max(1, form.min) }];
  });
  return { forms };
}

/** What is left where it is not there. */
export function missing(type: Type): Type {
  return keepingAbsence({ forms: [] }, type);
}

/** What is left where it is something else than a value. */
export function otherThan(type: Type, value: unknown): Type {
  return keepingAbsence({ forms: type.forms.flatMap((form) => without(form, value)) }, type);
}

export function keepingAbsence(changed: Type, type: Type): Type {
  return type.absent === undefined ? changed : { ...changed, absent: type.absent };
}

function without(form: Form, value: unknown): readonly Form[] {
  if (form.kind === 'null') return value === null ? [] : [form];
  if (form.kind === 'boolean' && typeof value === 'boolean')
    return form.value === undefined ? [{ ...form, value: !value }] : form.value === value ? [] : [form];
  if (form.kind === 'string' || form.kind === 'number') {
    const values = (form.values as readonly unknown[] | undefined)?.filter((known) => known !== value);
    if (values !== undefined) return values.length === 0 ? [] : [{ ...form, values } as Form];
  }
  return form.kind === 'number' && typeof value === 'number' ? [withoutBound(form, value)] : [form];
}

/** A bound that it does not reach any more. */
function withoutBound(form: NumberForm, value: number): NumberForm {
  const { min, max, ...others } = form;
  const whole = form.integer === true;
  const least =
    min !== value ? (min === undefined ? {} : { min }) : whole ? { min: min + 1 } : { above: min };
  const most = max !== value ? (max === undefined ? {} : { max }) : whole ? { max: max - 1 } : { below: max };
  return { ...others, ...least, ...most };
}

const KIND_NAMES: Readonly<Record<string, Form['kind']>> = { array: 'list' };

/** What is left when `$type` gives this name, or with `not` another one. */
export function ofKind(type: Type, name: string, not = false): Type {
  const asked = KIND_NAMES[name] ?? name;
  const forms = type.forms.filter(({ kind }) => kind === 'any' || (kind === asked) !== not);
  return keepingAbsence({ forms }, type);
}
