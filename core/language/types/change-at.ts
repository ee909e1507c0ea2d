import { listOf } from './join.ts';
import type { Ref } from './reference.ts';
import { isNever, loosened, NOTHING, withAbsence } from './type.ts';
import type { Form, Member, ObjectForm, Type } from './type.ts';
import type { Scope } from './walk.ts';

export type Change = (type: Type) => Type;

/** How a change of what stands at a path shows elsewhere. */
export interface Reach {
  /** What becomes of a value on the way. */
  readonly along?: Change;
  /** What becomes of the items of a list on the way, of which nobody knows which ones are meant. */
  readonly inLists: Change;
}

/** The scope with a change of what stands at a path. */
export function changeRef(scope: Scope, ref: Ref, change: Change, reach: Reach): Scope {
  const apply = (type: Type): Type => changeAt(type, ref.names, change, reach);
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
function changeAt(type: Type, names: readonly string[], change: Change, reach: Reach): Type {
  const [name, ...deeper] = names;
  if (name === undefined) return change(type);
  const { along, inLists } = reach;
  const survives = !isNever(change(NOTHING));
  const forms = type.forms.flatMap((form): readonly Form[] => {
    if (form.kind === 'any') return [form];
    if (form.kind === 'list') {
      const items = (): Type => changeAt(form.items, names, inLists, { along: inLists, inLists });
      const min = survives ? form.min : Math.max(1, form.min);
      const { kind: _, items: __, parts: ___, ...others } = form;
      return [listOf(items, { ...others, min, ...(inLists === loosened ? { maybe: true } : {}) })];
    }
    const member = form.kind === 'object' ? (form.members.get(name) ?? memberOfAnyName(form)) : undefined;
    if (form.kind !== 'object' || member === undefined) {
      return survives || (form.kind === 'object' && form.rest !== undefined) ? [form] : [];
    }
    const changed = changeAt(member.type, deeper, change, reach);
    if (isNever(changed) && !isNever(member.type)) return [];
    const members = new Map(form.members).set(name, { ...member, type: changed });
    return [{ ...form, members }];
  });
  const found: Type = type.absent !== undefined && survives ? { forms, absent: type.absent } : { forms };
  return along === undefined ? found : along(found);
}

function memberOfAnyName({ dictionary, rest }: ObjectForm): Member | undefined {
  return dictionary === true && rest !== undefined
    ? { type: withAbsence(rest, { reason: 'unknown' }) }
    : undefined;
}
