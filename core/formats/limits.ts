import { CrossdockError } from '../model/errors.ts';

/** How much of a foreign document we are ready to read. Each reader uses those that concern it. */
export interface FormatLimits {
  /** Bytes of the whole document. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Levels of nesting of objects, arrays or elements. Default 64. */
  readonly maxDepth?: number;
  /** Elements of an XML document, fields of a form. Default 100 000. */
  readonly maxNodes?: number;
}

export const DEFAULT_FORMAT_LIMITS: Required<FormatLimits> = {
  maxBytes: 10 * 1024 * 1024,
  maxDepth: 64,
  maxNodes: 100_000,
};

/** What a reader throws when the bytes are not what they should be. The text never quotes the document. */
export function unreadable(message: string, cause?: unknown, path?: string): CrossdockError {
  return new CrossdockError('BODY_UNREADABLE', message, {
    ...(cause === undefined ? {} : { cause }),
    ...(path === undefined ? {} : { path }),
  });
}

export function tooLarge(maxBytes: number): CrossdockError {
  return new CrossdockError('BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  });
}
