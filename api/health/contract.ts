import { endpoint } from '../endpoint.ts';
import { COUNT, FLAG, OBJECT, TEXT, TIME } from '../shapes.ts';

export const getHealth = endpoint({
  name: 'getHealth',
  method: 'GET',
  path: '/health',
  action: 'health.read',
  summary: 'The state of all parts of this process, in detail',
  response: {
    type: 'object',
    properties: {
      ready: FLAG,
      version: TEXT,
      revision: TEXT,
      startedAt: TIME,
      roles: { type: 'array', items: TEXT },
      parts: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { ...TEXT, description: '`store`, `transport`, ...' },
            ready: FLAG,
            reason: { ...TEXT, description: 'Why it is not ready.' },
            details: OBJECT,
          },
          required: ['name', 'ready'],
          additionalProperties: false,
        },
      },
      routes: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: TEXT,
            queued: { ...COUNT, description: 'In its queue; missing where that is not known.' },
            outbox: { ...COUNT, description: 'Waiting to be put into its queue.' },
            failures: { type: 'object', additionalProperties: COUNT, description: 'State → how many.' },
          },
          required: ['name', 'outbox', 'failures'],
          additionalProperties: false,
        },
      },
    },
    required: ['ready', 'version', 'revision', 'startedAt', 'roles', 'parts', 'routes'],
    additionalProperties: false,
  },
});
