import type { Action, DomainScope, Principal } from '../../access/index.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import type { FromSchema } from './from-schema.ts';

/**
 * What one endpoint of the API promises, as plain data: the router, the OpenAPI document, the CLI's client and the
 * test that walks all of them read it. There is none without an action.
 */
export interface Endpoint<P = unknown, Q = unknown, B = unknown, R = unknown> {
  /** Unique; the operationId of the OpenAPI document. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below /api/v1, with `{name}` for each property of `params`. */
  readonly path: string;
  readonly action: Action;
  /** One line. */
  readonly summary: string;
  /** JSON Schema of the path's parameters, an object of strings. */
  readonly params?: P;
  /** JSON Schema of the query, an object of strings, numbers, booleans and lists of strings. */
  readonly query?: Q;
  /** JSON Schema of the JSON body. */
  readonly body?: B;
  /** JSON Schema of the answer. */
  readonly response: R;
  /** Default 200. */
  readonly status?: 200 | 201;
  /** Bytes; default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** What the types of an endpoint's schemas say. `{}` where it takes nothing. */
export type ParamsOf<E> = E extends Endpoint<infer P, unknown, unknown, unknown> ? Input<P> : never;
export type QueryOf<E> = E extends Endpoint<unknown, infer Q, unknown, unknown> ? Input<Q> : never;
export type BodyOf<E> = E extends Endpoint<unknown, unknown, infer B, unknown> ? Input<B> : never;
export type ResponseOf<E> = E extends Endpoint<unknown, unknown, unknown, infer R> ? FromSchema<R> : never;

type Input<S> = unknown extends S ? Readonly<Record<string, never>> : FromSchema<S>;

/** A request that was identified, permitted and validated. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly principal: Principal;
  /** Where the principal may do the endpoint's action; never empty. What lies outside must look as if it did not exist. */
  readonly scope: DomainScope;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** An endpoint and what it does. */
export interface Route {
  readonly endpoint: Endpoint<
    JsonSchema | undefined,
    JsonSchema | undefined,
    JsonSchema | undefined,
    JsonSchema
  >;
  handle(call: Call): Promise<unknown>;
}

/** Binds a handler, typed by the endpoint's schemas, to it. */
export function serve<P, Q, B, R>(
  spec: Endpoint<P, Q, B, R>,
  handle: (call: Call<Input<P>, Input<Q>, Input<B>>) => Promise<FromSchema<R>>,
): Route {
  // The router validates against the same schemas that the handler's types were made from.
  return { endpoint: spec, handle } as unknown as Route;
}
