import { must, setting, type GoodMapping } from './setting.ts';

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
  of(
    'names that a condition brings',
    {
      type: 'object',
      required: ['kind', 'total'],
      properties: { kind: { enum: ['b', 'p'] }, total: text },
      if: { properties: { kind: { const: 'b' } } },
      then: { properties: { totals: { type: 'object', properties: { net: text } } } },
    },
    setting('text: totals.net'),
  ),
  of(
    'a closed schema of conditions',
    {
      type: 'object',
      required: ['id', 'paid'],
      properties: { id: text, paid: { type: 'boolean' }, total: { type: 'number' } },
      allOf: [
        {
          if: { properties: { paid: { const: true } } },
          then: { required: ['total'], properties: { paidAt: text } },
        },
      ],
      unevaluatedProperties: false,
    },
    must('ref: paidAt ?? id\namount: "paid ? total : 0"'),
  ),
  of(
    'a value that a refinement rules out',
    {
      allOf: [
        {
          type: 'object',
          required: ['status'],
          properties: { status: { enum: ['open', 'won', 'lost', 'void'] } },
        },
        { properties: { status: { not: { const: 'void' } } } },
      ],
    },
    setting('stage: status'),
  ),
  of(
    'a list of which each place has its own kind',
    {
      type: 'object',
      required: ['pair'],
      properties: {
        pair: {
          type: 'array',
          prefixItems: [{ type: 'object', properties: { name: text } }, { type: 'number' }],
          items: false,
          minItems: 2,
        },
      },
    },
    setting('text: pair[0].name\nprice: pair[1]'),
  ),
  of(
    'members that depend on others',
    {
      type: 'object',
      required: ['id'],
      properties: { id: text, email: text, name: text, zip: text, city: text, vat: text, tax: text },
      dependentRequired: { email: ['name'] },
      dependentSchemas: { zip: { required: ['city'] } },
      not: { required: ['vat', 'tax'] },
    },
    must('ref: "email ? name : zip ? city : id"\namount: "vat ? 1 : tax ? 2 : 3"'),
  ),
  of(
    'one of two that a schema asks for',
    {
      type: 'object',
      properties: { email: text, phone: text },
      anyOf: [{ required: ['email'] }, { $ref: '#/$defs/reachable' }],
      $defs: { reachable: { required: ['phone'] } },
    },
    must('ref: "email ? email : phone"\namount: { const: 1 }'),
  ),
  of(
    'what a condition asks of a member of a member',
    {
      type: 'object',
      required: ['kind', 'buyer'],
      properties: {
        kind: { enum: ['b', 'p'] },
        buyer: { type: 'object', properties: { vat: { type: ['string', 'null'] } } },
      },
      if: { properties: { kind: { const: 'b' } } },
      then: { properties: { buyer: { required: ['vat'], properties: { vat: { type: 'string' } } } } },
    },
    must('ref: \'kind = "b" ? buyer.vat : "none"\'\namount: { const: 1 }'),
  ),
];
