import { webhook } from '../../../connectors/webhook/index.ts';
import { connectorContract } from '../../contract/connector.ts';

const settings = (url: string): object => ({
  verify: { type: 'stripe', secrets: ['whsec_inbound-s3cret'] },
  send: { url: `${url}/hooks`, secrets: [`whsec_${Buffer.from('outbound-s3cret').toString('base64')}`] },
});

describe('connector contract: webhook', () => {
  connectorContract(webhook, {
    settings: settings('https://partner.example.com'),
    http: {
      settings,
      action: 'send',
      input: { type: 'order.paid', id: 1 },
      healthy: () => ({ status: 204 }),
    },
  });
});
