import {
  addressSetting,
  authSchema,
  type EffectClass,
  type JsonSchema,
  textSetting as text,
} from '../../core/sdk.ts';
import type { UsernameTokenSettings } from './username-token.ts';

/** `with:` of a `soap` connection, after the schema has accepted it and filled in the defaults. */
export interface SoapSettings {
  readonly wsdl: string;
  readonly service?: string;
  readonly port?: string;
  readonly endpoint?: string;
  readonly auth?: UsernameTokenSettings | { readonly type: Exclude<string, 'ws_security'> };
  readonly headers?: Readonly<Record<string, string>>;
  readonly check?: { readonly operation: string; readonly input?: unknown };
  readonly operations?: Readonly<Record<string, OperationSettings>>;
  readonly faults?: FaultSettings;
}

export interface OperationSettings {
  readonly summary?: string;
  readonly effect?: EffectClass;
  readonly reads?: boolean;
  readonly ref?: string;
  readonly probe?: ProbeSettings;
}

export interface ProbeSettings {
  readonly operation: string;
  /** Field of the probe's input → path in the action's input. */
  readonly input: Readonly<Record<string, string>>;
  readonly found?: string;
  readonly absent?: readonly string[];
  readonly ref?: string;
}

/** Fault codes (or codes in a fault's detail) by what they mean. */
export interface FaultSettings {
  readonly rejected?: readonly string[];
  readonly failed?: readonly string[];
  readonly unavailable?: readonly string[];
  readonly credentials?: readonly string[];
}

const codes = (description: string, example: string): JsonSchema => ({
  type: 'array',
  description,
  examples: [[example]],
  items: { type: 'string', minLength: 1 },
});

const usernameToken: JsonSchema = {
  type: 'object',
  description: 'A WS-Security UsernameToken (OASIS profile 1.1) in the header of each envelope.',
  required: ['type', 'username', 'password'],
  additionalProperties: false,
  properties: {
    type: { const: 'ws_security', description: 'The scheme.' },
    username: text('User name.'),
    password: { type: 'string', description: 'Password.', 'x-secret': true },
    password_type: {
      enum: ['text', 'digest'],
      default: 'text',
      description: 'Whether the password itself is sent or a digest of it with a nonce and the time.',
    },
    timestamp: {
      type: 'boolean',
      default: false,
      description: 'Add a wsu:Timestamp that ends after five minutes, for services that ask for one.',
    },
  },
};

const operation: JsonSchema = {
  type: 'object',
  description: 'What the WSDL does not say about an operation.',
  additionalProperties: false,
  properties: {
    summary: text("What it does, for lists. Default: the WSDL's documentation.", {
      examples: ['Books a sales order.'],
    }),
    effect: {
      enum: ['idempotent', 'probe', 'none'],
      description: 'What a repeat would do. Default: idempotent with reads, probe with probe, else none.',
    },
    reads: {
      type: 'boolean',
      default: false,
      description: 'It changes nothing, so a mapping may enrich with it.',
    },
    ref: text("Path in the answer to the target's own id for what was made."),
    probe: {
      type: 'object',
      description: 'An operation that tells whether this one has already happened.',
      required: ['operation', 'input'],
      additionalProperties: false,
      properties: {
        operation: text('Name of the operation that looks it up.'),
        input: {
          type: 'object',
          description: "Its input: field → path in this operation's input.",
          minProperties: 1,
          additionalProperties: { type: 'string', minLength: 1 },
        },
        found: text(
          'Path in the answer that is there and not empty if it happened. Default: any answer without a fault says so.',
          { examples: ['OrderNumber'] },
        ),
        absent: codes('Fault codes that say that there is none.', 'NOT_FOUND'),
        ref: text("Path in the answer to the target's own id. Default: that of the operation.", {
          examples: ['OrderNumber'],
        }),
      },
    },
  },
};

/** Schema of `with:` in connections.yaml. */
export const soapSettings: JsonSchema = {
  type: 'object',
  required: ['wsdl'],
  additionalProperties: false,
  properties: {
    wsdl: text(
      'WSDL 1.1 file of the project. What it imports must be files of the project as well; nothing is fetched. Operations with `use="encoded"` are left out.',
      { examples: ['config/wsdl/erp.wsdl'] },
    ),
    service: text('Name of the service, in a WSDL with several. Default: the first.', {
      examples: ['SalesService'],
    }),
    port: text('Name of the port, in a service with several. Default: the first with a SOAP binding.', {
      examples: ['SalesSoap12'],
    }),
    endpoint: addressSetting(
      'Where the service is. Default: the address in the WSDL.',
      'https://erp.example.com/services/sales',
    ),
    auth: { ...authSchema, oneOf: [usernameToken, ...(authSchema['oneOf'] as readonly JsonSchema[])] },
    headers: {
      type: 'object',
      description: 'HTTP headers of every request. Credentials belong in `auth`.',
      examples: [{ 'Accept-Language': 'en' }],
      additionalProperties: { type: 'string' },
    },
    check: {
      type: 'object',
      description: 'An operation that changes nothing, for `crossdock connections check`.',
      required: ['operation'],
      additionalProperties: false,
      properties: {
        operation: text('Its name.'),
        input: { description: 'Its input. Default: an empty one.', examples: [{ Verbose: false }] },
      },
    },
    operations: {
      type: 'object',
      description:
        'More about operations, by name. All operations of the WSDL are actions, listed here or not.',
      additionalProperties: operation,
    },
    faults: {
      type: 'object',
      description:
        'What faults mean, where the fault code alone (Client or Sender: rejected; Server or Receiver: failed) does not tell. A name is compared with the fault code, its subcodes, the names of the elements in the detail, and the text of those whose name ends in "code".',
      additionalProperties: false,
      properties: {
        rejected: codes('No retry can help.', 'UNKNOWN_CUSTOMER'),
        failed: codes('May pass; it is tried again.', 'RECORD_LOCKED'),
        unavailable: codes('The whole system is down; the connection is paused.', 'MAINTENANCE'),
        credentials: codes('Our credentials are refused; the connection is paused.', 'LICENSE_EXPIRED'),
      },
    },
  },
};
