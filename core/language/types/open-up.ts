import type { JsonSchema } from '../../model/json-schema.ts';
import { isSchema } from '../local-ref.ts';
import { memberOf } from './join.ts';
import { loosened, UNKNOWN, withAbsence, type Form, type Member, type Type } from './type.ts';
import type { Undecided } from './undecided.ts';

/** Keywords that decide by the value whether others hold, for values of any kind or with names of their own. */
const OF_ANY_KIND = ['if', 'not', '$dynamicRef'];
const NAMING = ['then', 'else', 'dependentSchemas', '$dynamicRef'];

/**
 * Which members an object has hangs together with which form it takes: `anyOf` of two `required`s says that one of two
 * is there. Where only one form is an object, nothing hangs on it.
 */
export function unsure(form: Form, schema: JsonSchema, choice: readonly unknown[], among: Undecided): Form {
  const nullable =
    choice.length === 2 && choice.some((branch) => isSchema(branch) && branch['type'] === 'null');
  if (nullable && schema['properties'] === undefined) return form;
  return openUp(form, among, ({ type }) =>
    type.absent === undefined ? type : withAbsence(type, { reason: 'unknown' }),
  );
}

/** What a schema says of some members only under a condition: of these, nothing is complained of. */
export function decided(form: Form, asked: readonly JsonSchema[], undecided: Undecided): Form {
  const has = (keywords: readonly string[]): boolean =>
    asked.some((part) => keywords.some((keyword) => part[keyword] !== undefined));
  if (form.kind !== 'object') {
    const doubtful = undecided === 'all' || (form.kind !== 'any' && has(OF_ANY_KIND));
    return doubtful ? { ...form, maybe: true } : form;
  }
  const open = openUp(form, undecided, ({ type }) => wideOpen(type));
  // It has members of other names under some condition, unless it is closed.
  if (open.kind !== 'object' || open.rest === undefined || !has(NAMING)) return open;
  if (undecided === 'all') return { ...open, dictionary: true };
  const others = [...undecided].filter((name) => !open.members.has(name));
  const members = others.map((name) => [name, { type: UNKNOWN }] as const);
  return { ...open, members: new Map<string, Member>([...open.members, ...members]) };
}

function openUp(form: Form, undecided: Undecided, change: (member: Member) => Type): Form {
  if (form.kind !== 'object') return form;
  const members = [...form.members].map(([name, member]) => {
    const open = undecided === 'all' || undecided.has(name);
    return [name, open ? memberOf(() => change(member)) : member] as const;
  });
  return { ...form, members: new Map(members) };
}

/** No complaint about it, nor about anything in it. */
function wideOpen(type: Type): Type {
  const { forms, absent } = loosened(type);
  return {
    forms: forms.map((form) =>
      form.kind === 'object' ? openUp(form, 'all', (member) => wideOpen(member.type)) : form,
    ),
    ...(absent === undefined ? {} : { absent }),
  };
}

/** Without members of other names, as `unevaluatedProperties: false` has it. */
export function closed(form: Form): Form {
  if (form.kind !== 'object' || form.dictionary === true) return form;
  const { rest: _, ...others } = form;
  return others;
}
