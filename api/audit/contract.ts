import { endpoint } from '../endpoint.ts';
import type { ActEvent } from '../../core/audit/index.ts';
import { NAME, OBJECT, PAGING, PERIOD, TEXT, TIME, UUID, pageOf } from '../shapes.ts';

/** The types of events that are listed: those of ACT_EVENTS, which a test holds them to. */
const ACTS = [
  'discarded',
  'retried',
  'rescheduled',
  'edited',
  'redriven',
  'connection_paused',
  'connection_resumed',
  'hub_started',
  'hub_stopped',
  'token_created',
  'token_revoked',
  'payload_read',
  'denied',
] as const satisfies readonly ActEvent[];

/** One fact of the audit log. `data` is what that type of event knows; never payloads or secrets. */
export const EVENT = {
  type: 'object',
  properties: {
    id: UUID,
    at: TIME,
    journeyId: UUID,
    messageId: UUID,
    route: TEXT,
    type: TEXT,
    data: OBJECT,
  },
  required: ['id', 'at', 'journeyId', 'type', 'data'],
  additionalProperties: false,
} as const;

export const listEvents = endpoint({
  name: 'listEvents',
  method: 'GET',
  path: '/audit',
  action: 'audit.read',
  summary: 'What people and the hub did, newest first',
  query: {
    type: 'object',
    properties: {
      ...PERIOD,
      type: { type: 'array', items: { enum: ACTS }, description: 'Only these; may be repeated.' },
      route: NAME,
      by: { ...NAME, description: 'Only acts of this principal.' },
      ...PAGING,
    },
    additionalProperties: false,
  },
  response: pageOf(EVENT),
});
