import { distance } from 'fastest-levenshtein';
import { nearest } from '../nearest.ts';
import { join, joinAll } from './join.ts';
import { each, spreadOf, valueOf } from './sequence.ts';
import { NOTHING, UNKNOWN, withAbsence, type Form, type ObjectForm, type Type } from './type.ts';

/** What a name finds in a value: as JSONata looks it up, through lists. */
export function lookUpMember(type: Type, name: string): Type {
  const found = type.forms.map((form) => inForm(form, name));
  const joined = found.length === 0 ? NOTHING : joinAll(found);
  const objects = found.filter((_, i) => type.forms[i]?.kind === 'object');
  // Which of several objects it is may follow from what is asked elsewhere; where each may lack it, it does not matter.
  const hangs =
    objects.length > 1 && objects.some(({ absent }) => absent === undefined || absent.reason === 'unknown');
  const absent = joined.absent !== undefined && hangs ? ({ reason: 'unknown' } as const) : joined.absent;
  const result = withAbsence(joined, absent);
  return type.absent === undefined ? result : join(result, withAbsence({ forms: [] }, type.absent));
}

function inForm(form: Form, name: string): Type {
  switch (form.kind) {
    case 'any':
      return UNKNOWN;
    case 'object': {
      const member = form.members.get(name);
      if (member !== undefined) return member.type;
      return form.rest === undefined ? NOTHING : withAbsence(form.rest, { reason: 'unknown' });
    }
    case 'list':
      return valueOf(each(spreadOf({ forms: [form] }), spreadOf(lookUpMember(form.items, name))));
    case 'null':
      return form.maybe === true ? NOTHING : withAbsence({ forms: [] }, { reason: 'optional' });
    default:
      return NOTHING;
  }
}

/** Why a name can not be there, and what was probably meant. */
export interface UnknownName {
  readonly message: string;
  readonly hint?: string;
  readonly near?: string;
}

/**
 * What is wrong with a name, if it is certain: no form of the value has it and all of them are closed; or they are open,
 * and it looks like a slip of the pen.
 */
export function unknownName(type: Type, name: string): UnknownName | undefined {
  const forms = spread(type).filter(
    (form) => form.kind !== 'null' && (form.kind === 'object' || form.maybe !== true),
  );
  if (forms.length === 0 || forms.some(({ kind }) => kind === 'any')) return undefined;
  const objects = forms.filter((form): form is ObjectForm => form.kind === 'object');
  if (objects.some(({ members }) => members.has(name))) return undefined;
  if (objects.length === 0) {
    const [only] = forms;
    const what = only === undefined || only.kind === 'function' ? 'a function' : KINDS[only.kind];
    return { message: `unknown name "${name}": ${what} has no members` };
  }
  if (objects.some(({ dictionary }) => dictionary === true)) return undefined;
  const known = [...new Set(objects.flatMap(({ members }) => [...members.keys()]))];
  const closed = objects.every(({ rest }) => rest === undefined);
  const near = closed ? nearest(name, known) : slipOf(name, known);
  if (!closed && near === undefined) return undefined;
  const message = `unknown name "${name}"`;
  if (near !== undefined) return { message, near, hint: `did you mean "${near}"?` };
  return known.length === 0 || known.length > 12
    ? { message }
    : { message, hint: `known are ${known.join(', ')}` };
}

const KINDS: Readonly<Record<string, string>> = {
  boolean: 'a boolean',
  number: 'a number',
  string: 'a string',
  list: 'a list',
};

/** Forms with lists seen through. */
function spread(type: Type, depth = 0): readonly Form[] {
  return type.forms.flatMap((form) =>
    form.kind === 'list' && depth < 5 ? (form.max === 0 ? [] : spread(form.items, depth + 1)) : [form],
  );
}

/** The known name that this one is most likely a slip of. `line2` is none of `line1`. */
function slipOf(name: string, known: readonly string[]): string | undefined {
  if (name.length < 4) return undefined;
  const allowed = name.length < 7 ? 1 : 2;
  const letters = name.replace(/[0-9]/g, '');
  return known.find(
    (other) =>
      other.length >= 4 &&
      other.replace(/[0-9]/g, '') !== letters &&
      (distance(name.toLowerCase(), other.toLowerCase()) <= allowed || isSwapped(name, other)),
  );
}

/** Two letters that follow each other have changed places. */
function isSwapped(name: string, other: string): boolean {
  if (name.length !== other.length) return false;
  const at = [...name].findIndex((letter, i) => letter !== other[i]);
  const swapped = `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
  return swapped === other;
}
