import { DEFAULT_FORMAT_LIMITS, unreadable, type FormatLimits } from './limits.ts';
import { decodeText } from './text.ts';

/**
 * Reads `application/x-www-form-urlencoded`: every value is a string, a name that comes more than once has a list of
 * them. Names are taken as they are: `a[b]` is a name, not a structure. Throws BODY_TOO_LARGE and BODY_UNREADABLE
 * (an escape that is none or is not UTF-8, too many fields).
 */
export function parseForm(
  input: Buffer | string,
  limits: FormatLimits = {},
): Record<string, string | string[]> {
  const text = decodeText(input, limits.maxBytes ?? DEFAULT_FORMAT_LIMITS.maxBytes);
  const maxNodes = limits.maxNodes ?? DEFAULT_FORMAT_LIMITS.maxNodes;
  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    if (++count > maxNodes) throw unreadable(`The form has more than ${maxNodes} fields.`);
    const equals = pair.indexOf('=');
    const name = unescape(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : unescape(pair.slice(equals + 1));
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else fields.set(name, [before, value]);
  }
  fields.delete('__proto__');
  return Object.fromEntries(fields);
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw unreadable('The form has a percent escape that is not valid UTF-8.');
  }
}
