import { endpoint } from '../endpoint.ts';
import { EVENT } from '../audit/contract.ts';
import { DELIVERY, MESSAGE } from '../messages/contract.ts';
import { ID_PARAM, UUID, closed } from '../shapes.ts';

export const getJourney = endpoint({
  name: 'getJourney',
  method: 'GET',
  path: '/messages/{id}/journey',
  action: 'messages.read',
  summary: 'All that is recorded about a message, where it came from and what descends from it',
  params: ID_PARAM,
  response: closed({
    id: { ...UUID, description: 'Of the first message.' },
    messages: { type: 'array', items: MESSAGE, description: 'In the order of acceptance.' },
    events: { type: 'array', items: EVENT, description: 'In the order of time.' },
    deliveries: { type: 'array', items: DELIVERY, description: 'One for each message and route.' },
  }),
});
