import { createHash, timingSafeEqual } from 'node:crypto';
import { CrossdockError } from '../../core/sdk.ts';

/** Compares without telling by its time how much was right. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares bytes without telling by its time how much was right; of different length is different. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** True if one of them fits. All are tried, so that time does not tell which one. */
export function anyOf<T>(items: readonly T[], fits: (item: T) => boolean): boolean {
  let found = false;
  for (const item of items) if (fits(item)) found = true;
  return found;
}

/** Signing secrets of Standard Webhooks, `whsec_` and base64, as keys. Throws CONFIG_INVALID for one that is none. */
export function standardKeys(secrets: readonly string[], path: string): readonly Buffer[] {
  return secrets.map((secret, index) => {
    const text = secret.replace(/^whsec_/, '');
    const key = Buffer.from(text, 'base64');
    if (key.length === 0 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
      throw new CrossdockError('CONFIG_INVALID', 'The signing secret is not `whsec_` and base64.', {
        path: `${path}/${index}`,
      });
    return key;
  });
}
