import {
  addressSetting,
  DURATION_PATTERN,
  type JsonSchema,
  schemeSetting as variant,
  textSetting as text,
} from '../../core/sdk.ts';

/** `with:` of a `webhook` connection, after the schema has accepted it. */
export interface WebhookSettings {
  readonly verify?: Verification;
  readonly send?: SendSettings;
}

interface Secrets {
  readonly secrets: readonly string[];
}
interface Tolerance {
  readonly tolerance?: string;
}
interface IdHeader {
  readonly id_header?: string;
}

export type Verification =
  | ({ readonly type: 'standard-webhooks' | 'stripe' | 'slack' } & Secrets & Tolerance)
  | ({ readonly type: 'github' | 'shopify' } & Secrets)
  | HmacVerification
  | ({ readonly type: 'basic'; readonly username: string } & Secrets & IdHeader)
  | ({ readonly type: 'bearer' } & Secrets & IdHeader)
  | ({ readonly type: 'api_key'; readonly name: string; readonly in?: 'header' | 'query' } & Secrets &
      IdHeader)
  | ({ readonly type: 'none' } & IdHeader);

export type HmacVerification = {
  readonly type: 'hmac';
  readonly header: string;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: 'hex' | 'base64' | 'base64url';
  readonly secret_encoding?: 'utf8' | 'hex' | 'base64';
  readonly prefix?: string;
  readonly timestamp_header?: string;
  readonly signed?: string;
} & Secrets &
  Tolerance &
  IdHeader;

export interface SendSettings {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: string;
}

/** `from.with` of a mapping. */
export interface WebhookOptions {
  readonly events?: readonly string[];
  readonly event_field?: string;
  readonly event_header?: string;
}

const secrets = (description: string): JsonSchema => ({
  type: 'array',
  description: `${description} All in the list are accepted, so that a secret can be changed without a gap.`,
  'x-secret': true,
  minItems: 1,
  items: { type: 'string', minLength: 1, 'x-secret': true },
});
const tolerance: JsonSchema = {
  type: 'string',
  pattern: DURATION_PATTERN,
  default: '5m',
  examples: ['5m'],
  description: 'How far the signed time may be from now, either way.',
};
const idHeader = text("Header with the sender's own id of a delivery, by which duplicates are known.", {
  examples: ['X-Delivery'],
});

const verify: JsonSchema = {
  description: 'How requests are proven. With it the connection has the source `webhook`.',
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    variant('standard-webhooks', 'Signed after https://www.standardwebhooks.com.', ['secrets'], {
      secrets: secrets('Signing secrets: `whsec_` and base64.'),
      tolerance,
    }),
    variant('stripe', 'Stripe-Signature, https://docs.stripe.com/webhooks/signature.', ['secrets'], {
      secrets: secrets('Endpoint secrets: `whsec_…`.'),
      tolerance,
    }),
    variant('github', 'X-Hub-Signature-256 of GitHub.', ['secrets'], {
      secrets: secrets('Webhook secrets.'),
    }),
    variant('shopify', 'X-Shopify-Hmac-Sha256.', ['secrets'], {
      secrets: secrets("The app's client secrets."),
    }),
    variant('slack', 'X-Slack-Signature; the url_verification handshake is answered.', ['secrets'], {
      secrets: secrets('Signing secrets.'),
      tolerance,
    }),
    variant('hmac', 'Any other HMAC in a header.', ['secrets', 'header'], {
      secrets: secrets('Shared secrets.'),
      header: text('Header that carries the signature.'),
      algorithm: { enum: ['sha1', 'sha256', 'sha512'], default: 'sha256', description: 'Hash function.' },
      encoding: {
        enum: ['hex', 'base64', 'base64url'],
        default: 'hex',
        description: 'How the signature is written.',
      },
      secret_encoding: {
        enum: ['utf8', 'hex', 'base64'],
        default: 'utf8',
        description: 'How secrets are written.',
      },
      prefix: {
        type: 'string',
        default: '',
        description: 'What stands before the signature, such as `sha256=`.',
      },
      timestamp_header: text('Header with the time of sending: seconds, milliseconds or ISO 8601.'),
      signed: text(
        'What is signed: {body}, {timestamp}, {id}, {method} and {url} are filled in. Default {body}, or {timestamp}.{body} with a timestamp_header.',
        { examples: ['{timestamp}.{body}'] },
      ),
      tolerance,
      id_header: idHeader,
    }),
    variant('basic', 'HTTP Basic.', ['username', 'secrets'], {
      username: text('User name.', { examples: ['shop'] }),
      secrets: secrets('Passwords.'),
      id_header: idHeader,
    }),
    variant('bearer', 'A token in the Authorization header.', ['secrets'], {
      secrets: secrets('Tokens.'),
      id_header: idHeader,
    }),
    variant('api_key', 'A key in a header or the query.', ['name', 'secrets'], {
      name: text('Name of the header or query parameter.', { examples: ['X-API-Key'] }),
      in: { enum: ['header', 'query'], default: 'header', description: 'Where the key is.' },
      secrets: secrets('Keys.'),
      id_header: idHeader,
    }),
    variant('none', 'Nothing: whoever knows the address may send. For closed networks.', [], {
      id_header: idHeader,
    }),
  ],
};

/** Schema of `with:` in connections.yaml. */
export const webhookSettings: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    verify,
    send: {
      type: 'object',
      description: 'Where webhooks are sent to. With it the connection has the action `send`.',
      required: ['url', 'secrets'],
      additionalProperties: false,
      properties: {
        url: addressSetting('The address that receives them.', 'https://partner.example.com/hooks'),
        secrets: {
          ...secrets('Signing secrets of https://www.standardwebhooks.com: `whsec_` and base64.'),
          description:
            'Signing secrets, `whsec_` and base64. Each one signs, so that the receiver can change over.',
        },
        headers: {
          type: 'object',
          description: 'More headers of every request.',
          examples: [{ 'X-Partner': 'acme' }],
          additionalProperties: { type: 'string' },
        },
        timeout: {
          type: 'string',
          pattern: DURATION_PATTERN,
          default: '15s',
          examples: ['15s'],
          description: 'For one request.',
        },
      },
    },
  },
};

/** Schema of `from.with` in a mapping. */
export const webhookOptions: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    events: {
      type: 'array',
      description:
        'Only these events, such as `order.paid` or `order.*`; the others are answered 200 and dropped. Default: all.',
      minItems: 1,
      items: { type: 'string', minLength: 1 },
    },
    event_field: text(
      'Path in the body to the name of the event. Default: as the provider has it, else `type`.',
    ),
    event_header: text('Header with the name of the event, instead of a field.'),
  },
};
