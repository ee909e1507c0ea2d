import { hash } from 'node:crypto';

/** The same for every attempt of one delivery, and for no other: 43 URL-safe characters. */
export function idempotencyKey(messageId: string, route: string): string {
  return hash('sha256', `${messageId}\n${route}`, 'base64url');
}
