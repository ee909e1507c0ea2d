import type { Example } from '../../core/sdk.ts';

/** Entries of connections.yaml, for the reference page. */
export const examples: readonly Example[] = [
  {
    title: 'Connection: a CRM behind OAuth 2.0, with a list of changes and an upsert',
    yaml: `crm:
  connector: rest
  with:
    base_url: https://crm.example.com/v2
    auth:
      type: oauth2
      token_url: https://crm.example.com/oauth/token
      client_id: crossdock
      client_secret: \${env:CRM_CLIENT_SECRET}
    check: /me
    actions:
      find-account:
        method: GET
        path: /accounts
        query: { email: email }
        not_found: null
      create-deal:
        method: POST
        path: /deals
        idempotency_header: Idempotency-Key
        ref: id
      upsert-deal:
        method: PUT
        path: /deals/{ref}
        ref: id
    sources:
      customers-changed:
        path: /customers
        query: { updated_since: '{cursor}', limit: 50 }
        records: items
        key: id
        cursor: { field: updatedAt, overlap: 1m }
        pagination: { type: cursor, param: cursor, path: next }
`,
  },
  {
    title: 'Connection: a legacy API with forms, an API key and a look-up before a repeat',
    yaml: `billing:
  connector: rest
  with:
    base_url: https://billing.example.com/api
    auth: { type: api_key, name: X-API-Key, value: '\${env:BILLING_KEY}' }
    format: form
    actions:
      create-invoice:
        path: /invoices
        ref: invoice.id
        probe: { path: /invoices, query: { reference: reference }, found: items }
`,
  },
];
