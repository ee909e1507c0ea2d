import { endpoint } from '../endpoint.ts';
import { OBJECT, TEXT, closed } from '../shapes.ts';

const DOMAINS = { type: 'array', items: TEXT } as const;

export const whoami = endpoint({
  name: 'whoami',
  method: 'GET',
  path: '/whoami',
  action: 'self.read',
  summary: 'Who asks, and what they may do where',
  response: closed({
    kind: { const: 'token' },
    id: TEXT,
    name: TEXT,
    grants: {
      type: 'array',
      items: closed({ role: TEXT, domains: DOMAINS }),
    },
    actions: {
      type: 'object',
      additionalProperties: DOMAINS,
      description: 'Action → the domains that it is allowed on; `*` for all.',
    },
  }),
});

export const getOpenApi = endpoint({
  name: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  action: 'self.read',
  summary: 'This API as an OpenAPI 3.1 document',
  response: OBJECT,
});
