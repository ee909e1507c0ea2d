import { endpoint } from '../../core/http/server/index.ts';
import { COUNT, ID_PARAM, NAME, PAGING, PERIOD, TEXT, TEXTS, TIME, UUID, pageOf } from '../shapes.ts';

/** A message as lists show it: what is known without its payload. */
export const MESSAGE = {
  type: 'object',
  properties: {
    id: UUID,
    journeyId: UUID,
    causationId: UUID,
    source: { ...TEXT, description: '`<connection>/<mapping>` or `topic/<topic>`.' },
    type: { ...TEXT, description: "The message's schema, else the mapping's name." },
    acceptedAt: TIME,
    key: { ...TEXT, description: "The source's own id, after which duplicates are recognised." },
    keys: { ...TEXTS, description: 'Business keys: `{ "order": "4711" }`.' },
    contentType: TEXT,
    size: { ...COUNT, description: 'Of the payload, in bytes.' },
    routes: { type: 'array', items: TEXT, description: 'The deliveries that must become final.' },
    revision: { ...TEXT, description: 'Of the project that accepted it.' },
  },
  required: [
    'id',
    'journeyId',
    'source',
    'type',
    'acceptedAt',
    'keys',
    'contentType',
    'size',
    'routes',
    'revision',
  ],
  additionalProperties: false,
} as const;

/** Where one delivery of a message stands. */
export const DELIVERY = {
  type: 'object',
  properties: {
    route: TEXT,
    state: {
      enum: [
        'in_flight',
        'delivered',
        'filtered',
        'split',
        'discarded',
        'waiting',
        'sent',
        'in_doubt',
        'dead',
      ],
      description: 'A final outcome, the state of its failure, or in_flight.',
    },
    at: { ...TIME, description: 'Since when, where that is known.' },
    failureId: UUID,
  },
  required: ['route', 'state'],
  additionalProperties: false,
} as const;

export const MESSAGE_DETAIL = {
  type: 'object',
  properties: {
    ...MESSAGE.properties,
    headers: TEXTS,
    sha256: { ...TEXT, description: 'Of the payload, in hex.' },
    deliveries: { type: 'array', items: DELIVERY },
  },
  required: [...MESSAGE.required, 'headers', 'sha256', 'deliveries'],
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
      mapping: { ...NAME, description: 'Messages with a route of this mapping.' },
      route: { ...NAME, description: 'Messages with this route.' },
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
        pattern: '^[^=]+=.+$',
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
  response: {
    type: 'object',
    properties: {
      id: UUID,
      contentType: TEXT,
      size: { ...COUNT, description: 'In bytes.' },
      encoding: {
        enum: ['utf-8', 'base64'],
        description: 'How `payload` holds the bytes: as text where they are UTF-8.',
      },
      payload: TEXT,
    },
    required: ['id', 'contentType', 'size', 'encoding', 'payload'],
    additionalProperties: false,
  },
});
