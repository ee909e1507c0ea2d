import { maybeNothing } from './call.ts';
import { join, joinAll } from './join.ts';
import { itemsOf } from './sequence.ts';
import { loosened, present, UNKNOWN, withAbsence } from './type.ts';
import type { ListForm, ListPart, Member, ObjectForm, Type } from './type.ts';

const ANY_OBJECT: Type = {
  forms: [{ kind: 'object', members: new Map(), rest: UNKNOWN, dictionary: true }],
};

/** Objects as one, the later ones first. */
export function merged(type: Type): Type {
  const [list] = type.forms;
  const { items, min, max } = itemsOf(type);
  const parts = type.forms.length === 1 ? (list as ListForm).parts : undefined;
  return mergedParts(parts ?? [{ items, min, max }]);
}

/** Each part over those before it: a member that is surely there takes the place of an earlier one. */
function mergedParts(parts: readonly ListPart[]): Type {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.min > 0 && only.max === 1)
    return only.items.forms.every(({ kind }) => kind === 'object') ? only.items : ANY_OBJECT;
  const members = new Map<string, Member>();
  let open = false;
  for (const part of parts) {
    const objects = part.items.forms.filter((form): form is ObjectForm => form.kind === 'object');
    if (objects.length !== part.items.forms.length) return ANY_OBJECT;
    const names = new Set(objects.flatMap(({ members: own }) => [...own.keys()]));
    // What an open object has beside its known members may be any of the earlier ones.
    const hides = objects.some(({ rest }) => rest !== undefined);
    for (const [name, member] of hides ? members : [])
      if (!names.has(name)) members.set(name, { ...member, type: over(member.type, UNKNOWN) });
    for (const name of names) {
      const before = members.get(name) ?? (open ? { type: UNKNOWN } : undefined);
      members.set(name, laidOver(before, memberOfPart(name, objects, part)));
    }
    open ||= hides;
  }
  if (members.size === 0 && !open) return ANY_OBJECT;
  return { forms: [{ kind: 'object', members, ...(open ? { rest: UNKNOWN, dictionary: true } : {}) }] };
}

/** What a part brings by a name: of several objects in it, which one has the last word is left open. */
function memberOfPart(name: string, objects: readonly ObjectForm[], { min, max }: ListPart): Member {
  const found = objects.map(({ members, rest }): Type => members.get(name)?.type ?? missing(rest));
  const type = joinAll(found);
  const at = objects.length === 1 ? objects[0]?.members.get(name)?.at : undefined;
  const whole = min === 0 ? maybeNothing(type) : type;
  return { type: max > 1 ? loosened(whole) : whole, ...(at === undefined ? {} : { at }) };
}

function missing(rest: Type | undefined): Type {
  return withAbsence(rest ?? { forms: [] }, { reason: 'unknown' });
}

function laidOver(before: Member | undefined, later: Member): Member {
  return before === undefined || later.type.absent === undefined
    ? later
    : { ...before, type: over(before.type, later.type) };
}

/** The later value where there is one; which one is seen can not always be told. */
function over(before: Type, later: Type): Type {
  const type = withAbsence(join(present(before), present(later)), before.absent);
  return later.absent?.reason === 'unknown' ? loosened(type) : type;
}
