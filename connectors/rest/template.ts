import { CrossdockError, valueAt } from '../../core/sdk.ts';
import type { Parameter, RestLookup } from './settings.ts';

/** An address with the fields of the input in it. */
export interface Address {
  readonly url: string;
  readonly query?: Record<string, string | number | boolean | string[]>;
}

/**
 * Fills a path's `{field}`s and the query from the input. Values are encoded so that none can leave its segment; `.` and
 * `..`, which a URL would resolve, are refused. Throws OUTPUT_INVALID with `path` for what is missing or no scalar.
 */
export function fillAddress(lookup: RestLookup, input: unknown): Address {
  const url = lookup.path.replace(PLACEHOLDER, (_match, field: string) => segment(input, field));
  if (lookup.query === undefined) return { url };
  const query: Record<string, string | number | boolean | string[]> = {};
  for (const [name, parameter] of Object.entries(lookup.query)) {
    const value = parameterOf(parameter, input);
    if (value !== undefined) query[name] = value;
  }
  return { url, query };
}

/** The top-level fields of the input that an address takes. */
export function fieldsOf(lookup: RestLookup): ReadonlySet<string> {
  const fields = [...lookup.path.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
  for (const parameter of Object.values(lookup.query ?? {}))
    if (typeof parameter === 'string') fields.push(parameter);
  return new Set(fields.map((field) => field.replace(/^\//, '').split(/[./]/)[0] as string));
}

/** What is wrong with a path template, if anything. */
export function templateFault(path: string): string | undefined {
  const rest = path.replace(PLACEHOLDER, '');
  if (/[{}]/.test(rest)) return 'a brace that does not belong to a {field}';
  if (/\s/.test(rest)) return 'a blank';
  return undefined;
}

const PLACEHOLDER = /\{([A-Za-z0-9_.@/-]+)\}/g;

function segment(input: unknown, field: string): string {
  const value = valueAt(input, field);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (text === '' || text === '.' || text === '..')
    throw new CrossdockError('OUTPUT_INVALID', `The path needs "${field}", which is ${missing(value)}.`, {
      path: `/${field.replaceAll('.', '/')}`,
    });
  return encodeURIComponent(text);
}

function missing(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  return value === '' ? 'empty' : 'not usable there';
}

function parameterOf(parameter: Parameter, input: unknown): string | number | boolean | string[] | undefined {
  if (typeof parameter !== 'string') return parameter.const;
  const value = valueAt(input, parameter);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String);
  throw new CrossdockError('OUTPUT_INVALID', `"${parameter}" can not stand in a query.`, {
    path: `/${parameter.replaceAll('.', '/')}`,
  });
}
