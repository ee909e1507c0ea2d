import { endpoint } from '../endpoint.ts';
import { NAME, TEXT, TIME, WHY, closed, listOf } from '../shapes.ts';

const GRANTS = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: closed({
    role: NAME,
    domains: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: { type: 'string', pattern: '^(\\*|[A-Za-z0-9_.-]+/\\*)$', examples: ['*', 'finance/*'] },
      description: '`*` for all, or `<domain>/*`.',
    },
  }),
} as const;

const TOKEN = closed(
  {
    id: TEXT,
    name: TEXT,
    grants: GRANTS,
    createdAt: TIME,
    createdBy: TEXT,
    expiresAt: TIME,
    lastUsedAt: { ...TIME, description: 'To the minute.' },
    revokedAt: TIME,
  },
  ['expiresAt', 'lastUsedAt', 'revokedAt'],
);

export const listTokens = endpoint({
  name: 'listTokens',
  method: 'GET',
  path: '/tokens',
  action: 'tokens.list',
  summary: 'Tokens, without their secrets',
  response: listOf(TOKEN),
});

export const createToken = endpoint({
  name: 'createToken',
  method: 'POST',
  path: '/tokens',
  action: 'tokens.create',
  summary: 'Make a token that may do no more than its maker; its secret is shown this once',
  body: closed(
    {
      name: { ...NAME, description: 'What the audit log will call it.' },
      grants: GRANTS,
      expiresAt: TIME,
      why: WHY,
    },
    ['expiresAt', 'why'],
  ),
  status: 201,
  response: {
    type: 'object',
    properties: { ...TOKEN.properties, token: { ...TEXT, description: 'The secret; not shown again.' } },
    required: [...TOKEN.required, 'token'],
    additionalProperties: false,
  },
});

export const revokeToken = endpoint({
  name: 'revokeToken',
  method: 'DELETE',
  path: '/tokens/{id}',
  action: 'tokens.revoke',
  summary: 'Revoke a token; it ends within five seconds everywhere',
  params: closed({ id: { type: 'string', pattern: '^[a-z0-9]{1,40}$' } }),
  query: { type: 'object', properties: { why: WHY }, additionalProperties: false },
  response: TOKEN,
});
