import { ACT_EVENTS, FINDINGS } from '../../core/model/event.ts';
import { endpoint } from '../endpoint.ts';
import { COUNT, NAME, OBJECT, PAGING, PERIOD, TEXT, TIME, UUID, closed, pageOf } from '../shapes.ts';

/** One fact of the audit log. `data` is what that type of event knows; never payloads or secrets. */
export const EVENT = closed(
  {
    id: UUID,
    at: TIME,
    journeyId: UUID,
    messageId: UUID,
    route: TEXT,
    type: TEXT,
    data: OBJECT,
  },
  ['messageId', 'route'],
);

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

/** The last block of a chain, when it was asked for. */
const HEAD = closed({
  chain: { type: 'integer', minimum: 1 },
  seq: { type: 'integer', minimum: 1 },
  hash: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hex.' },
});

/** A place where the audit log is not what was written. */
const FINDING = closed(
  {
    kind: { enum: FINDINGS },
    block: { ...TEXT, description: '`3/1204` is the 1204th block of chain 3.' },
    eventId: UUID,
    text: TEXT,
  },
  ['block', 'eventId'],
);

export const verifyAudit = endpoint({
  name: 'verifyAudit',
  method: 'GET',
  path: '/audit/verification',
  action: 'audit.verify',
  summary:
    'Compare the audit log with the hashes that it was written with, a page of blocks at a time, oldest first',
  query: {
    type: 'object',
    properties: {
      since: { ...TIME, description: 'Only blocks written from this time on.' },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: 'Blocks at most; default 500. Fewer where they hold many events.',
      },
      after: { type: 'string', pattern: '^[0-9]{1,18}$', description: 'What `next` of the last page said.' },
      head: {
        type: 'array',
        items: { type: 'string', pattern: '^[0-9]{1,9}:[0-9]{1,15}:[0-9a-f]{64}$' },
        maxItems: 100,
        description:
          'A head that was kept, as `chain:seq:hash`: this block must still be there. May be repeated.',
      },
    },
    additionalProperties: false,
  },
  response: closed(
    {
      blocks: COUNT,
      events: COUNT,
      expired: { ...COUNT, description: 'Blocks whose events have been dropped by retention.' },
      findings: { type: 'array', items: FINDING },
      next: TEXT,
      heads: {
        type: 'array',
        items: HEAD,
        description: 'On the last page: the last block of each chain, to be kept elsewhere.',
      },
    },
    ['next', 'heads'],
  ),
});
