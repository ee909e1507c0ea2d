import { isAscii, isUtf8 } from 'node:buffer';
import { tooLarge, unreadable } from './limits.ts';

/**
 * Bytes → text. UTF-8 only: a byte sequence that is not UTF-8 is refused, never replaced, so that what is stored and
 * what is mapped are the same. A byte order mark is dropped.
 */
export function decodeText(input: Buffer | string, maxBytes: number): string {
  if (typeof input === 'string') {
    if (input.length > maxBytes || Buffer.byteLength(input) > maxBytes) throw tooLarge(maxBytes);
    return input.charCodeAt(0) === 0xfeff ? input.slice(1) : input;
  }
  if (input.length > maxBytes) throw tooLarge(maxBytes);
  if (isAscii(input)) return input.toString('latin1');
  if (!isUtf8(input)) throw unreadable('The body is not valid UTF-8.');
  const marked = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;
  return input.toString('utf8', marked ? 3 : 0);
}
