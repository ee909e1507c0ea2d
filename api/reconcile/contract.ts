import { endpoint } from '../endpoint.ts';
import { PROGRESS } from '../failures/contract.ts';
import { COUNT, FLAG, NAME, PERIOD, TEXT, TIME, WHY, closed } from '../shapes.ts';

/** The books of one route. accepted = delivered + filtered + split + discarded + outbox + failures + open. */
const BALANCE = closed(
  {
    route: TEXT,
    accepted: { ...COUNT, description: 'Deliveries that accepted messages asked for.' },
    delivered: COUNT,
    filtered: COUNT,
    split: COUNT,
    discarded: COUNT,
    outbox: { ...COUNT, description: 'Wait to be published.' },
    failures: closed({ waiting: COUNT, in_doubt: COUNT, dead: COUNT }),
    open: { ...COUNT, description: 'In the transport, in hand, or lost.' },
    queued: {
      ...COUNT,
      description:
        'In the transport, at least: one message there may carry a bundle of deliveries. Missing where it is not known.',
    },
    held: { ...COUNT, description: 'With workers, at most, as they said last.' },
    overdue: { ...COUNT, description: 'Open for longer than `overdueAfter`.' },
    missing: {
      ...COUNT,
      description:
        'Overdue, and more than the transport and the workers can have: lost. Redrive sends them again.',
    },
    removed: {
      ...FLAG,
      description: 'No mapping has this route any more: what waits for it becomes dead failures.',
    },
    oldestOpenAt: TIME,
    repeated: { ...COUNT, description: 'Delivered more than once: the target was asked again.' },
  },
  ['queued', 'oldestOpenAt'],
);

/** Milliseconds; at most ten years. */
const OVERDUE_AFTER = { type: 'integer', minimum: 0, maximum: 315_360_000_000 } as const;

export const getReconciliation = endpoint({
  name: 'getReconciliation',
  method: 'GET',
  path: '/reconcile',
  action: 'reconcile.read',
  summary: 'Prove that every accepted delivery is final, in flight or a visible failure',
  query: {
    type: 'object',
    properties: {
      ...PERIOD,
      overdueAfter: {
        ...OVERDUE_AFTER,
        description: 'Milliseconds after which an open delivery counts as overdue; default 120000.',
      },
    },
    additionalProperties: false,
  },
  response: closed({
    at: TIME,
    balanced: { ...FLAG, description: 'Nothing is missing.' },
    routes: { type: 'array', items: BALANCE },
  }),
});

export const redrive = endpoint({
  name: 'redrive',
  method: 'POST',
  path: '/reconcile/redrive',
  action: 'reconcile.redrive',
  summary: 'Send deliveries that are stuck again',
  body: {
    type: 'object',
    properties: {
      route: { ...NAME, description: 'Only this one.' },
      overdueAfter: {
        ...OVERDUE_AFTER,
        description:
          'Milliseconds that a delivery must be open; default 120000, and then only where the queue is empty and no worker holds anything. 0 sends again all that is not final.',
      },
      why: WHY,
      dryRun: { ...FLAG, description: 'Only count.' },
    },
    additionalProperties: false,
  },
  response: PROGRESS,
});
