export { createHttp, type Http, type OutboundOptions } from './outbound/index.ts';
