import type { Endpoint } from '../core/http/server/index.ts';
import type { JsonSchema } from '../core/model/json-schema.ts';
import { listEvents, verifyAudit } from './audit/contract.ts';
import { checkConnection, listConnections } from './connections/contract.ts';
import {
  discardFailures,
  editFailure,
  getFailure,
  groupFailures,
  listFailures,
  rescheduleFailures,
  retryFailures,
} from './failures/contract.ts';
import { getHealth } from './health/contract.ts';
import { getJourney } from './journeys/contract.ts';
import { getMapping, listMappings } from './mappings/contract.ts';
import { getMessage, getPayload, listMessages, searchMessages } from './messages/contract.ts';
import { getReconciliation, redrive } from './reconcile/contract.ts';
import { getOpenApi, whoami } from './self/contract.ts';
import { createToken, listTokens, revokeToken } from './tokens/contract.ts';

/** Where the API is served. */
export const API_PREFIX = '/api/v1';

/**
 * Every endpoint of the API, by name: plain data, for clients (`ResponseOf<typeof endpoints.getMessage>`), the OpenAPI
 * document and the reference page.
 */
export const endpoints = {
  whoami,
  getOpenApi,
  listMessages,
  searchMessages,
  getMessage,
  getPayload,
  getJourney,
  listFailures,
  groupFailures,
  getFailure,
  retryFailures,
  rescheduleFailures,
  discardFailures,
  editFailure,
  listMappings,
  getMapping,
  listConnections,
  checkConnection,
  listTokens,
  createToken,
  revokeToken,
  listEvents,
  verifyAudit,
  getReconciliation,
  redrive,
  getHealth,
} as const satisfies Readonly<Record<string, Endpoint<unknown, unknown, unknown, JsonSchema>>>;
