import { endpoint } from '../endpoint.ts';
import { COUNT, FLAG, OBJECT, TEXT, TIME, closed } from '../shapes.ts';

export const getHealth = endpoint({
  name: 'getHealth',
  method: 'GET',
  path: '/health',
  action: 'health.read',
  summary: 'The state of all parts of this process, in detail',
  response: closed({
    ready: { ...FLAG, description: 'All parts are ready that this process needs.' },
    degraded: { ...FLAG, description: 'Ready, but a part is not that it can do without for a while.' },
    version: TEXT,
    revision: TEXT,
    startedAt: TIME,
    roles: { type: 'array', items: TEXT },
    parts: {
      type: 'array',
      items: closed(
        {
          name: { ...TEXT, description: '`store`, `transport`, ...' },
          ready: FLAG,
          needed: { ...FLAG, description: 'The process is of no use without it.' },
          reason: { ...TEXT, description: 'Why it is not ready.' },
          details: OBJECT,
        },
        ['reason', 'details'],
      ),
    },
    routes: {
      type: 'array',
      items: closed(
        {
          name: TEXT,
          queued: {
            ...COUNT,
            description:
              'Messages in its queue, of which one may carry a bundle of deliveries; missing where that is not known.',
          },
          removed: { ...FLAG, description: 'No mapping has it any more, but something waits for it.' },
          outbox: { ...COUNT, description: 'Waiting to be put into its queue.' },
          failures: { type: 'object', additionalProperties: COUNT, description: 'State → how many.' },
        },
        ['queued'],
      ),
    },
  }),
});
