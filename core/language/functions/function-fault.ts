/** What can be wrong with a call of one of Crossdock's own functions; the meaning of each code. */
export const FAULTS = {
  X1001: 'A value that is not a decimal number.',
  X1002: 'A division of a decimal by zero.',
  X1003: 'A decimal with more than 1000 digits.',
  X1004: 'A decimal that a JSON number cannot hold leaves the expression.',
  X1005: 'A number of places or a rounding mode that there is not.',
  X1006: 'An amount that cannot be split like that.',
  X1007: 'An unknown currency, or one without minor units.',
  X1008: 'An amount with more places than it may have.',
  X2001: 'A text that is not in the date format.',
  X2002: 'A date or time of day that there is not.',
  X2003: 'An unknown time zone.',
  X2004: 'An unknown date format, or a pattern with a mistake.',
  X2005: 'A text that is not an ISO 8601 duration.',
  X2006: 'A date outside of the years 1 to 9999.',
  X2007: 'A value that is not a timestamp.',
  X2008: 'A local time, or a date, that is to be a point in time, without a time zone.',
  X2009: 'An unknown unit of time.',
} as const;

export type FaultCode = keyof typeof FAULTS;

/**
 * A failed call of one of Crossdock's own functions. Whoever evaluates the expression adds `position` and `token`, as
 * with JSONata's errors, and makes EXPRESSION_FAILED of it (EXPRESSION_LIMIT of X1003).
 */
export class FunctionFault extends Error {
  readonly code: FaultCode;
  position?: number;
  token?: string;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'FunctionFault';
    this.code = code;
  }
}

/** A value as it may stand in the message of an error: short, and in one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
