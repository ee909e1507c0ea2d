import { endpoint } from '../../core/http/server/index.ts';
import { EVENT } from '../audit/contract.ts';
import { FAILURE } from '../failures/contract.ts';
import { MESSAGE } from '../messages/contract.ts';
import { ID_PARAM, UUID } from '../shapes.ts';

export const getJourney = endpoint({
  name: 'getJourney',
  method: 'GET',
  path: '/messages/{id}/journey',
  action: 'messages.read',
  summary: 'All that is recorded about a message and what descends from it, oldest first',
  params: ID_PARAM,
  response: {
    type: 'object',
    properties: {
      journeyId: UUID,
      messages: { type: 'array', items: MESSAGE },
      events: { type: 'array', items: EVENT },
      failures: { type: 'array', items: FAILURE },
    },
    required: ['journeyId', 'messages', 'events', 'failures'],
    additionalProperties: false,
  },
});
