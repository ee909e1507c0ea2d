import { must, type GoodMapping } from './setting.ts';

const text = { type: 'string' };

/** A mapping of messages of this schema, which is its own. */
const of = (name: string, schema: Readonly<Record<string, unknown>>, mapping: string): GoodMapping => ({
  name,
  mapping: mapping.replace('sales/order@1', 'sales/own@1'),
  files: { 'schemas/sales/own@1.json': JSON.stringify(schema) },
});

/** Schemas that say less than it seems. */
export const GOOD_SCHEMAS: readonly GoodMapping[] = [
  of(
    'a schema that has its kind by its keywords alone',
    {
      type: 'object',
      required: ['buyer'],
      properties: { buyer: { $ref: '#/$defs/buyer' } },
      $defs: {
        buyer: { required: ['id', 'limit'], properties: { id: text, limit: { type: 'number' } } },
      },
    },
    must('ref: buyer.id\namount: buyer.limit'),
  ),
];
