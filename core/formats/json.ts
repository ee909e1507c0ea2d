import { DEFAULT_FORMAT_LIMITS, unreadable, type FormatLimits } from './limits.ts';
import { decodeText } from './text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads one JSON document (RFC 8259). A member named `__proto__` is left out, so that no later copy of the value can
 * change a prototype. Throws BODY_TOO_LARGE and BODY_UNREADABLE (not UTF-8, not JSON, nested too deep).
 */
export function parseJson(input: Buffer | string, limits: FormatLimits = {}): unknown {
  const text = decodeText(input, limits.maxBytes ?? DEFAULT_FORMAT_LIMITS.maxBytes);
  refuseDeep(text, limits.maxDepth ?? DEFAULT_FORMAT_LIMITS.maxDepth);
  try {
    return mayNamePrototype(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text);
  } catch (error) {
    throw unreadable(`The body is not JSON${where(error, text)}.`, undefined);
  }
}

/** Counts brackets outside strings; a scan costs a fraction of the parse and never recurses. */
function refuseDeep(text: string, maxDepth: number): void {
  // Most documents have fewer brackets than there may be levels, and need no scan.
  if (!hasMore(text, maxDepth)) return;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) {
      i++;
      for (let inside = text.charCodeAt(i); inside !== QUOTE && i < text.length;) {
        if (inside === BACKSLASH) i++;
        inside = text.charCodeAt(++i);
      }
    } else if ((char | 0x20) === 0x7b) {
      // `[` and `{` differ in one bit, as do `]` and `}`.
      if (++depth > maxDepth) throw unreadable(`The body is nested deeper than ${maxDepth} levels.`);
    } else if ((char | 0x20) === 0x7d) depth--;
  }
}

/** Whether a text has more than so many opening brackets, those inside strings included. */
function hasMore(text: string, brackets: number): boolean {
  let left = brackets;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (--left < 0) return true;
    }
  }
  return false;
}

/** The name may hide behind escapes; every escaped ASCII letter starts with these four characters. */
function mayNamePrototype(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u00');
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

/** V8 names the position, but also quotes the document; we keep the first and drop the second. */
function where(error: unknown, text: string): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined)
    return text.trim() === '' ? ': it is empty' : ': it ends too early or has a wrong character';
  const before = text.slice(0, Number(position));
  const line = before.split('\n').length;
  return `: line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}
