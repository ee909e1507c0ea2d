export { endpoint, serve } from './endpoint.ts';
export type { BodyOf, Call, Endpoint, ParamsOf, QueryOf, ResponseOf, Route } from './endpoint.ts';
export type { FromSchema } from './from-schema.ts';
