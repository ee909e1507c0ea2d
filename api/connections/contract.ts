import { endpoint } from '../endpoint.ts';
import { COUNT, FLAG, NAME, TEXT, TIME, listOf } from '../shapes.ts';

/** Where a connection's breaker stands. */
const BREAKER = {
  type: 'object',
  properties: {
    state: { enum: ['closed', 'open', 'probing'], description: 'open: paused; probing: one is let through.' },
    code: { ...TEXT, description: 'The error that opened it.' },
    error: TEXT,
    probeAt: { ...TIME, description: 'When the next probe is let through.' },
  },
  required: ['state'],
  additionalProperties: false,
} as const;

export const listConnections = endpoint({
  name: 'listConnections',
  method: 'GET',
  path: '/connections',
  action: 'connections.read',
  summary: 'Connections, their limits and breakers',
  response: listOf({
    type: 'object',
    properties: {
      name: TEXT,
      connector: TEXT,
      mappings: { type: 'array', items: TEXT, description: 'That use it.' },
      limits: {
        type: 'object',
        properties: {
          concurrency: COUNT,
          rate: { type: 'number', description: 'Requests a second; none: no limit.' },
          timeoutMs: COUNT,
        },
        required: ['concurrency', 'timeoutMs'],
        additionalProperties: false,
      },
      breaker: BREAKER,
    },
    required: ['name', 'connector', 'mappings', 'limits'],
    additionalProperties: false,
  }),
});

export const checkConnection = endpoint({
  name: 'checkConnection',
  method: 'POST',
  path: '/connections/{name}/check',
  action: 'connections.check',
  summary: 'Prove address, credentials and rights, without side effects',
  params: {
    type: 'object',
    properties: { name: NAME },
    required: ['name'],
    additionalProperties: false,
  },
  response: {
    type: 'object',
    properties: {
      name: TEXT,
      ok: FLAG,
      results: {
        type: 'array',
        items: {
          type: 'object',
          properties: { name: TEXT, ok: FLAG, detail: TEXT },
          required: ['name', 'ok', 'detail'],
          additionalProperties: false,
        },
      },
    },
    required: ['name', 'ok', 'results'],
    additionalProperties: false,
  },
});
