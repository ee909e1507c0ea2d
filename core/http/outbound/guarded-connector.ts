import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { CrossdockError } from '../../model/errors.ts';
import type { AddressGuard } from './address-guard.ts';

/**
 * Opens sockets for undici. The check happens on the very addresses that the socket then connects to, so that a name
 * that resolves differently a moment later (DNS rebinding) gains nothing.
 */
export function createGuardedConnector(guard: AddressGuard, timeoutMs: number): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>();
  const connectorFor = (port: number): buildConnector.connector => {
    let connector = byPort.get(port);
    if (connector === undefined) {
      connector = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(guard, port) });
      byPort.set(port, connector);
    }
    return connector;
  };
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(hostname) !== 0) {
      try {
        guard.check(hostname, hostname, port);
      } catch (error) {
        callback(error as CrossdockError, null);
        return;
      }
    }
    connectorFor(port)({ ...options, hostname }, callback);
  };
}

function guardedLookup(guard: AddressGuard, port: number): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      try {
        // One bad address among good ones is refused as well: which of them the socket takes is a matter of luck.
        for (const { address } of addresses) guard.check(hostname, address, port);
      } catch (refused) {
        callback(refused as CrossdockError, '', 0);
        return;
      }
      const first = addresses[0] as LookupAddress;
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
