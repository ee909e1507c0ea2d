import type { Form, Type } from '../../../../core/language/types/type.ts';

/** Whether a value is one of those that a type says there can be. */
export function fits(value: unknown, type: Type): boolean {
  if (value === undefined) return type.absent !== undefined;
  return type.forms.some((form) => fitsForm(value, form));
}

function fitsForm(value: unknown, form: Form): boolean {
  switch (form.kind) {
    case 'any':
      return true;
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean' && (form.value ?? value) === value;
    case 'number':
      return (
        typeof value === 'number' &&
        (form.values?.includes(value) ?? true) &&
        (form.integer !== true || Number.isInteger(value)) &&
        value >= (form.min ?? -Infinity) &&
        value <= (form.max ?? Infinity)
      );
    case 'string':
      return (
        typeof value === 'string' &&
        (form.values?.includes(value) ?? true) &&
        [...value].length >= (form.minLength ?? 0) &&
        [...value].length <= (form.maxLength ?? Infinity) &&
        (form.format !== 'date-time' || !Number.isNaN(Date.parse(value)))
      );
    case 'list':
      return (
        Array.isArray(value) &&
        value.length >= form.min &&
        value.length <= form.max &&
        value.every((item) => fits(item, form.items))
      );
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const { members, rest } = form;
      const given = Object.entries(value);
      return (
        given.every(([name, member]) => {
          const type = members.get(name)?.type ?? rest;
          return type !== undefined && fits(member, type);
        }) &&
        [...members].every(([name, { type }]) => Object.hasOwn(value, name) || type.absent !== undefined)
      );
    }
    case 'function':
      return typeof value === 'function' || (typeof value === 'object' && value !== null);
  }
}
