import { ERRORS } from '../../core/model/errors.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import { endpoint } from '../endpoint.ts';
import {
  COUNT,
  FLAG,
  ID_PARAM,
  NAME,
  PAGING,
  PERIOD,
  TEXT,
  TIME,
  UUID,
  WHY,
  closed,
  listOf,
  pageOf,
} from '../shapes.ts';

const CODE = { enum: Object.keys(ERRORS) as readonly ErrorCode[] } as const;
const STATE = { enum: ['waiting', 'sent', 'in_doubt', 'dead'] } as const;

/** A failure as lists show it. */
export const FAILURE = closed(
  {
    id: UUID,
    messageId: UUID,
    journeyId: UUID,
    route: TEXT,
    state: STATE,
    code: CODE,
    error: TEXT,
    path: { ...TEXT, description: 'Where in the data or the mapping.' },
    reason: { enum: ['permanent', 'attempts_exhausted', 'too_old'] },
    attempts: COUNT,
    step: COUNT,
    fingerprint: { ...TEXT, description: 'What is alike fails alike.' },
    firstFailedAt: TIME,
    lastFailedAt: TIME,
    dueAt: { ...TIME, description: 'When it is sent again; only of waiting ones.' },
    edited: FLAG,
  },
  ['path', 'reason', 'dueAt'],
);

const FAILURE_DETAIL = {
  type: 'object',
  properties: {
    ...FAILURE.properties,
    help: { ...TEXT, description: 'What a person can do about this code.' },
    response: {
      ...TEXT,
      description: "The head of the target's answer; only for those who may read payloads.",
    },
    output: {
      ...TEXT,
      description: 'What was sent to the target, as JSON; only for those who may read payloads.',
    },
  },
  required: [...FAILURE.required, 'help'],
  additionalProperties: false,
} as const;

/** Which failures: all members must match. */
const FILTER = {
  state: STATE,
  route: NAME,
  mapping: NAME,
  domain: NAME,
  code: CODE,
  fingerprint: NAME,
  messageId: UUID,
  ...PERIOD,
} as const;

export const listFailures = endpoint({
  name: 'listFailures',
  method: 'GET',
  path: '/failures',
  action: 'failures.list',
  summary: 'Failures, the latest first',
  query: { type: 'object', properties: { ...FILTER, ...PAGING }, additionalProperties: false },
  response: pageOf(FAILURE),
});

export const groupFailures = endpoint({
  name: 'groupFailures',
  method: 'GET',
  path: '/failures/groups',
  action: 'failures.list',
  summary: 'Failures that are alike, counted',
  query: { type: 'object', properties: FILTER, additionalProperties: false },
  response: listOf(
    closed({
      fingerprint: TEXT,
      route: TEXT,
      code: CODE,
      error: { ...TEXT, description: 'Of one of them.' },
      count: COUNT,
      states: {
        type: 'object',
        additionalProperties: COUNT,
        description: 'How many are in which state.',
      },
      firstFailedAt: TIME,
      lastFailedAt: TIME,
      sampleId: { ...UUID, description: 'The failure that failed last.' },
    }),
  ),
});

export const getFailure = endpoint({
  name: 'getFailure',
  method: 'GET',
  path: '/failures/{id}',
  action: 'failures.list',
  summary: 'One failure with all that is known',
  params: ID_PARAM,
  response: FAILURE_DETAIL,
});

/** What to act on, shared by all acts on many: `ids` or `filter`, one of them. */
const SELECTION = {
  ids: { type: 'array', items: UUID, minItems: 1, maxItems: 1000 },
  filter: {
    type: 'object',
    properties: FILTER,
    additionalProperties: false,
    description: 'All that match; an empty one matches every failure that the act can be done to.',
  },
  why: WHY,
  dryRun: { ...FLAG, description: 'Only count: `remaining` says how many it would be.' },
  limit: {
    type: 'integer',
    minimum: 1,
    maximum: 5000,
    description: 'At most this many in one request; default 500. Ask again until `remaining` is 0.',
  },
} as const;

/** How far an act on many got. A client repeats its request until nothing remains. */
export const PROGRESS = closed({
  done: { ...COUNT, description: 'By this request.' },
  remaining: { ...COUNT, description: 'Still to do; for a dry run: all that match.' },
});

export const retryFailures = endpoint({
  name: 'retryFailures',
  method: 'POST',
  path: '/failures/retry',
  action: 'failures.retry',
  summary: 'Send failed deliveries again, now',
  body: { type: 'object', properties: SELECTION, additionalProperties: false },
  response: PROGRESS,
});

export const rescheduleFailures = endpoint({
  name: 'rescheduleFailures',
  method: 'POST',
  path: '/failures/reschedule',
  action: 'failures.reschedule',
  summary: 'Set when waiting deliveries are sent again',
  body: {
    type: 'object',
    properties: { ...SELECTION, dueAt: TIME },
    required: ['dueAt'],
    additionalProperties: false,
  },
  response: PROGRESS,
});

export const discardFailures = endpoint({
  name: 'discardFailures',
  method: 'POST',
  path: '/failures/discard',
  action: 'failures.discard',
  summary: 'Give failed deliveries up, for good',
  body: {
    type: 'object',
    properties: SELECTION,
    required: ['why'],
    additionalProperties: false,
  },
  response: PROGRESS,
});

export const editFailure = endpoint({
  name: 'editFailure',
  method: 'POST',
  path: '/failures/{id}/edit',
  action: 'failures.edit',
  summary: 'Replace the body that a failed delivery is retried with; it is not sent by this',
  params: ID_PARAM,
  body: closed(
    {
      body: { description: 'The new body as JSON, for a message that is JSON.' },
      payload: {
        ...TEXT,
        description: "Instead of `body`: the new bytes as text, in the message's content type.",
      },
      why: WHY,
    },
    ['body', 'payload'],
  ),
  response: FAILURE,
  maxBodyBytes: 16 * 1024 * 1024,
});
