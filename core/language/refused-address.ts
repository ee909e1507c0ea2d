import { isIP } from 'node:net';
import type { AddressGuard } from '../http/outbound/address-guard.ts';
import { CrossdockError } from '../model/errors.ts';

/**
 * Why the hub will not connect to a URL, as far as that is known without asking DNS: of literal addresses and of
 * `localhost`. Undefined for all others.
 */
export function refusalOf(url: string, guard: AddressGuard): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null) return undefined;
  const { protocol, port } = parsed;
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const refusals = addressesOf(host).map((address) => {
    try {
      guard.check(host, address, Number(port) || (protocol === 'https:' ? 443 : 80));
      return undefined;
    } catch (error) {
      return CrossdockError.from(error).message.replace(/\.$/, '');
    }
  });
  return refusals.includes(undefined) ? undefined : refusals[0];
}

/** Which of the two `localhost` is, the machine decides on which the hub will run: one that may be reached is enough. */
function addressesOf(host: string): readonly string[] {
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  return isIP(host) === 0 ? [] : [host];
}
