import type { CheckCode, Severity } from '../check-codes.ts';
import { didYouMean } from '../nearest.ts';
import { boundsOf, lengthsOf } from './join.ts';
import { inRange } from './meet.ts';
import type { NumberForm, StringForm } from './type.ts';
import { valuesText } from './words.ts';

/** A test of texts that are written out. */
export interface Fitness {
  /** Whether a text has one of JSON Schema's formats. */
  readonly hasFormat: (text: string, format: string) => boolean;
  readonly matches: (text: string, pattern: string) => boolean;
}

/** What is wrong with a text or a number. */
export interface Told {
  readonly code: CheckCode;
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** No text has two of these. */
const EXCLUSIVE: ReadonlySet<string> = new Set([
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'uuid',
  'ipv4',
  'ipv6',
]);

/** What is wrong with text where other text is wanted. */
export function checkString(
  form: StringForm,
  wanted: StringForm,
  test: Fitness,
  subject: string,
): readonly Told[] {
  const { values } = form;
  if (values === undefined) return checkText(form, wanted, subject);
  const wrong = values.flatMap((value) => {
    const what = faultOf(value, wanted, test);
    return what === undefined ? [] : [{ value, ...what }];
  });
  const [first] = wrong;
  const all = wrong.length === values.length;
  if (first === undefined || (form.maybe === true && !all)) return [];
  const bad = wrong.filter(({ code }) => code === first.code).map(({ value }) => value);
  const message = `${subject} ${first.must}, and ${all ? 'is' : 'may be'} ${valuesText(bad)}`;
  const near =
    first.code === 'not-in-enum' && bad.length === 1
      ? didYouMean(first.value, wanted.values ?? [])
      : undefined;
  return [{ code: first.code, severity: all ? 'error' : 'warning', message, hint: near }];
}

function faultOf(
  value: string,
  wanted: StringForm,
  test: Fitness,
): { readonly code: CheckCode; readonly must: string } | undefined {
  const { values, format, pattern, minLength = 0, maxLength = Infinity } = wanted;
  if (values !== undefined)
    return values.includes(value)
      ? undefined
      : { code: 'not-in-enum', must: `must be ${valuesText(values, { depth: 1, members: 8 })}` };
  const length = [...value].length;
  if (length > maxLength) return { code: 'too-long', must: `must have at most ${characters(maxLength)}` };
  if (length < minLength) return { code: 'too-short', must: `must have at least ${characters(minLength)}` };
  if (format !== undefined && !test.hasFormat(value, format))
    return { code: 'wrong-format', must: `must be a valid ${format}` };
  if (pattern !== undefined && !test.matches(value, pattern))
    return { code: 'wrong-pattern', must: `must match ${pattern}` };
  return undefined;
}

function checkText(form: StringForm, wanted: StringForm, subject: string): readonly Told[] {
  const told: Told[] = [];
  const given = lengthsOf(form);
  const allowed = lengthsOf(wanted);
  const most = `${subject} must have at most ${characters(allowed.max)}`;
  if (given.min > allowed.max)
    told.push({ code: 'too-long', message: `${most}, and has ${given.min} or more` });
  else if (
    form.maybe !== true &&
    form.maxLength !== undefined &&
    wanted.values === undefined &&
    form.maxLength > allowed.max
  )
    told.push({
      code: 'too-long',
      severity: 'warning',
      message: `${most}, and may have ${form.maxLength}`,
      hint: `cut it with $substring(…, 0, ${allowed.max})`,
    });
  if (given.max < allowed.min)
    told.push({
      code: 'too-short',
      message: `${subject} must have at least ${characters(allowed.min)}, and has at most ${given.max}`,
    });
  const { format } = wanted;
  if (
    format !== undefined &&
    form.format !== undefined &&
    format !== form.format &&
    EXCLUSIVE.has(format) &&
    EXCLUSIVE.has(form.format)
  ) {
    const hint =
      form.format === 'date-time' && format === 'date'
        ? 'say whose day it is: $formatDate(…, "iso-date", "Europe/Berlin")'
        : undefined;
    told.push({
      code: 'wrong-format',
      message: `${subject} must be a valid ${format}, and is a ${form.format}`,
      hint,
    });
  }
  return told;
}

function characters(count: number): string {
  return `${count} character${count === 1 ? '' : 's'}`;
}

/** What is wrong with a number where another is wanted. */
export function checkNumber(form: NumberForm, wanted: NumberForm, subject: string): readonly Told[] {
  const allowed = wanted.values;
  if (form.values !== undefined) {
    const bad = form.values.filter((value) => !(allowed?.includes(value) ?? inRange(value, wanted)));
    const severity = bad.length === form.values.length ? 'error' : 'warning';
    if (bad.length === 0 || (form.maybe === true && severity === 'warning')) return [];
    const is = `, and ${severity === 'error' ? 'is' : 'may be'} ${valuesText(bad)}`;
    if (allowed !== undefined)
      return [{ code: 'not-in-enum', severity, message: `${subject} must be ${valuesText(allowed)}${is}` }];
    const whole = wanted.integer === true && bad.every((value) => !Number.isInteger(value));
    return [
      {
        code: whole ? 'wrong-type' : 'out-of-range',
        severity,
        message: `${subject} must be ${rangeText(wanted)}${is}`,
      },
    ];
  }
  const [given, limits] = [boundsOf(form), boundsOf(wanted)];
  const must = `${subject} must be ${rangeText(wanted)}`;
  if ((given.min ?? -Infinity) > (limits.max ?? Infinity))
    return [{ code: 'out-of-range', message: `${must}, and is at least ${given.min}` }];
  if ((given.max ?? Infinity) < (limits.min ?? -Infinity))
    return [{ code: 'out-of-range', message: `${must}, and is at most ${given.max}` }];
  if (form.maybe === true) return [];
  if (given.max !== undefined && given.max > (limits.max ?? Infinity))
    return [{ code: 'out-of-range', severity: 'warning', message: `${must}, and may be ${given.max}` }];
  if (given.min !== undefined && given.min < (limits.min ?? -Infinity))
    return [{ code: 'out-of-range', severity: 'warning', message: `${must}, and may be ${given.min}` }];
  return [];
}

function rangeText({ integer, min, max, above, below }: NumberForm): string {
  const kind = integer === true ? 'a whole number' : 'a number';
  const limits = [
    ...(min === undefined ? [] : [`${min} or more`]),
    ...(max === undefined ? [] : [`${max} or less`]),
    ...(above === undefined ? [] : [`more than ${above}`]),
    ...(below === undefined ? [] : [`less than ${below}`]),
  ];
  return limits.length === 0 ? kind : `${kind}, ${limits.join(' and ')}`;
}
