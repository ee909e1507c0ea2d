import { isDecimal } from './decimals.ts';
import { EngineError } from './error.ts';
import type { Run } from './run.ts';
import { isNumeric } from './values.ts';

/** What `&` makes of its operand. Throws D3001. */
export function textOf(value: unknown, run: Run): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return textOfNumber(value);
  return value === undefined ? '' : (stringify(value, false, run) ?? '');
}

/** `$string`: numbers with at most 15 digits, lists and objects as JSON; functions are empty. Throws D3001, D1001. */
export function stringify(value: unknown, pretty: boolean, run: Run): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return textOfNumber(value);
  if (typeof value === 'function') return '';
  if (isDecimal(value)) return value.toString();
  const unwrapped = value === run.wrapper ? run.root : value;
  return run.text(JSON.stringify(unwrapped, inText, pretty ? 2 : 0));
}

function inText(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'number') {
    // A decimal keeps all of its digits: JSON made the number of it that says the same.
    if (isDecimal((this as Readonly<Record<string, unknown>>)[key])) return value;
    return !isNumeric(value) || Number.isInteger(value) ? value : Number(value.toPrecision(15));
  }
  return typeof value === 'function' ? '' : value;
}

function textOfNumber(value: number): string {
  if (!Number.isFinite(value)) throw new EngineError('D3001', { value });
  const text = String(value);
  // No more than 15 digits: nothing to cut off.
  if (text.length <= 16 || Number.isInteger(value)) return text;
  return String(Number(value.toPrecision(15)));
}
