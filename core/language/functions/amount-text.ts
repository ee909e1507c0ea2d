import { Decimal } from './decimal.ts';
import { FunctionFault, shown } from './function-fault.ts';

const MARK = /^[^0-9+-]$/u;

/**
 * An amount with the marks that its writer uses. Groups must have three digits each, the first one to three. Throws
 * X1001.
 */
export function readAmount(text: string, decimalMark: string, groupMark?: string): Decimal {
  requireMarks(decimalMark, groupMark);
  const trimmed = text.trim();
  const [whole = '', fraction, ...more] = trimmed.split(decimalMark);
  const digits = groupMark === undefined ? whole : ungrouped(whole, groupMark);
  if (
    more.length > 0 ||
    digits === undefined ||
    !/^-?[0-9]+$/.test(digits) ||
    !/^[0-9]+$/.test(fraction ?? '0')
  )
    throw new FunctionFault('X1001', `${shown(text)} is not an amount with ${marks(decimalMark, groupMark)}`);
  return Decimal.ofText(fraction === undefined ? digits : `${digits}.${fraction}`);
}

/** `1234567.50` with other marks: `1.234.567,50`. Throws X1001 for marks that are digits, signs or the same. */
export function groupDigits(text: string, decimalMark: string, groupMark: string): string {
  requireMarks(decimalMark, groupMark === '' ? undefined : groupMark);
  const [whole = '', fraction] = text.split('.');
  const grouped = groupMark === '' ? whole : whole.replace(/(?<=[0-9])(?=(?:[0-9]{3})+$)/g, () => groupMark);
  return fraction === undefined ? grouped : `${grouped}${decimalMark}${fraction}`;
}

function ungrouped(whole: string, groupMark: string): string | undefined {
  const [first = '', ...rest] = whole.split(groupMark);
  if (rest.length === 0) return first;
  return /^-?[0-9]{1,3}$/.test(first) && rest.every((group) => /^[0-9]{3}$/.test(group))
    ? first + rest.join('')
    : undefined;
}

function requireMarks(decimalMark: string, groupMark: string | undefined): void {
  for (const mark of [decimalMark, groupMark]) {
    if (mark !== undefined && !MARK.test(mark))
      throw new FunctionFault(
        'X1001',
        `${shown(mark)} cannot be a mark in an amount: one character, no digit, no sign`,
      );
  }
  if (decimalMark === groupMark)
    throw new FunctionFault(
      'X1001',
      'an amount cannot have the same mark before its fraction and between its groups',
    );
}

function marks(decimalMark: string, groupMark: string | undefined): string {
  return groupMark === undefined
    ? `${shown(decimalMark)} before its fraction`
    : `${shown(decimalMark)} before its fraction and ${shown(groupMark)} between its groups`;
}
