import type { Example } from '../../core/sdk.ts';

/** Entries of connections.yaml and a mapping, for the reference page. */
export const examples: readonly Example[] = [
  {
    title: 'Connection: a shop that signs after Standard Webhooks, while its secret is being changed',
    yaml: `shop:
  connector: webhook
  with:
    verify:
      type: standard-webhooks
      secrets: ['\${env:SHOP_WEBHOOK_SECRET}', '\${env:SHOP_WEBHOOK_SECRET_OLD}']
`,
  },
  {
    title: 'Connection: a sender with an HMAC of its own',
    yaml: `warehouse:
  connector: webhook
  with:
    verify:
      type: hmac
      secrets: ['\${env:WAREHOUSE_SECRET}']
      header: X-Signature
      timestamp_header: X-Timestamp
      signed: '{timestamp}.{body}'
      id_header: X-Delivery
`,
  },
  {
    title: 'Connection: webhooks to a partner',
    yaml: `partner:
  connector: webhook
  with:
    send:
      url: https://partner.example.com/hooks
      secrets: ['\${env:PARTNER_SECRET}']
`,
  },
];
