import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import {
  convertSchema,
  operationsOf,
  readOpenApi,
  requestBody,
  responseBody,
  schemaRegistry,
  schemasOf,
  type BodyDirection,
  type OpenApiDocument,
  type OpenApiOperation,
} from '../../../../core/language/index.ts';
import type { JsonSchema } from '../../../../core/model/json-schema.ts';
import { propertyRuns } from '../../../support/properties.ts';

const shelter = readOpenApi(readFileSync(new URL('animal-shelter.yaml', import.meta.url)));

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

function operation(id: string): OpenApiOperation {
  return operationsOf(shelter).find((one) => one.id === id) as OpenApiOperation;
}

function schemaOf(document: OpenApiDocument, name: string): JsonSchema {
  return schemasOf(document).find((one) => one.name === name)?.schema ?? {};
}

function importSchema(name: string, direction?: BodyDirection, document = shelter): JsonSchema {
  return convertSchema(document, schemaOf(document, name), direction).schema;
}

function members(schema: JsonSchema): Record<string, JsonSchema> {
  return schema['properties'] as Record<string, JsonSchema>;
}

/** What is wrong with the schema, in a project, and with the values against it. */
function faults(schema: JsonSchema, ...values: readonly unknown[]): readonly string[] {
  const registry = schemaRegistry(new Map([['made@1', schema]]));
  const wrong = registry.check('made@1').map(({ path, message }) => `schema ${path}: ${message}`);
  if (wrong.length > 0) return wrong;
  return values.flatMap((value) =>
    registry
      .compile('made@1')(value)
      .map(({ path, message }) => `${path} ${message}`),
  );
}

function document31(schemas: object): OpenApiDocument {
  return readOpenApi(Buffer.from(JSON.stringify({ openapi: '3.1.0', info: {}, components: { schemas } })));
}

describe('An OpenAPI document', () => {
  it('says what there is to import', () => {
    assert.equal(shelter.title, 'Animal shelter');
    assert.equal(shelter.version, '3.0');
    assert.deepEqual(
      operationsOf(shelter).map(({ id, request, summary }) => [id, request, summary]),
      [
        ['listAnimals', 'GET /animals', 'All animals that wait for a home.'],
        ['addAnimal', 'POST /animals', 'Takes in an animal.'],
        ['POST /animals/{id}/visits', 'POST /animals/{id}/visits', 'Books a visit.'],
      ],
    );
    assert.deepEqual(
      schemasOf(shelter)
        .slice(0, 3)
        .map(({ name }) => name),
      ['Animal', 'Moment', 'Person'],
    );
  });

  it('finds bodies behind references, JSON before all else, and the answer that means success', () => {
    assert.equal(requestBody(shelter, operation('addAnimal'))?.mediaType, 'application/json');
    assert.equal(requestBody(shelter, operation('listAnimals')), undefined);
    const answer = responseBody(shelter, operation('addAnimal'), undefined);
    assert.deepEqual([answer?.status, answer?.mediaType], ['201', 'application/json; charset=utf-8']);
    assert.equal(responseBody(shelter, operation('addAnimal'), '422')?.mediaType, 'application/problem+json');
    assert.equal(responseBody(shelter, operation('POST /animals/{id}/visits'), undefined), undefined);
  });

  it('becomes a schema that a project may hold, with all that it refers to', () => {
    const schema = importSchema('Animal');
    assert.equal(schema['$schema'], DRAFT);
    assert.equal(schema['description'], 'An animal in our care.');
    assert.deepEqual(Object.keys(schema['$defs'] as object), ['Moment', 'Person']);
    assert.deepEqual(members(schema)['name'], { minLength: 1, examples: ['Rex'], type: 'string' });
    assert.equal(members(schema)['id']?.['readOnly'], true);
    const animal = { id: '0192a3b4-0000-7000-8000-000000000001', name: 'Rex', kind: 'dog', pin: '1' };
    assert.deepEqual(
      faults(schema, animal, { ...animal, mother: animal }, { ...animal, mother: null, kind: null }),
      [],
    );
    assert.ok(faults(schema, { ...animal, mother: { name: '' } }).includes('/mother "pin" is missing'));
  });

  it('says with types what nullable says', () => {
    const { kind, mother } = members(importSchema('Animal')) as { kind: JsonSchema; mother: JsonSchema };
    assert.deepEqual(kind, { type: ['string', 'null'], enum: ['cat', 'dog', 'other', null] });
    assert.deepEqual(mother, {
      description: 'If it is here as well.',
      anyOf: [{ $ref: '#' }, { type: 'null' }],
    });
  });

  it('leaves out what does not go that way', () => {
    const request = importSchema('Animal', 'request');
    assert.deepEqual(request['required'], ['name', 'kind', 'pin']);
    assert.equal(members(request)['id'], undefined);
    assert.equal(members(request)['createdAt'], undefined);
    assert.deepEqual(members(request)['pin'], { type: 'string', format: 'password', 'x-sensitive': true });
    const response = importSchema('Animal', 'response');
    assert.deepEqual(response['required'], ['id', 'name', 'kind']);
    assert.equal(members(response)['pin'], undefined);
    assert.equal(members(response)['id']?.['readOnly'], undefined);
  });

  it('says what has no place in the schema', () => {
    const { leftOut } = convertSchema(shelter, schemaOf(shelter, 'Animal'), undefined);
    assert.deepEqual(leftOut, ['format decimal', 'pattern ^(?=[0-9])[0-9]{15}$', 'type', 'x-…']);
  });

  it('has exclusive bounds as numbers, and examples as lists', () => {
    const { schema: body } = requestBody(shelter, operation('POST /animals/{id}/visits')) as {
      schema: JsonSchema;
    };
    const { schema, leftOut } = convertSchema(shelter, body, 'request');
    const { day, guests } = members(schema);
    assert.deepEqual(leftOut, []);
    assert.deepEqual(day, { format: 'date', examples: ['2026-03-01'], type: 'string' });
    assert.deepEqual(guests, { maximum: 5, type: 'integer', exclusiveMinimum: 0 });
  });

  it('tells branches apart as their discriminator does', () => {
    const { schema: body } = requestBody(shelter, operation('POST /animals/{id}/visits')) as {
      schema: JsonSchema;
    };
    const { schema } = convertSchema(shelter, body, 'request');
    assert.deepEqual(members(schema)['pet']?.['oneOf'], [
      { $ref: '#/$defs/Cat', required: ['kind'], properties: { kind: { const: 'cat' } } },
      { $ref: '#/$defs/Dog', required: ['kind'], properties: { kind: { enum: ['dog', 'puppy'] } } },
    ]);
    const visit = (pet: object): unknown => ({ day: '2026-03-01', guests: 1, pet });
    assert.deepEqual(faults(schema, visit({ kind: 'cat', lives: 9 }), visit({ kind: 'puppy' })), []);
    assert.notDeepEqual(faults(schema, visit({ kind: 'Dog' })), []);
  });

  it('leaves branches alone that say themselves what they are', () => {
    const tagged = (value: string): object => ({ type: 'object', properties: { kind: { const: value } } });
    const schema = importSchema(
      'Pet',
      undefined,
      document31({
        Pet: { oneOf: [{ $ref: '#/components/schemas/A' }], discriminator: { propertyName: 'kind' } },
        A: tagged('a'),
      }),
    );
    assert.deepEqual(schema['oneOf'], [{ $ref: '#/$defs/A' }]);
  });

  it('of version 3.1 is JSON Schema already, references to parts of it included', () => {
    const schema = importSchema(
      'Order',
      undefined,
      document31({
        Order: {
          type: ['object', 'null'],
          required: ['lines'],
          properties: {
            lines: { type: 'array', items: { $ref: '#/components/schemas/Order/$defs/a~1line' } },
            total: { type: 'number', exclusiveMinimum: 0, example: 1.5 },
            kind: { $ref: '#/components/schemas/Kind', description: 'Of which kind.' },
            any: true,
            pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
          },
          $defs: {
            'a/line': { type: 'object', properties: { parent: { $ref: '#/components/schemas/Order' } } },
          },
        },
        Kind: { const: 'x' },
      }),
    );
    assert.deepEqual(Object.keys(schema['$defs'] as object), ['a_1line', 'Kind']);
    assert.deepEqual(members(schema)['kind'], { $ref: '#/$defs/Kind', description: 'Of which kind.' });
    assert.deepEqual(members(schema)['total']?.['examples'], [1.5]);
    assert.deepEqual(faults(schema, null, { lines: [{}], kind: 'x', any: 1, pair: ['a', 1] }), []);
  });

  it('of version 3.1 may say more beside a reference, at its top as well, and refer to an anchor', () => {
    const document = document31({
      Order: { $ref: '#/components/schemas/Base', required: ['id'] },
      Base: { type: 'object', properties: { id: { $ref: '#key' } } },
      Key: { $anchor: 'key', type: 'string' },
    });
    const schema = importSchema('Order', undefined, document);
    assert.deepEqual([schema['$ref'], schema['required']], ['#/$defs/Base', ['id']]);
    assert.deepEqual(faults(schema, { id: 'x' }), []);
    assert.deepEqual(faults(schema, {}, { id: 1 }), [' "id" is missing', '/id must be a string']);
  });

  it('survives what people write that means nothing', () => {
    const schema = importSchema(
      'Odd',
      undefined,
      document31({
        Odd: {
          type: 'objekt',
          required: true,
          minLength: '3',
          enum: [],
          properties: {
            nullable: { type: 'boolean' },
            example: { type: 'string' },
            required: null,
            constructor: {},
          },
          discriminator: 'x',
          allOf: [],
          title: ' ',
        },
      }),
    );
    assert.deepEqual(faults(schema, {}), []);
    assert.deepEqual(Object.keys(members(schema)), ['nullable', 'example', 'required', 'constructor']);
    const lists = document31({
      None: { oneOf: [], discriminator: { propertyName: 'kind' }, maxContains: 2 },
      Any: { contains: { const: 'x' }, minContains: 0 },
      Few: { contains: { const: 'x' }, maxContains: 0 },
    });
    for (const name of ['None', 'Any', 'Few'])
      assert.deepEqual(importSchema(name, undefined, lists), { $schema: DRAFT }, name);
    assert.deepEqual(convertSchema(lists, schemaOf(lists, 'Few'), undefined).leftOut, ['contains']);
  });

  it('leaves out what leads back to itself without going into the value', () => {
    const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
    const pet = (name: string): JsonSchema => ({
      allOf: [ref('Pet'), { type: 'object', required: [name], properties: { [name]: { type: 'integer' } } }],
    });
    const document = document31({
      Pet: {
        type: 'object',
        properties: { kind: { type: 'string' }, mother: ref('Pet') },
        oneOf: [ref('Cat'), ref('Dog')],
        discriminator: { propertyName: 'kind' },
      },
      Cat: pet('lives'),
      Dog: pet('bones'),
      Same: ref('Same'),
      Whole: { allOf: [ref('Whole')], type: 'object' },
      Never: { not: { allOf: [ref('Never')] }, if: ref('Never'), then: { minLength: 1 }, type: 'string' },
      Apart: { properties: { a: ref('Other') }, anyOf: [ref('Other'), { type: 'null' }] },
      Other: { allOf: [ref('Apart'), { minProperties: 1 }] },
    });
    const made = (name: string): unknown => {
      const { schema, leftOut } = convertSchema(document, schemaOf(document, name), undefined);
      assert.deepEqual(leftOut, ['$ref to itself'], name);
      const { $schema: _, ...rest } = schema;
      return rest;
    };
    assert.deepEqual(made('Same'), {});
    assert.deepEqual(made('Whole'), { type: 'object' });
    assert.deepEqual(made('Never'), { type: 'string' });
    assert.deepEqual(made('Apart'), {
      properties: { a: { $ref: '#/$defs/Other' } },
      anyOf: [{ $ref: '#/$defs/Other' }, { type: 'null' }],
      $defs: { Other: { allOf: [{ minProperties: 1 }] } },
    });
    const cat = { kind: 'Cat', lives: 9, mother: { kind: 'Dog', bones: 1 } };
    for (const name of ['Pet', 'Cat']) {
      made(name);
      const schema = importSchema(name, undefined, document);
      assert.deepEqual(faults(schema, cat), [], name);
      assert.notDeepEqual(faults(schema, { kind: 'Cat', lives: 'nine' }), [], name);
      assert.notDeepEqual(faults(schema, { kind: 'Cat', lives: 9, mother: { kind: 'Dog' } }), [], name);
    }
    assert.deepEqual(faults(importSchema('Pet', undefined, document), { kind: 'Dog', bones: 1 }), []);
    assert.notDeepEqual(faults(importSchema('Cat', undefined, document), { kind: 'Dog', bones: 1 }), []);
  });

  it('becomes a schema that a project may hold, whatever is in it', () => {
    const word = fc.constantFrom(
      ...`type format pattern enum const default nullable properties required items allOf anyOf oneOf not discriminator
      additionalProperties patternProperties dependentRequired minimum maximum exclusiveMinimum exclusiveMaximum minLength
      maxItems multipleOf uniqueItems example examples readOnly writeOnly title description prefixItems if then else
      contains minContains propertyNames unevaluatedProperties dependentSchemas contentEncoding $id $anchor $dynamicRef
      deprecated x-sensitive x-other xml propertyName mapping`.split(/\s+/),
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(
          null,
          true,
          false,
          0,
          1,
          -3,
          2.5,
          '',
          'string',
          'object',
          'date',
          '[',
          'a',
          'int64',
          'email',
        ),
        fc.constant({ $ref: '#/components/schemas/A' }),
        fc.constant({ $ref: '#/components/schemas/B' }),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(word, tie('node'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    const schema = fc.dictionary(word, node, { maxKeys: 6, noNullPrototype: true });
    const direction = fc.constantFrom(undefined, 'request' as const, 'response' as const);
    fc.assert(
      fc.property(schema, schema, fc.constantFrom('3.0.3', '3.1.0'), direction, (A, B, version, way) => {
        const text = JSON.stringify({ openapi: version, components: { schemas: { A, B } } });
        const document = readOpenApi(Buffer.from(text));
        assert.deepEqual(faults(importSchema('A', way, document)), []);
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  it('is refused with what is wrong and what to do', () => {
    const refused = (text: string): string => {
      try {
        readOpenApi(Buffer.from(text));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    assert.match(refused('swagger: "2.0"'), /Swagger 2\.0\. Convert it to OpenAPI 3 first/);
    assert.match(refused('openapi: 4.0.0'), /OpenAPI 4\.0\.0 is not understood; 3\.0 and 3\.1 are/);
    assert.match(refused('{"info": {}}'), /no OpenAPI document: there is no "openapi"/);
    assert.match(refused('- a'), /no OpenAPI document/);
    assert.match(refused('openapi: [3'), /can not be read: .*line 1/);
    assert.match(refused(`{"a":${'['.repeat(5000)}`), /nested deeper/);
    assert.match(refused(`a: &a [x,x]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]`), /alias/i);
    assert.throws(() => importSchema('Far'), /refers to "https:\/\/example\.com.*Bundle.*nothing is fetched/);
    assert.throws(
      () => importSchema('Lost'),
      /refers to "#\/components\/schemas\/Nowhere", which it does not have/,
    );
  });
});
