import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { crossdock } from './captured-io.ts';
import { freshProject } from './fresh-project.ts';

const CONNECTIONS = `shop: { connector: webhook, description: The web shop., with: { verify: { type: none } } }
crm:
  connector: rest
  with:
    base_url: 'https://crm.example.com'
    auth: { type: bearer, token: '\${env:NOT_SET_HERE}' }
    actions:
      find-account: { method: GET, path: /accounts }
      upsert-deal:
        summary: Makes or changes a deal.
        method: PUT
        path: /deals/{ref}
        input:
          type: object
          required: [ref, amount]
          additionalProperties: false
          properties:
            ref: { type: string, description: Our name for it. }
            amount: { type: number }
            stage: { enum: [open, won] }
            lines: { type: array, items: { type: object, required: [sku], properties: { sku: { type: string } } } }
    sources:
      deals-changed: { summary: Deals., path: /deals }
broken: { connector: soap, with: { wsdl: there-is-none.wsdl } }
`;

interface Completions {
  readonly schema: JsonSchema;
  readonly validate: ValidateFunction;
}

describe('crossdock editor', () => {
  const project = freshProject();
  const { run, write } = project;

  async function read(kind: string): Promise<Completions> {
    const text = await readFile(join(project.root, '.crossdock', 'editor', `${kind}.json`), 'utf8');
    const schema = JSON.parse(text) as JsonSchema;
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
    addFormats.default(ajv);
    return { schema, validate: ajv.compile(schema) };
  }

  async function refusals(kind: string, yaml: string): Promise<readonly string[]> {
    const { validate } = await read(kind);
    validate(parse(yaml));
    return (validate.errors ?? [])
      .filter(({ keyword }) => keyword !== 'if')
      .map(({ instancePath, keyword, params }) => {
        const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
        return `${instancePath} ${keyword} ${missingProperty ?? additionalProperty ?? ''}`.trim();
      });
  }

  const mapping = (target: string, more = ''): string =>
    `from: { connection: shop, source: webhook }\n${more}\nto: [{ target: a, ${target} }]\n`;

  it('has been run for a project that init made, and VS Code finds what it wrote', async () => {
    const settings = JSON.parse(await readFile(join(project.root, '.vscode', 'settings.json'), 'utf8')) as {
      'yaml.schemas': Record<string, string[]>;
    };
    for (const path of Object.keys(settings['yaml.schemas']))
      assert.ok(existsSync(join(project.root, path)), path);
    for (const file of ['mappings/sales/orders.yaml', 'mappings/sales/orders.test.yaml'])
      assert.deepEqual(await refusals('mappings', await readFile(join(project.root, file), 'utf8')), []);
    assert.deepEqual(
      await refusals('connections', await readFile(join(project.root, 'config', 'connections.yaml'), 'utf8')),
      [],
    );
    const { mode } = await stat(join(project.root, '.crossdock'));
    assert.equal(mode & 0o077, 0);
  });

  describe('in a project with connections of its own', () => {
    beforeEach(async () => {
      await write('config/connections.yaml', CONNECTIONS);
      const { code, stdout } = await run(['editor']);
      assert.equal(code, 0);
      assert.match(stdout, /3 connections with 2 actions, 1 schema, 0 topics/);
      assert.match(stdout, /broken: its settings can not be read yet/);
    });

    it('refuses names that there are not', async () => {
      const wrong = {
        'connection: crmm, action: upsert-deal': '/to/0/connection',
        'connection: crm, action: upsert-deel': '/to/0/action',
        'connection: shop, action: send': '/to/0/connection',
      };
      for (const [target, path] of Object.entries(wrong)) {
        const found = await refusals('mapping', mapping(target));
        assert.ok(
          found.some((one) => one.startsWith(path)),
          `${target}: ${found.join('; ')}`,
        );
      }
      const ok = 'connection: crm, action: upsert-deal';
      assert.deepEqual(await refusals('mapping', mapping(ok)), []);
      assert.deepEqual(await refusals('mapping', mapping(ok, 'message: { schema: sales/order@1 }')), []);
      assert.notDeepEqual(await refusals('mapping', mapping(ok, 'message: { schema: sales/ordr@1 }')), []);
      assert.notDeepEqual(
        await refusals('mapping', 'from: { connection: crm, source: webhook }\nto: []'),
        [],
      );
    });

    it('lets anything stand for what it can not know', async () => {
      assert.deepEqual(
        await refusals('mapping', mapping('connection: broken, action: Whatever, map: { A: b }')),
        [],
      );
      assert.deepEqual(await refusals('mapping', mapping('topic: a/new-one@1')), []);
    });

    it('offers only actions that read to enrich with', async () => {
      const enrich = (action: string): string =>
        mapping('topic: t', `steps: [{ enrich: { as: x, connection: crm, action: ${action} } }]`);
      assert.deepEqual(await refusals('mapping', enrich('find-account')), []);
      assert.notDeepEqual(await refusals('mapping', enrich('upsert-deal')), []);
    });

    it('offers the members that an action takes, with what they mean', async () => {
      const { schema } = await read('mapping');
      const form = (schema['definitions'] as Record<string, JsonSchema>)['map-crm-upsert-deal'] as JsonSchema;
      const members = form['properties'] as Record<string, JsonSchema>;
      assert.deepEqual(Object.keys(members), ['ref', 'amount', 'stage', 'lines']);
      assert.equal(
        members['ref']?.['description'],
        'Our name for it. An expression that gives string; required.',
      );
      assert.equal(members['stage']?.['description'], 'An expression that gives "open" or "won".');
      assert.deepEqual((members['lines']?.['items'] as JsonSchema)['type'], ['string', 'object']);
    });

    it('takes maps in all their forms, and refuses members and constants that do not fit', async () => {
      const map = (text: string): Promise<readonly string[]> =>
        refusals('mapping', mapping(`connection: crm, action: upsert-deal, map: ${text}`));
      for (const fine of [
        '{ ref: id, amount: total }',
        '{ ref: { const: x }, amount: 1, stage: { const: won } }',
        '{ ref: id, amount: total, lines: "lines.{ \\"sku\\": a }" }',
        '{ ref: id, amount: total, lines: [{ sku: a }, one] }',
        '{ ref: id, amount: total, lines: { sku: a } }',
        '{ file: deal.jsonata }',
        '{ const: { ref: a, amount: 1 } }',
        'order',
      ])
        assert.deepEqual(await map(fine), [], fine);
      const wrong = {
        '{ ref: id }': '/to/0/map required amount',
        '{ ref: id, amount: 1, stag: a }': '/to/0/map additionalProperties stag',
        '{ ref: 1, amount: 1 }': '/to/0/map/ref type',
        '{ ref: id, amount: 1, stage: { const: lost } }': '/to/0/map/stage/const enum',
        '{ ref: id, amount: 1, lines: [{ skoo: a }] }': '/to/0/map/lines/0 required sku',
      };
      for (const [text, fault] of Object.entries(wrong)) assert.ok((await map(text)).includes(fault), text);
    });

    it('knows the topics that mappings feed', async () => {
      await write('mappings/sales/orders.yaml', mapping('topic: sales/order@1'));
      await run(['editor']);
      const from = (topic: string): string => `from: { topic: ${topic} }\nto: [{ target: a, topic: b }]`;
      assert.deepEqual(await refusals('mapping', from('sales/order@1')), []);
      assert.notDeepEqual(await refusals('mapping', from('sales/order@2')), []);
    });

    it('tells mappings and their tests apart by what is in them', async () => {
      assert.deepEqual(await refusals('mappings', 'cases: [{ name: a, input: 1, filtered: true }]'), []);
      assert.notDeepEqual(await refusals('mappings', 'cases: [{ name: a, input: 1, filtred: true }]'), []);
      assert.notDeepEqual(await refusals('mappings', mapping('connection: crm, action: nope')), []);
    });
  });

  it('works with files that are half written, and goes on knowing the rest', async () => {
    await write('mappings/sales/orders.yaml', 'from: { connection: [');
    await write('schemas/sales/order@1.json', '{ "type": ');
    const { code, stdout } = await run(['editor', '--json']);
    assert.equal(code, 0);
    const { connections } = JSON.parse(stdout) as { connections: { name: string; actions: string[] }[] };
    assert.deepEqual(
      connections.map(({ name, actions }) => [name, actions]),
      [
        ['shop', []],
        ['archive', ['write']],
      ],
    );
  });

  it('adds to the settings of VS Code, and leaves them alone where they have comments', async () => {
    await write('.vscode/settings.json', '{ "editor.tabSize": 2, "yaml.schemas": { "other.json": "x" } }');
    await run(['editor', '--vscode']);
    const merged = JSON.parse(await readFile(join(project.root, '.vscode/settings.json'), 'utf8')) as Record<
      string,
      object
    >;
    assert.equal(merged['editor.tabSize'], 2);
    assert.deepEqual(Object.keys(merged['yaml.schemas'] as object).length, 4);
    const commented = '{ // mine\n}\n';
    await write('.vscode/settings.json', commented);
    const { stdout } = await run(['editor', '--vscode']);
    assert.match(stdout, /can not be added to and was left as it is\. Add to it:\n\n\{\n {2}"yaml\.schemas"/);
    assert.equal(await readFile(join(project.root, '.vscode/settings.json'), 'utf8'), commented);
  });

  it('says that nothing is to be done where VS Code has the settings, with comments or without', async () => {
    const file = join(project.root, '.vscode/settings.json');
    const made = await readFile(file, 'utf8');
    for (const text of [
      made,
      JSON.stringify(JSON.parse(made)),
      made.replace('{', '{ // "mine"\n"a": "//b",'),
    ]) {
      await write('.vscode/settings.json', text);
      for (const argv of [['editor'], ['editor', '--vscode']]) {
        const { code, stdout } = await run(argv);
        assert.equal(code, 0);
        assert.match(stdout, /settings\.json names them for VS Code already: there is nothing to do\.\n$/);
      }
      assert.equal(await readFile(file, 'utf8'), text);
    }
    await write('.vscode/settings.json', '{}');
    assert.match((await run(['editor'])).stdout, /--vscode writes it\):\n\n\{\n {2}"yaml\.schemas"/);
    await write('.vscode/settings.json', '{ "yaml.schemas": "x" }');
    assert.match((await run(['editor', '--vscode'])).stdout, /was left as it is\. Add to it/);
  });

  it('says so where there is no project', async () => {
    const { code, stderr } = await crossdock(['editor'], { cwd: project.folder });
    assert.equal(code, EXIT_CODES.usage.code);
    assert.match(stderr, /There is no project here/);
  });
});
