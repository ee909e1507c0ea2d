import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^cdk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** A token as it is shown once and sent as `Authorization: Bearer`: `cdk_<id>_<32 random bytes, base64url>`. */
export interface Secret {
  /** Public: names the token in lists and the audit log. */
  readonly id: string;
  readonly text: string;
  /** What is stored. A fast hash will do: 256 random bits can't be guessed. */
  readonly hash: Buffer;
}

/** Makes a new one from the system's random source. */
export function newSecret(): Secret {
  const id = Array.from({ length: 12 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
  const text = `cdk_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, text, hash: sha256(text) };
}

/** Reads a credential; undefined when it does not have the form of a token, so that no database is asked. */
export function parseSecret(text: string): Secret | undefined {
  const id = FORM.exec(text)?.[1];
  return id === undefined ? undefined : { id, text, hash: sha256(text) };
}

/** In constant time. */
export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
