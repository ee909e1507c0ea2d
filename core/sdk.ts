/**
 * The only door for connectors: the types that they implement, the error that they throw, and the small pure functions
 * that they share. Whatever a connector needs of the running hub comes in through `Host`.
 */
export type {
  ActionResult,
  ActionSpec,
  Auth,
  Call,
  CheckResult,
  Connection,
  Connector,
  Example,
  Host,
  HttpClient,
  HttpOptions,
  HttpRequest,
  HttpResponse,
  InboundRequest,
  Offer,
  Page,
  ProjectFiles,
  PulledRecord,
  Puller,
  Receipt,
  Receiver,
  SourceSpec,
} from './model/connector.ts';
export type { Clock } from './model/clock.ts';
export { DURATION_PATTERN, formatDuration, parseDuration } from './model/duration.ts';
export { CrossdockError, type ErrorCode, type ErrorFacts, type Fate } from './model/errors.ts';
export type { JsonSchema } from './model/json-schema.ts';
export type { LogFields, Logger } from './model/logger.ts';
export type { EffectClass } from './model/outcome.ts';
export { addressSetting, schemeSetting, textSetting } from './model/setting-schema.ts';
export {
  buildCsv,
  buildXml,
  decodeText,
  escapeXml,
  formatOf,
  parseBody,
  parseForm,
  parseJson,
  parseXml,
  readCsv,
  type BodyFormat,
  type CsvBuildOptions,
  type CsvOptions,
  type CsvRecord,
  type FormatLimits,
  type XmlBuildOptions,
  type XmlObject,
  type XmlOptions,
  type XmlValue,
} from './formats/index.ts';
// Straight from their files: the folder's index would bring axios and undici along.
export { authSchema, parseAuth } from './http/outbound/auth-settings.ts';
export { excerpt, failOnStatus, retryAfter, statusError } from './http/outbound/status.ts';
export { checkHttp, goodCredentials, type HttpCheck } from './http/outbound/check.ts';
export { valueAt } from './value-at.ts';
