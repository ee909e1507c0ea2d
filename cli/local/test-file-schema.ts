import { ERRORS } from '../../core/model/errors.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';

const FAILURE: JsonSchema = {
  type: 'object',
  properties: {
    code: { enum: Object.keys(ERRORS), description: 'The error code, as in docs/reference/errors.md.' },
    path: { type: 'string', description: 'Where in the data or the mapping.', examples: ['/lines'] },
    target: {
      type: 'string',
      description: 'Only this target; default all that nothing else is said of.',
      examples: ['erp'],
    },
    part: { type: 'integer', minimum: 1, description: 'Which part of a split, from 1; default any.' },
  },
  required: ['code'],
  additionalProperties: false,
};

/** The form of a `*.test.yaml` file. */
export const TEST_FILE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    cases: {
      type: 'array',
      description: 'What the mapping is to do, case by case.',
      examples: [[{ name: 'an open order goes nowhere', input: { status: 'open' }, filtered: true }]],
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            description: 'What the case shows, as a sentence.',
            examples: ['a paid order becomes a sales order'],
          },
          input: {
            description: "The message's body, or { file: path } of a file that holds it.",
            examples: [{ file: '../../samples/order.json' }],
          },
          headers: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'Transport headers, for $message.headers.',
            examples: [{ 'x-shop': 'eu' }],
          },
          time: {
            type: 'string',
            format: 'date-time',
            description:
              'When the hub accepted the message, for $message.time. Default 2026-01-01T00:00:00.000Z.',
            examples: ['2026-03-01T12:00:00.000Z'],
          },
          given: {
            type: 'object',
            description:
              'Answers for enrich steps, by the name that the step gives them. { fails: CODE } is a question that fails; { in_order: [...] } answers several questions one after the other.',
            examples: [{ account: { erpCode: 'K-1001' } }],
          },
          message: {
            type: 'object',
            description: "What intake finds by the mapping's message.id and message.keys.",
            properties: {
              id: {
                type: ['string', 'number'],
                description: 'The id after which duplicates are recognised.',
                examples: ['4711'],
              },
              keys: {
                type: 'object',
                additionalProperties: { type: ['string', 'number'] },
                description: 'All business keys.',
                examples: [{ order: '4711' }],
              },
            },
            minProperties: 1,
            additionalProperties: false,
          },
          split: {
            type: 'array',
            description: 'The bodies that the first split makes.',
            examples: [[{ sku: 'MUG-1' }, { sku: 'PEN-9' }]],
          },
          expect: {
            type: 'object',
            description: 'Target → its whole output; a list of outputs where the mapping splits.',
            examples: [{ erp: { OrderRef: '4711' } }],
          },
          filtered: {
            oneOf: [{ const: true }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
            description: 'The targets that get nothing; true for all.',
          },
          fails: {
            description: 'The failure that is expected; a list where targets fail differently.',
            anyOf: [FAILURE, { type: 'array', items: FAILURE, minItems: 1 }],
          },
          todo: {
            type: 'string',
            minLength: 1,
            description: 'Why the case can not run yet; it is listed and not run.',
            examples: ['the ERP has no cancellations yet'],
          },
        },
        required: ['name', 'input'],
        anyOf: ['expect', 'filtered', 'fails', 'message', 'split', 'todo'].map((name) => ({
          required: [name],
        })),
        additionalProperties: false,
      },
    },
  },
  required: ['cases'],
  additionalProperties: false,
};
