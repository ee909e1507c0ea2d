import { CrossdockError } from '../model/errors.ts';
import { isDecimal } from './functions/index.ts';

const MAX_DEPTH = 256;
const MAX_CHARS = 64 * 1024 * 1024;

/**
 * A copy that is nothing but JSON: JSONata marks its arrays with members of their own, makes objects without a
 * prototype and lets functions through. A decimal becomes a number. Throws EXPRESSION_FAILED for a function, a
 * FunctionFault for a decimal that is no JSON number, EXPRESSION_LIMIT for a value that is deeper, larger or longer than a
 * message can sensibly be (shared parts count each time: they would when written).
 */
export function copyPlain(value: unknown, maxItems: number): unknown {
  // A list of lines has several members in each, so the cap on values is above the one on a sequence.
  const budget: Budget = { values: maxItems * 20, chars: MAX_CHARS };
  return copy(value, 0, budget);
}

interface Budget {
  values: number;
  chars: number;
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  if (--budget.values < 0) throw tooLarge('has too many values');
  switch (typeof value) {
    case 'string':
      if ((budget.chars -= value.length) < 0) throw tooLarge('is too long');
      return value;
    case 'number':
      // 1/0 has no form in JSON; JSONata itself refuses it as soon as it is used any further.
      if (!Number.isFinite(value)) throw notANumber();
      return value;
    case 'function':
      throw notData();
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (depth >= MAX_DEPTH) throw tooLarge('is nested too deep');
  if (isDecimal(value)) return value.toExactNumber();
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) list[i] = copy(value[i], depth + 1, budget) ?? null;
    return list;
  }
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) throw notData();
  const object: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') continue;
    const member = copy((value as Readonly<Record<string, unknown>>)[key], depth + 1, budget);
    if (member !== undefined) object[key] = member;
  }
  return object;
}

function notData(): CrossdockError {
  return new CrossdockError('EXPRESSION_FAILED', 'The expression gives a function instead of data.');
}

function notANumber(): CrossdockError {
  return new CrossdockError('EXPRESSION_FAILED', 'The expression gives a number out of range.');
}

function tooLarge(how: string): CrossdockError {
  return new CrossdockError('EXPRESSION_LIMIT', `The result of the expression ${how}.`);
}
