import { ACT_EVENTS } from '../../core/model/event.ts';
import { endpoint } from '../endpoint.ts';
import { NAME, OBJECT, PAGING, PERIOD, TEXT, TIME, UUID, pageOf } from '../shapes.ts';

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
      type: { type: 'array', items: { enum: ACT_EVENTS }, description: 'Only these; may be repeated.' },
      route: NAME,
      by: { ...NAME, description: 'Only acts of this principal.' },
      ...PAGING,
    },
    additionalProperties: false,
  },
  response: pageOf(EVENT),
});
