import { endpoint } from '../endpoint.ts';
import { COUNT, ID_PARAM, NAME, PAGING, PERIOD, TEXT, TEXTS, TIME, UUID, closed, pageOf } from '../shapes.ts';

/** A message as it was accepted, without its payload. */
export const MESSAGE = closed(
  {
    id: UUID,
    journeyId: { ...UUID, description: 'The first message of the journey; its own id for a first message.' },
    causationId: { ...UUID, description: 'The message that it was made from (split, topic).' },
    source: { ...TEXT, description: '`<connection>/<mapping>` or `topic/<topic>`.' },
    type: { ...TEXT, description: "The message's schema, else the mapping's name." },
    time: { ...TIME, description: 'When the hub accepted it.' },
    key: { ...TEXT, description: "The source's own id, after which duplicates are recognised." },
    keys: { ...TEXTS, description: 'Business keys: `{ "order": "4711" }`.' },
    contentType: TEXT,
    headers: { ...TEXTS, description: 'The few that were kept.' },
    routes: { type: 'array', items: TEXT, description: 'The deliveries that must become final.' },
    revision: { ...TEXT, description: 'Of the project that accepted it.' },
    size: { ...COUNT, description: 'Of the payload, in bytes.' },
    sha256: { ...TEXT, description: 'Of the payload, in hex.' },
  },
  ['causationId', 'key'],
);

/** Where one delivery of a message stands. */
export const DELIVERY = closed(
  {
    messageId: UUID,
    route: TEXT,
    state: {
      enum: [
        'outbox',
        'underway',
        'waiting',
        'in_doubt',
        'dead',
        'delivered',
        'filtered',
        'split',
        'discarded',
      ],
      description:
        'outbox: waits to be sent; underway: with the transport or a worker; waiting, in_doubt, dead: a failure; else final.',
    },
    failureId: UUID,
    attempts: { ...COUNT, description: 'Used so far, where there is a failure.' },
    dueAt: { ...TIME, description: 'When a waiting one is sent again.' },
  },
  ['failureId', 'attempts', 'dueAt'],
);

/** A message and where it stands. */
const MESSAGE_DETAIL = {
  type: 'object',
  properties: { ...MESSAGE.properties, deliveries: { type: 'array', items: DELIVERY } },
  required: [...MESSAGE.required, 'deliveries'],
  additionalProperties: false,
} as const;

export const listMessages = endpoint({
  name: 'listMessages',
  method: 'GET',
  path: '/messages',
  action: 'messages.list',
  summary: 'Messages, newest first',
  query: {
    type: 'object',
    properties: {
      ...PERIOD,
      source: { ...NAME, description: '`<connection>/<mapping>` or `topic/<topic>`.' },
      mapping: { ...NAME, description: 'What came through this mapping, or is delivered on its routes.' },
      domain: { ...NAME, description: 'The same for all mappings of a domain.' },
      type: NAME,
      ...PAGING,
    },
    additionalProperties: false,
  },
  response: pageOf(MESSAGE),
});

export const searchMessages = endpoint({
  name: 'searchMessages',
  method: 'GET',
  path: '/messages/search',
  action: 'messages.list',
  summary: 'Messages by a business key',
  query: {
    type: 'object',
    properties: {
      key: {
        type: 'string',
        pattern: '^[^=\\u0000]+=[^\\u0000]+$',
        maxLength: 500,
        description: 'Name and value: `order=4711`.',
      },
      ...PERIOD,
      ...PAGING,
    },
    required: ['key'],
    additionalProperties: false,
  },
  response: pageOf(MESSAGE),
});

export const getMessage = endpoint({
  name: 'getMessage',
  method: 'GET',
  path: '/messages/{id}',
  action: 'messages.read',
  summary: 'One message and where its deliveries stand',
  params: ID_PARAM,
  response: MESSAGE_DETAIL,
});

export const getPayload = endpoint({
  name: 'getPayload',
  method: 'GET',
  path: '/messages/{id}/payload',
  action: 'messages.read-payload',
  summary: 'What a message carries, as it came; audited',
  params: ID_PARAM,
  response: closed({
    id: UUID,
    contentType: TEXT,
    size: { ...COUNT, description: 'In bytes.' },
    encoding: {
      enum: ['utf-8', 'base64'],
      description: 'How `payload` holds the bytes: as text where they are UTF-8.',
    },
    payload: TEXT,
  }),
});
