import assert from 'node:assert/strict';
import { schemaRegistry } from '../../../core/language/index.ts';
import { endpoints, openApi } from '../../../api/index.ts';
import type { Endpoint } from '../../../core/http/server/index.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-action': string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: JsonSchema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: JsonSchema }> }>;
}

const document = openApi('1.2.3') as {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, unknown>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('The OpenAPI document', () => {
  it('says what it is', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(document.info.version, '1.2.3');
  });

  it('has every endpoint once, by its name, with the action that it asks for', () => {
    const all = Object.entries(endpoints) as [string, Endpoint][];
    for (const [key, endpoint] of all) {
      assert.equal(endpoint.name, key);
      const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
      assert.equal(operation?.operationId, key);
      assert.equal(operation.summary, endpoint.summary);
      assert.equal(operation['x-action'], endpoint.action);
    }
    assert.equal(operations.length, all.length);
  });

  it('declares exactly the parameters of each path', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((one) => one.in === 'path').map((one) => one.name);
      assert.deepEqual(declared, inPath, path);
      const names = operation.parameters.map((one) => `${one.in}:${one.name}`);
      assert.equal(new Set(names).size, names.length, path);
    }
  });

  it('has only references that lead somewhere', () => {
    const text = JSON.stringify(document);
    for (const [, reference] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      let found: unknown = document;
      for (const part of reference?.split('/') ?? []) found = (found as Record<string, unknown>)[part];
      assert.ok(found, reference);
    }
  });

  it('has only schemas that compile', () => {
    const schemas = operations.flatMap(({ operation }) => [
      ...operation.parameters.map((one) => one.schema),
      ...Object.values(operation.requestBody?.content ?? {}).map((one) => one.schema),
      ...Object.values(operation.responses).flatMap(({ content }) =>
        Object.values(content ?? {}).map((one) => one.schema),
      ),
    ]);
    const named = new Map(schemas.map((schema, index) => [`s${index}`, schema]));
    const registry = schemaRegistry(named);
    for (const name of named.keys())
      assert.deepEqual(registry.check(name), [], JSON.stringify(named.get(name)));
  });

  it('lets no object of the contract hold members that are not named, unless it is a map', () => {
    const walk = (schema: unknown, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, properties, additionalProperties, items } = schema as Record<string, unknown>;
      if (type === 'object') assert.ok(additionalProperties !== undefined, at);
      if (properties !== undefined) assert.equal(additionalProperties, false, at);
      for (const [name, property] of Object.entries(properties ?? {})) walk(property, `${at}.${name}`);
      walk(items, `${at}[]`);
      walk(additionalProperties, `${at}.*`);
    };
    for (const endpoint of Object.values(endpoints) as Endpoint[])
      for (const part of ['params', 'query', 'body', 'response'] as const)
        walk(endpoint[part], `${endpoint.name} ${part}`);
  });
});
