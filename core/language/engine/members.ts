import type { Run } from './run.ts';

/** Sets a member as data, whatever its name. `__proto__` does not leave the expression. */
export function setMember(object: Record<string, unknown>, key: string, value: unknown, run: Run): void {
  if (key === '__proto__') {
    const writable = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, run.leak(writable));
  } else object[key] = value;
}
