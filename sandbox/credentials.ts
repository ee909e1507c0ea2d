import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets that the sandbox systems and the sample hub share. They protect nothing: everybody can read them. */
export interface Credentials {
  /** Standard Webhooks secret of the shop, `whsec_` and base64. */
  readonly shopWebhookSecret: string;
  readonly shopApiKey: string;
  readonly crmClientId: string;
  readonly crmClientSecret: string;
  readonly erpUsername: string;
  readonly erpPassword: string;
  /** Stripe-style endpoint secret of the payment provider. */
  readonly payWebhookSecret: string;
}

const FOLDER = join(import.meta.dirname, '..', 'config', 'sandbox-secrets');

/** Reads them from config/sandbox-secrets, where the sample hub has them from as well. */
export function readCredentials(): Credentials {
  const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8').trim();
  return {
    shopWebhookSecret: read('shop-webhook-secret'),
    shopApiKey: read('shop-api-key'),
    crmClientId: 'crossdock',
    crmClientSecret: read('crm-client-secret'),
    erpUsername: 'crossdock',
    erpPassword: read('erp-password'),
    payWebhookSecret: read('pay-webhook-secret'),
  };
}
