export { createHttp, type Http, type OutboundOptions } from './http.ts';
