import { endpoint } from '../../core/http/server/index.ts';
import { PROGRESS } from '../failures/contract.ts';
import { COUNT, FLAG, OBJECT, TEXT, TIME, WHY } from '../shapes.ts';

export const getReconciliation = endpoint({
  name: 'getReconciliation',
  method: 'GET',
  path: '/reconcile',
  action: 'reconcile.read',
  summary: 'Prove that every accepted delivery is final, in flight or a visible failure',
  query: {
    type: 'object',
    properties: {
      since: { ...TIME, description: 'Only messages accepted from then on; default all that are kept.' },
    },
    additionalProperties: false,
  },
  response: {
    type: 'object',
    properties: {
      balanced: { ...FLAG, description: 'Nothing is missing.' },
      at: TIME,
      deliveries: { ...COUNT, description: 'That accepted messages asked for.' },
      final: { ...COUNT, description: 'delivered, filtered, split or discarded.' },
      outbox: COUNT,
      failures: COUNT,
      inTransport: { ...COUNT, description: 'Neither: they should be with the transport.' },
      missing: { ...COUNT, description: 'Of those, the ones that the transport does not have.' },
      routes: { type: 'array', items: OBJECT },
      note: TEXT,
    },
    required: ['balanced', 'at', 'deliveries', 'final', 'outbox', 'failures'],
    additionalProperties: false,
  },
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
      route: TEXT,
      why: WHY,
      dryRun: { ...FLAG, description: 'Only count.' },
    },
    additionalProperties: false,
  },
  response: PROGRESS,
});
