import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { CrossdockError } from '../../model/errors.ts';

type Address = ReturnType<typeof ipaddr.process>;

/** What the operator lets connections reach beyond the public internet, taken apart. */
interface AllowEntry {
  /** A host name as it stands in URLs, or a block of addresses. */
  readonly host?: string;
  readonly block?: readonly [Address, number];
  readonly port?: number;
}

/**
 * Decides which addresses connections may reach: public ones, and what the operator's list names as
 * `host-or-CIDR[:port]` (`127.0.0.1:7401`, `10.1.0.0/16`, `erp.internal:8443`, `[fd00::/8]:443`). Everything else is
 * refused: loopback, private, link-local (cloud metadata), carrier-grade NAT, unique local, multicast, reserved, and
 * the forms of IPv6 that carry an IPv4 address (mapped, NAT64, 6to4), through which those could be reached.
 */
export interface AddressGuard {
  /** Throws ADDRESS_REFUSED. `hostname` is what the URL said, `address` what it resolved to. */
  check(hostname: string, address: string, port: number): void;
}

/** Throws CONFIG_INVALID for an entry that can't be read. */
export function createAddressGuard(allow: readonly string[]): AddressGuard {
  const entries = allow.map(parseAllowEntry);
  return {
    check(hostname, address, port) {
      const parsed = ipaddr.parse(address.replace(/%.*$/, ''));
      const kind = parsed.range();
      if (kind === 'unicast' && isGlobal(parsed)) return;
      if (entries.some((entry) => matches(entry, hostname, parsed, port))) return;
      const named = isIP(hostname) === 0 ? `${hostname} resolves to ${address}, which is` : `${address} is`;
      throw new CrossdockError(
        'ADDRESS_REFUSED',
        `${named} not a public address (${kind}). If it is meant to be reached, add "${bracketed(hostname)}:${port}" to outbound.allow of config/hub.yaml.`,
      );
    },
  };
}

/** Of IPv6 only 2000::/3 is given out for use in the internet (RFC 4291, IANA); the rest is ours to refuse. */
function isGlobal(address: Address): boolean {
  return address.kind() === 'ipv4' || ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}

function matches(entry: AllowEntry, hostname: string, address: Address, port: number): boolean {
  if (entry.port !== undefined && entry.port !== port) return false;
  if (entry.host !== undefined) return entry.host === hostname.toLowerCase();
  return entry.block !== undefined && contains(entry.block, address);
}

function contains(block: readonly [Address, number], address: Address): boolean {
  return block[0].kind() === address.kind() && address.match(block as [never, number]);
}

function parseAllowEntry(text: string): AllowEntry {
  const match = /^(?:\[([^\]]+)\]|([^:]+)|([0-9a-f:.]+(?:\/\d+)?))(?::(\d{1,5}))?$/i.exec(text.trim());
  const host = match?.[1] ?? match?.[2] ?? match?.[3];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65535))) throw unreadable(text);
  if (host.includes('/')) {
    if (!ipaddr.isValidCIDR(host)) throw unreadable(text);
    return { block: ipaddr.parseCIDR(host), port };
  }
  if (isIP(host) !== 0) {
    const address = ipaddr.parse(host);
    return { block: [address, address.kind() === 'ipv4' ? 32 : 128], port };
  }
  if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(host) || /^[0-9.]+$/.test(host)) throw unreadable(text);
  return { host: host.toLowerCase(), port };
}

function unreadable(entry: string): CrossdockError {
  return new CrossdockError(
    'CONFIG_INVALID',
    `"${entry}" in outbound.allow is not a host, an address or a CIDR block with an optional :port.`,
  );
}

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}
