import type { Endpoint } from '../core/http/server/index.ts';

/**
 * Keeps the literal types of an endpoint's schemas. Contracts import no more than this and the model, so that a client
 * that reads them does not load the hub.
 */
export function endpoint<const P, const Q, const B, const R>(
  spec: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return spec;
}
