export { endpoint, serve } from './endpoint.ts';
export type { BodyOf, Call, Endpoint, ParamsOf, QueryOf, ResponseOf, Route } from './endpoint.ts';
export type { FromSchema } from './from-schema.ts';
export type { Problem } from './problem.ts';
export { createServer } from './server.ts';
export type { Handler, HttpServer, ListenAddress, ServerOptions } from './server.ts';
export { webhookRouter } from './webhook-router.ts';
export type { WebhookMetrics, WebhookOptions, WebhookSource } from './webhook-router.ts';
