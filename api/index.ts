export { createApi } from './api.ts';
export { API_PREFIX, endpoints } from './contract.ts';
export type { ApiDeps, HubFacts, LiveConnection, PartDetails } from './deps.ts';
export { openApi } from './openapi.ts';
