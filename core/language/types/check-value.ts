import { nearest } from '../nearest.ts';
import type { CheckCode, Severity } from '../check-codes.ts';
import { checkNumber, checkString, type Fitness, type Told } from './check-scalar.ts';
import { isNever, isNothing, present } from './type.ts';
import {
  conversion,
  itemFits,
  items,
  missingHint,
  reasonText,
  subjectOf,
  takesText,
  type Where,
} from './mismatch-words.ts';
import type { Form, ListForm, Member, ObjectForm, Type } from './type.ts';
import { kindsText } from './words.ts';

/** What a mapping makes, held against what its target takes. */
export interface Mismatch {
  readonly code: CheckCode;
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly where: Where;
  readonly part?: 'key' | 'value';
  /** It happens with some messages only. */
  readonly possible?: true;
  /** The name that was probably meant. */
  readonly near?: string | undefined;
}

/** What the check knows beside the types. */
export interface ValueCheck extends Fitness {
  /** Who takes it, in messages: `the action`. */
  readonly taker: string;
}

/** All that is certain to be wrong with a value where another is wanted, or that the value's schema says can be. */
export function checkValue(
  value: Type,
  wanted: Type,
  check: ValueCheck,
  where: Where = { path: [] },
): readonly Mismatch[] {
  return new ValueWalk(check).value(value, wanted, where);
}

/** So many objects are compared; of schemas that refer to each other without end, the rest is passed over. */
const MAX_OBJECTS = 300;

class ValueWalk {
  readonly #check: ValueCheck;
  /** Objects that have been compared, and with what. */
  readonly #seen = new Map<ObjectForm, Set<ObjectForm>>();
  #objects = 0;

  constructor(check: ValueCheck) {
    this.#check = check;
  }

  value(value: Type, wanted: Type, where: Where): readonly Mismatch[] {
    if (isNever(value) || value.forms === wanted.forms || wanted.forms.some(({ kind }) => kind === 'any'))
      return [];
    const results = value.forms.map((form) => ({ form, found: this.#form(form, wanted, where) }));
    const misfits = results.flatMap(({ form, found }) => (found === undefined ? [form] : []));
    const fits = results.some(({ found }) => found?.every(({ possible }) => possible === true) === true);
    const inner = results.flatMap(({ form, found }) =>
      found === undefined ? [] : this.#certain(form, found, results.length, fits),
    );
    if (misfits.length === 0) return unique(inner);
    const all = misfits.length === results.length;
    const told = all ? misfits : misfits.filter(({ maybe }) => maybe !== true);
    const kinds = told.length === 0 ? [] : this.#misfits(told, all, wanted, where);
    return unique([...(all ? kinds : kinds.map((one) => ({ ...one, possible: true as const }))), ...inner]);
  }

  /** Of a form that need not occur, nothing is said while there are others. */
  #certain(form: Form, found: readonly Mismatch[], forms: number, othersFit: boolean): readonly Mismatch[] {
    if (form.maybe === true && forms > 1) return [];
    return othersFit ? found.map((one) => ({ ...one, possible: true })) : found;
  }

  #misfits(forms: readonly Form[], all: boolean, wanted: Type, where: Where): readonly Mismatch[] {
    const takes = takesText(wanted);
    const listed = wanted.forms.some(({ kind }) => kind === 'list');
    const is = all ? 'is' : 'may be';
    const say = (code: CheckCode, must: string, found: string, hint?: string): readonly Mismatch[] => [
      { code, message: `${subjectOf(where)} must be ${must}, and ${found}`, hint, where },
    ];
    if (!listed && itemFits(forms, wanted))
      return say(
        'list-for-single',
        takes,
        `${is} a list`,
        'take one item (`[0]`), or join them ($join, $sum)',
      );
    if (listed && forms.every(standsAlone)) {
      const found = all ? kindsText(forms) : 'a single value';
      return say(
        'single-for-list',
        'a list',
        `${is} ${found}`,
        'write `[]` behind the path, or put it in brackets',
      );
    }
    if (!all && forms.every(({ kind }) => kind === 'null'))
      return say('possibly-null', takes, 'may be null', 'leave null out: `x != null ? x : …`');
    return say('wrong-type', takes, `${is} ${kindsText(forms)}`, conversion(forms, wanted));
  }

  /** Undefined where nothing of this kind is wanted; else what is wrong with it in detail. */
  #form(form: Form, wanted: Type, where: Where): readonly Mismatch[] | undefined {
    if (form.kind === 'any') return [];
    const candidates = wanted.forms.filter(({ kind }) => kind === form.kind);
    if (candidates.length === 0) {
      const single = wanted.forms.find((one): one is ListForm => one.kind === 'list' && one.single === true);
      return single === undefined || !standsAlone(form)
        ? undefined
        : this.value({ forms: [form] }, single.items, { ...where, path: [...where.path, '[]'] });
    }
    const found = candidates.map((candidate) => ({
      candidate,
      mismatches: this.#pair(form, candidate, where),
    }));
    if (found.some(({ mismatches }) => mismatches.length === 0)) return [];
    const [only, ...others] =
      found.length === 1 ? found : found.filter(({ candidate }) => !isOtherVariant(form, candidate));
    if (only !== undefined && others.length === 0) return only.mismatches;
    // What is wrong with some messages only may be what tells the forms apart.
    if (found.some(({ mismatches }) => mismatches.every(({ possible }) => possible === true))) return [];
    const message = `${subjectOf(where)} fits none of the ${candidates.length} forms that ${this.#check.taker} takes`;
    return [{ code: 'wrong-type', message, where }];
  }

  #pair(form: Form, wanted: Form, where: Where): readonly Mismatch[] {
    if (form.kind === 'string' && wanted.kind === 'string')
      return checkString(form, wanted, this.#check, subjectOf(where)).map((told) => mismatchOf(told, where));
    if (form.kind === 'number' && wanted.kind === 'number')
      return checkNumber(form, wanted, subjectOf(where)).map((told) => mismatchOf(told, where));
    if (form.kind === 'list' && wanted.kind === 'list') return this.#list(form, wanted, where);
    if (form.kind === 'object' && wanted.kind === 'object') return this.#object(form, wanted, where);
    if (form.kind === 'boolean' && wanted.kind === 'boolean' && wanted.value !== undefined) {
      if (form.value === undefined || form.value === wanted.value) return [];
      const message = `${subjectOf(where)} must be ${wanted.value}, and is ${form.value}`;
      return [{ code: 'not-in-enum', message, where }];
    }
    return [];
  }

  #list(form: ListForm, wanted: ListForm, where: Where): readonly Mismatch[] {
    const found: Mismatch[] = [];
    const count = (message: string, severity: Severity): void => {
      const told: Told = { code: 'item-count', severity, message: `${subjectOf(where)} ${message}` };
      found.push(mismatchOf(told, where));
    };
    const least = `must have at least ${items(wanted.min)}`;
    if (form.max < wanted.min)
      count(`${least}, and has ${form.max === 0 ? 'none' : `at most ${form.max}`}`, 'error');
    else if (form.min === 0 && wanted.min > 0 && form.maybe !== true)
      count(`${least}, and may be empty`, 'warning');
    if (form.min > wanted.max)
      count(
        `must have at most ${items(wanted.max)}, and has ${form.min}${form.max > form.min ? ' or more' : ''}`,
        'error',
      );
    if (form.max === 0) return found;
    return [
      ...found,
      ...this.value(present(form.items), wanted.items, { ...where, path: [...where.path, '[]'] }),
    ];
  }

  #object(form: ObjectForm, wanted: ObjectForm, where: Where): readonly Mismatch[] {
    const seen = this.#seen.get(form) ?? new Set();
    if (seen.has(wanted) || ++this.#objects > MAX_OBJECTS) return [];
    this.#seen.set(form, seen.add(wanted));
    const found: Mismatch[] = [];
    const unknown = [...form.members.keys()].filter((name) => !wanted.members.has(name));
    for (const [name, { type }] of wanted.members) {
      const member = form.members.get(name);
      if (type.absent === undefined)
        found.push(
          ...this.#required(name, member, form, { where, unknown, open: wanted.rest !== undefined }),
        );
      if (member !== undefined) found.push(...this.#member(member, type, inside(where, name, member)));
    }
    for (const name of unknown) {
      const member = form.members.get(name) as Member;
      if (wanted.rest !== undefined) {
        found.push(...this.#member(member, wanted.rest, inside(where, name, member)));
      } else if (!isNothing(member.type)) {
        const some = member.type.absent !== undefined;
        // What the mapping itself writes is a mistake even where it is left out at times.
        const mild = some && member.at === undefined;
        if (mild && member.type.absent?.reason === 'unknown') continue;
        const message = `${this.#check.taker} does not take "${name}"${mild ? ', which may be there' : ''}`;
        const near = nearest(name, [...wanted.members.keys()]);
        const hint = near === undefined ? undefined : `did you mean "${near}"?`;
        found.push({
          code: 'unknown-field',
          ...(mild ? { severity: 'warning' } : {}),
          ...(some ? { possible: true } : {}),
          message,
          hint,
          near,
          where: inside(where, name, member),
          part: 'key',
        });
      }
    }
    return found;
  }

  /** What is wrong with a member that may be missing is wrong only when it is there. */
  #member({ type }: Member, wanted: Type, where: Where): readonly Mismatch[] {
    const found = this.value(present(type), present(wanted), where);
    return type.absent === undefined ? found : found.map((one) => ({ ...one, possible: true }));
  }

  #required(
    name: string,
    member: Member | undefined,
    form: ObjectForm,
    given: { readonly where: Where; readonly unknown: readonly string[]; readonly open: boolean },
  ): readonly Mismatch[] {
    const { where, unknown, open } = given;
    if (member === undefined) {
      if (form.rest !== undefined) return [];
      const near = nearest(name, unknown);
      // It is told of what is misspelt.
      if (near !== undefined && !open) return [];
      const hint = near === undefined ? undefined : `is it "${near}" here?`;
      return [{ code: 'required-not-mapped', message: `${this.#check.taker} needs "${name}"`, hint, where }];
    }
    const { type } = member;
    const place = inside(where, name, member);
    if (isNothing(type)) {
      const message = `${this.#check.taker} needs "${name}", and this never gives a value`;
      return [{ code: 'required-not-mapped', message, where: place }];
    }
    const absent = type.absent;
    if (absent === undefined || absent.reason === 'unknown') return [];
    const message = `${this.#check.taker} needs "${name}", and it may be missing: ${reasonText(absent)}`;
    const severity = absent.reason === 'optional' ? 'error' : 'warning';
    return [
      {
        code: 'possibly-missing',
        possible: true,
        severity,
        message,
        hint: missingHint(type, absent),
        where: place,
      },
    ];
  }
}

/** What can be an item of a list by itself. */
function standsAlone({ kind }: Form): boolean {
  return kind !== 'list' && kind !== 'null' && kind !== 'function';
}

/** A warning is of some of the values that it can be. */
function mismatchOf(told: Told, where: Where): Mismatch {
  return { ...told, where, ...(told.severity === 'warning' ? { possible: true } : {}) };
}

function inside(where: Where, name: string, member: Member): Where {
  return { path: [...where.path, name], at: member.at ?? where.at };
}

/** An object that by a constant member is meant to be another one of several. */
function isOtherVariant(form: Form, wanted: Form): boolean {
  if (form.kind !== 'object' || wanted.kind !== 'object') return false;
  return [...wanted.members].some(([name, { type }]) => {
    const [constant] = type.forms;
    if (type.forms.length !== 1 || constant?.kind !== 'string' || constant.values?.length !== 1) return false;
    const given = form.members.get(name)?.type.forms ?? [];
    return (
      given.length > 0 &&
      given.every(
        (one) =>
          one.kind === 'string' && one.values?.every((value) => !constant.values?.includes(value)) === true,
      )
    );
  });
}

function unique(found: readonly Mismatch[]): readonly Mismatch[] {
  const seen = new Map(
    found.map((one) => [
      `${one.code} ${one.message} ${one.where.path.filter((part) => part !== '[]').join('/')}`,
      one,
    ]),
  );
  return [...seen.values()];
}
