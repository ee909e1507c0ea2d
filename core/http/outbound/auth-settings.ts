import type { Auth } from '../../model/connector.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { addressSetting, schemeSetting as variant, textSetting as text } from '../../model/setting-schema.ts';

const secret = (description: string): JsonSchema => text(description, { 'x-secret': true });

/** Schema of the `auth` setting that all HTTP connectors share; `parseAuth` reads what it accepts. */
export const authSchema: JsonSchema = {
  description: 'How the connection proves who it is.',
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    variant('none', 'No credentials.', [], {}),
    variant('basic', 'HTTP Basic (RFC 7617).', ['username', 'password'], {
      username: {
        type: 'string',
        description: 'User name; without a colon.',
        pattern: '^[^:]*$',
        examples: ['crossdock'],
      },
      password: { type: 'string', description: 'Password.', 'x-secret': true },
    }),
    variant('bearer', 'A fixed token in the Authorization header (RFC 6750).', ['token'], {
      token: secret('The token.'),
    }),
    variant('api_key', 'A key in a header or in the query.', ['name', 'value'], {
      name: text('Name of the header or query parameter.', { examples: ['X-API-Key'] }),
      value: secret('The key.'),
      in: {
        enum: ['header', 'query'],
        default: 'header',
        description: 'Where it goes. Prefer the header: queries end up in logs of proxies.',
      },
    }),
    variant(
      'oauth2',
      'OAuth 2.0 client credentials (RFC 6749, 4.4).',
      ['token_url', 'client_id', 'client_secret'],
      {
        token_url: addressSetting('Where tokens are asked for.', 'https://auth.example.com/oauth/token'),
        client_id: text('Client id.', { examples: ['crossdock'] }),
        client_secret: secret('Client secret.'),
        scope: text('Scopes, separated by blanks.', { examples: ['orders:read orders:write'] }),
        audience: text('Audience, for authorization servers that want one.', {
          examples: ['https://api.example.com'],
        }),
        client_auth: {
          enum: ['basic', 'body'],
          default: 'basic',
          description: 'Whether id and secret go in the Authorization header or in the form.',
        },
      },
    ),
    variant('hmac', 'A signature over each body.', ['secret', 'header'], {
      secret: secret('The shared secret.'),
      header: text('Header that carries the signature.', { examples: ['X-Signature'] }),
      algorithm: { enum: ['sha256', 'sha512'], default: 'sha256', description: 'Hash function.' },
      encoding: { enum: ['hex', 'base64'], default: 'hex', description: 'How the signature is written.' },
      prefix: {
        type: 'string',
        default: '',
        description: 'What stands before the signature, such as `sha256=`.',
      },
      timestamp_header: text(
        'Header that carries the time in seconds. With it `<seconds>.<body>` is signed instead of the body alone.',
        { examples: ['X-Timestamp'] },
      ),
    }),
  ],
};

/** Settings that `authSchema` accepted → credentials for the HTTP client. Nothing set is `none`. */
export function parseAuth(settings: unknown): Auth {
  const entries = Object.entries(settings ?? { type: 'none' });
  return Object.fromEntries(
    entries.map(([name, value]) => [camelCase(name), value as unknown]),
  ) as unknown as Auth;
}

/** `client_secret` → `clientSecret`: the settings' names differ from the model's in nothing else. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
