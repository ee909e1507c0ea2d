import { rest } from '../../../connectors/rest/index.ts';
import { connectorContract } from '../../contract/connector.ts';

const settings = (url: string): object => ({
  base_url: `${url}/api`,
  auth: { type: 'oauth2', token_url: `${url}/token`, client_id: 'hub', client_secret: 'client-s3cret' },
  check: '/me',
  actions: {
    'create-deal': {
      method: 'POST',
      path: '/deals/{pipeline}',
      idempotency_header: 'Idempotency-Key',
      ref: 'id',
    },
    'find-deal': { method: 'GET', path: '/deals', query: { ref: 'ref' }, not_found: null },
  },
  sources: { deals: { path: '/deals', query: { since: '{cursor}' }, key: 'id', cursor: { field: 'at' } } },
});

describe('connector contract: rest', () => {
  connectorContract(rest, {
    settings: settings('https://crm.example.com'),
    http: {
      settings,
      action: 'create-deal',
      input: { pipeline: 'b2b', title: 'A deal' },
      isAction: ({ url }) => url.startsWith('/api'),
      healthy: ({ url }) =>
        url === '/token'
          ? { body: '{"access_token":"token-s3cret","token_type":"Bearer","expires_in":60}' }
          : { status: url === '/api/me' ? 200 : 201, body: '{"id":"D-1"}' },
    },
  });
});
