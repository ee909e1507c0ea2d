import { DURATION_PATTERN } from '../model/duration.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import { DEFAULT_RETRY } from '../model/retry.ts';
import { SIZE_PATTERN } from './size.ts';

/** A name that can stand in a URL, a queue and a file name. */
const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_.-]*$';

const duration = (description: string, example: string): JsonSchema => ({
  type: 'string',
  description,
  pattern: DURATION_PATTERN,
  examples: [example],
});

const count = (description: string, minimum = 1): JsonSchema => ({ type: 'integer', description, minimum });

const expression = (description: string, example: string): JsonSchema => ({
  type: 'string',
  description: `${description} A JSONata expression.`,
  minLength: 1,
  examples: [example],
});

const name = (description: string, example: string): JsonSchema => ({
  type: 'string',
  description,
  pattern: NAME_PATTERN,
  maxLength: 100,
  examples: [example],
});

const object = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  more: JsonSchema = {},
): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
  ...more,
});

const RETRY = object('How long and how often a delivery is tried. What is left out has its default.', {
  immediate: {
    ...count('Retries at once, before a delay is used.', 0),
    maximum: 10,
    default: DEFAULT_RETRY.immediate,
  },
  delays: {
    type: 'array',
    description: 'The waits between later attempts; when they are used up the delivery is dead.',
    maxItems: 50,
    items: duration('One wait.', '5m'),
    examples: [['10s', '1m', '5m', '30m', '2h', '6h']],
  },
  max_age: duration('From acceptance on; past it nothing is retried any more. Default 24h.', '24h'),
  repeat_in_doubt: {
    type: 'boolean',
    description: 'Repeat an action that is not safe to repeat when it may have happened. Default false.',
    default: false,
  },
});

/** The form of `config/hub.yaml`. */
export const HUB_FORM: JsonSchema = object('The hub itself. Every key has a default.', {
  namespace: {
    type: 'string',
    description: 'Separates hubs on one broker and in one database. Default crossdock.',
    pattern: '^[a-z][a-z0-9_]{0,30}$',
    default: 'crossdock',
    examples: ['crossdock', 'acme_test'],
  },
  intake: object('What the hub takes in.', {
    max_body: {
      type: ['string', 'integer'],
      description: 'The largest body of a request: a size or a number of bytes. Default 1MiB.',
      pattern: SIZE_PATTERN,
      minimum: 1,
      examples: ['1MiB', '512KiB'],
    },
  }),
  limits: object('What one message may cost.', {
    expression: object('Of one evaluation of an expression.', {
      timeout: duration('Default 500ms.', '500ms'),
      stack: count('Depth of calls and members. Default 2000.'),
      sequence: count('Length of a list. Default 100000.'),
    }),
  }),
  outbound: object('Where connections may go.', {
    allow: {
      type: 'array',
      description: 'Internal addresses that connections may reach. The internet is open, all else is closed.',
      items: {
        type: 'string',
        description: 'An address or a network, with a port if only that one is meant.',
        pattern: '^[0-9A-Za-z.:\\[\\]/_-]+$',
        examples: ['127.0.0.1:7401', '10.1.0.0/16'],
      },
    },
  }),
  retry: RETRY,
  retention: object('How long things are kept.', {
    messages: duration('Messages and events. Default 400d.', '400d'),
    payloads: duration('The bytes of messages. Default 30d.', '30d'),
    dedupe: duration('Ids after which duplicates are recognised. Default 8d.', '8d'),
  }),
  queues: object('The queues of the transport. Queues are short: the backlog waits in the store.', {
    max_length: count(
      'Messages that may wait in one queue; in RabbitMQ one carries up to 8 deliveries of a long backlog. Default 20000.',
    ),
    delivery_limit: count(
      'How often a delivery may come back unsettled, because the process that had it ended, before it is a dead failure. Default 20.',
    ),
  }),
  shutdown: object('How the hub ends.', {
    grace: duration('Time for deliveries in hand. Default 20s.', '20s'),
  }),
  roles: {
    type: 'object',
    description: 'Roles beside the built-in ones: name → the actions that it grants.',
    propertyNames: { pattern: NAME_PATTERN, examples: ['finance-operator'] },
    additionalProperties: {
      type: 'array',
      description: 'Actions, or groups of them.',
      items: { type: 'string', description: 'An action, or a group of them with * at its end.' },
    },
    examples: [{ 'finance-operator': ['failures.*', 'messages.read'] }],
  },
});

/** The form of one entry of `config/connections.yaml`. */
export const CONNECTION_FORM: JsonSchema = object(
  'One configured, credentialed instance of a connector.',
  {
    connector: {
      type: 'string',
      description: 'Its kind; `crossdock connectors list` has all.',
      examples: ['rest'],
    },
    description: { type: 'string', description: 'What it is for.', examples: ['The web shop in Europe.'] },
    with: {
      type: 'object',
      description: 'The settings of the connector. Secrets as ${env:NAME} or ${file:PATH}.',
      examples: [{ base_url: 'https://crm.example.com/v2' }],
    },
    limits: object('What the system behind it can take, per process.', {
      concurrency: { ...count('Deliveries in hand at a time. Default 16.'), maximum: 1000 },
      rate: {
        type: ['string', 'number'],
        description: 'Requests: a number per second, or a number per s, m or h. Default no limit.',
        pattern: '^[0-9]+(\\.[0-9]+)?/(s|m|h)$',
        exclusiveMinimum: 0,
        examples: ['10/s', '300/m'],
      },
      timeout: duration('For one action. Default 30s.', '30s'),
    }),
    breaker: object('When the connection is paused because the system is out.', {
      failures: count('Outages in a row that pause it. Default 5.'),
      pause: duration('Until the first probe; doubles up to max_pause. Default 5s.', '5s'),
      max_pause: duration('Default 1m.', '1m'),
    }),
  },
  { required: ['connector'] },
);

/** The form of `config/connections.yaml`. */
export const CONNECTIONS_FORM: JsonSchema = {
  type: 'object',
  description: 'The connections of the hub: name → connection.',
  propertyNames: { pattern: NAME_PATTERN, maxLength: 100, examples: ['shop', 'crm-eu'] },
  additionalProperties: CONNECTION_FORM,
};

const MAP: JsonSchema = {
  type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
  description:
    'What is made of the message. Every string is a JSONata expression; { const: EUR } is a constant; ' +
    '{ file: deal.jsonata } is an expression in a file beside the mapping.',
  examples: [{ OrderRef: 'id', Currency: { const: 'EUR' } }],
};

const STEP: JsonSchema = object(
  'One step; it does one thing.',
  {
    filter: expression('Only messages for which this is true go on.', 'status = "paid"'),
    validate: {
      type: 'string',
      description: 'The name of a schema that the body must fit.',
      examples: ['sales/order@1'],
    },
    map: { ...MAP, description: `Makes a new body. ${String(MAP['description'])}` },
    enrich: object(
      'Joins the result of an action that reads to the body.',
      {
        as: {
          ...name('The member of the body that the result becomes.', 'account'),
          pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        },
        connection: { type: 'string', description: 'The connection to ask.', examples: ['crm'] },
        action: {
          type: 'string',
          description: 'One of its actions that change nothing.',
          examples: ['find-account'],
        },
        with: { ...MAP, description: `The input of the action. ${String(MAP['description'])}` },
      },
      { required: ['as', 'connection', 'action'] },
    ),
    split: expression('Each item becomes a message of its own.', 'lines'),
  },
  { minProperties: 1, maxProperties: 1 },
);

const TARGET: JsonSchema = object(
  'One of the systems (or a topic) that messages go to: a route of its own.',
  {
    target: name('Its name, unique in this mapping.', 'erp'),
    connection: { type: 'string', description: 'The connection to the system.', examples: ['erp'] },
    action: { type: 'string', description: 'What is done there.', examples: ['CreateSalesOrder'] },
    topic: name('The topic that other mappings start from.', 'sales/order@1'),
    when: expression('Only messages for which this is true go here.', '$exists(customer.email)'),
    map: MAP,
    retry: { ...RETRY, description: 'Instead of the retry of the mapping.' },
  },
  { required: ['target'] },
);

const TOPIC_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_.@/-]*$';

/** The form of a mapping file, `mappings/<domain>/<name>.yaml`. */
export const MAPPING_FORM: JsonSchema = object(
  'From one source, through steps, to one or more targets.',
  {
    description: {
      type: 'string',
      description: 'What this integration does, in a sentence for its operators.',
      examples: ['Paid web-shop orders become sales orders in the ERP.'],
    },
    from: object(
      'Where the messages come from: a source of a connection, or a topic.',
      {
        connection: { type: 'string', description: 'The connection to the system.', examples: ['shop'] },
        source: { type: 'string', description: 'One of its sources.', examples: ['webhook'] },
        with: {
          type: 'object',
          description: 'The options of the source.',
          examples: [{ events: ['order.paid'] }],
        },
        schedule: {
          type: ['string', 'object'],
          description: 'When the source is asked: a cron expression, in UTC unless a time zone is given.',
          additionalProperties: false,
          required: ['cron'],
          properties: {
            cron: {
              type: 'string',
              description: 'Five fields, or six with seconds first.',
              examples: ['*/5 * * * *'],
            },
            timezone: { type: 'string', description: 'IANA name. Default UTC.', examples: ['Europe/Berlin'] },
          },
          examples: ['*/5 * * * *'],
        },
        topic: { ...name('The topic to start from.', 'sales/order@1'), pattern: TOPIC_PATTERN },
      },
      { examples: [{ connection: 'shop', source: 'webhook' }] },
    ),
    message: object('What a message is.', {
      schema: {
        type: 'string',
        description: 'The schema that the body must fit.',
        examples: ['sales/order@1'],
      },
      id: expression('After this duplicates are recognised.', 'id'),
      keys: {
        type: 'object',
        description: 'Business keys to find a journey by.',
        propertyNames: { pattern: NAME_PATTERN, examples: ['order'] },
        additionalProperties: expression('The value of the key.', 'customer.id'),
        examples: [{ order: 'id' }],
      },
    }),
    steps: { type: 'array', description: 'What happens to a message, in this order.', items: STEP },
    to: {
      type: 'array',
      description: 'Where the messages go.',
      minItems: 1,
      items: withTopicPattern(TARGET),
    },
    retry: RETRY,
  },
  { required: ['from', 'to'] },
);

function withTopicPattern(target: JsonSchema): JsonSchema {
  const properties = target['properties'] as Readonly<Record<string, JsonSchema>>;
  return {
    ...target,
    properties: { ...properties, topic: { ...properties['topic'], pattern: TOPIC_PATTERN } },
  };
}
