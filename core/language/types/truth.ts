import type { Form, StringForm, NumberForm, Type } from './type.ts';

/** What JSONata's `$boolean` makes of it, where that is the same for all that it can be. */
export function truthOf(type: Type): boolean | undefined {
  const known = new Set(type.forms.map(truthOfForm));
  if (type.absent !== undefined) known.add(false);
  const [only] = known;
  return known.size === 1 ? only : undefined;
}

function truthOfForm(form: Form): boolean | undefined {
  switch (form.kind) {
    case 'null':
    case 'function':
      return false;
    case 'boolean':
      return form.value;
    case 'number':
      return allOf(form.values?.map((value) => value !== 0));
    case 'string':
      if (form.values === undefined && (form.minLength ?? 0) > 0) return true;
      return allOf(form.values?.map((value) => value !== ''));
    case 'object':
      if ([...form.members.values()].some(({ type }) => type.absent === undefined && type.forms.length > 0))
        return true;
      return form.members.size === 0 && form.rest === undefined ? false : undefined;
    case 'list':
      return form.max === 0 ? false : undefined;
    case 'any':
      return undefined;
  }
}

function allOf(truths: readonly boolean[] | undefined): boolean | undefined {
  const [first, ...others] = truths ?? [];
  return others.every((truth) => truth === first) ? first : undefined;
}

/** Whether no value of the one can ever be equal to one of the other. What can be nothing is equal to nothing. */
export function neverEqual(a: Type, b: Type): boolean {
  if (a.forms.length === 0 || b.forms.length === 0) return false;
  return a.forms.every((one) => b.forms.every((other) => differ(one, other)));
}

function differ(a: Form, b: Form): boolean {
  if (a.kind === 'any' || b.kind === 'any') return false;
  if (a.kind !== b.kind) {
    // An empty list has no members either.
    const both = new Set([a.kind, b.kind]);
    return !(both.has('list') && both.has('object')) && !both.has('function');
  }
  switch (a.kind) {
    case 'boolean':
      return a.value !== undefined && 'value' in b && b.value !== undefined && a.value !== b.value;
    case 'number':
      return disjoint(a.values, (b as NumberForm).values);
    case 'string':
      return disjoint(a.values, (b as StringForm).values);
    default:
      return false;
  }
}

function disjoint<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}
