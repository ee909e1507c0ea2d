import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BROKEN_MAPPINGS } from './broken-mappings.ts';
import { BROKEN_SETTINGS } from './broken-settings.ts';
import { edit, ENV, GOOD, load, problemsOf } from './project-fixture.ts';
import { propertyRuns } from '../../support/properties.ts';

const BROKEN = [...BROKEN_MAPPINGS, ...BROKEN_SETTINGS];

describe('Reading a project', () => {
  it('says nothing about a good one', async () => {
    assert.deepEqual(await problemsOf({}), []);
  });

  for (const { name, files, env, problems } of BROKEN) {
    it(`tells of ${name}`, async () => {
      assert.ok(problems.length > 0, 'a broken project has problems');
      assert.deepEqual(await problemsOf(files, env), problems);
    });
  }

  it('has at least forty kinds of mistakes tested', () => {
    assert.ok(BROKEN.length >= 40);
  });

  it('tells of everything at once, file by file', async () => {
    const problems = await problemsOf({
      'config/hub.yaml': 'namespace: 5\nqueues: { max_length: none }\n',
      'config/connections.yaml': 'shop: { connector: shop }\nerp: { connector: store, with: {} }\n',
      'schemas/a/b@1.json': '{ "type": "text" }',
    });
    assert.deepEqual(problems, [
      'config/connections.yaml:1:20: shop.connector: unknown connector "shop"; known are store',
      'config/connections.yaml:2:32: erp.with: "url" is missing',
      'config/hub.yaml:1:12: namespace: must be a string',
      'config/hub.yaml:2:23: queues.max_length: must be a whole number',
      'schemas/a/b@1.json:1:11: type: must be one of array, boolean, integer, null, number, object, string',
    ]);
  });

  it('never shows a secret, neither in problems nor in the sources', async () => {
    const files = {
      'config/connections.yaml': (GOOD['config/connections.yaml'] ?? '').replace(
        'url: https://erp.example',
        "url: https://erp.example, port: '${env:SHOP_TOKEN}', mode: '${env:SHOP_TOKEN}'",
      ),
    };
    const { problems } = await load(files);
    assert.equal(problems.length, 2);
    assert.ok(!JSON.stringify(problems).includes('very-secret'));
    const { project } = await load({});
    assert.ok(!JSON.stringify([...(project?.sources ?? [])]).includes('very-secret'));
  });

  it('fills in secrets and defaults, and reads numbers out of references', async () => {
    const connections = (GOOD['config/connections.yaml'] ?? '')
      .replace('${env:SHOP_TOKEN}', '${file:secrets/token}')
      .replace('url: https://erp.example', "url: 'https://${env:HOST:-erp.example}', port: '${env:PORT}'");
    const { project, problems } = await load(
      { 'config/connections.yaml': connections, 'secrets/token': 'from-a-file\n' },
      { PORT: '8443' },
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(project?.connections.get('shop')?.settings, {
      url: 'https://shop.example',
      auth: { type: 'bearer', token: 'from-a-file' },
      port: 443,
      mode: 'live',
    });
    assert.deepEqual(project?.connections.get('erp')?.settings, {
      url: 'https://erp.example',
      port: 8443,
      mode: 'live',
    });
  });

  for (const { reference, env, url } of [
    { reference: '${env:HOST:-a}', env: {}, url: 'a' },
    { reference: '${env:HOST:-a}', env: { HOST: '' }, url: 'a' },
    { reference: '${env:HOST:-a}', env: { HOST: 'b' }, url: 'b' },
    { reference: '${env:HOST:-}', env: {}, url: '' },
    { reference: '${env:HOST}', env: { HOST: '' }, url: '' },
    { reference: '${env:HOST:-a:-b $c}', env: {}, url: 'a:-b $c' },
    { reference: '${env:HOST:-a}.${env:ZONE:-z}', env: { HOST: 'b' }, url: 'b.z' },
  ])
    it(`makes ${JSON.stringify(url)} of ${reference} with ${JSON.stringify(env)}`, async () => {
      const files = edit('config/connections.yaml', 'https://erp.example', `'${reference}'`);
      const { project, problems } = await load(files, { ...ENV, ...env });
      assert.deepEqual(problems, []);
      assert.equal((project?.connections.get('erp')?.settings as { url: string }).url, url);
    });

  for (const [url, allow] of [
    ['http://erp.internal:8080', ''],
    ['https://8.8.8.8', ''],
    ['http://127.0.0.1:9000/api', '127.0.0.1/32'],
    ['http://2130706433:9000', '127.0.0.1:9000'],
    ['https://10.1.0.7', '10.1.0.0/16:443'],
    ['http://localhost:9000', '127.0.0.1:9000'],
    ['http://localhost:9000', 'localhost'],
    ['http://[::1]:9000', '[::1]:9000'],
    ['nothing that looks like an address', ''],
  ] as const)
    it(`says nothing about a connection to ${url} with ${allow === '' ? 'nothing' : allow} allowed`, async () => {
      const files = {
        'config/hub.yaml': `outbound: { allow: [${allow === '' ? '' : `'${allow}'`}] }\n`,
        ...edit('config/connections.yaml', 'https://erp.example', `'${url}'`),
      };
      assert.deepEqual(await problemsOf(files), []);
    });

  it('lets $${…} stand for itself', async () => {
    const connections = (GOOD['config/connections.yaml'] ?? '').replace(
      'https://erp.example',
      () => "'$${env:X}'",
    );
    const { project } = await load({ 'config/connections.yaml': connections });
    assert.equal((project?.connections.get('erp')?.settings as { url: string }).url, '${env:X}');
  });

  it('reads limits, hub settings and retries into their units', async () => {
    const { project } = await load({
      'config/hub.yaml':
        'retry: { max_age: 2h }\nlimits: { expression: { timeout: 1s } }\nshutdown: { grace: 5s }\n',
      'mappings/sales/orders.yaml': `${GOOD['mappings/sales/orders.yaml'] ?? ''}    retry: { immediate: 0 }\nretry: { delays: [1s, 2m] }\n`,
    });
    assert.deepEqual(project?.connections.get('erp')?.limits, { concurrency: 4, rate: 5, timeoutMs: 20_000 });
    assert.deepEqual(project?.hub.retention, {
      messages: 34_560_000_000,
      payloads: 2_592_000_000,
      dedupe: 691_200_000,
    });
    assert.deepEqual(project?.hub.limits.expression, { timeoutMs: 1_000, stack: 2_000, sequence: 100_000 });
    assert.equal(project?.hub.shutdown.graceMs, 5_000);
    assert.deepEqual(project?.mappings[0]?.targets[0]?.retry, {
      immediate: 0,
      delays: [1_000, 120_000],
      maxAge: 7_200_000,
      repeatInDoubt: false,
    });
  });

  it('keeps what the mapping says, with the place of each expression', async () => {
    const { project } = await load({});
    const [mapping] = project?.mappings ?? [];
    assert.equal(mapping?.name, 'sales/orders');
    assert.equal(mapping?.domain, 'sales');
    assert.deepEqual(mapping?.from, {
      kind: 'connection',
      connection: 'shop',
      source: 'webhook',
      options: { max: 10 },
      at: { file: 'mappings/sales/orders.yaml', line: 3, column: 3 },
    });
    assert.deepEqual(mapping?.message.keys['order'], {
      source: 'id',
      at: { file: 'mappings/sales/orders.yaml', line: 8, column: 18 },
    });
    assert.equal(mapping?.steps[1]?.kind, 'enrich');
    assert.equal(mapping?.targets[0]?.map?.kind, 'object');
  });

  it('takes constants, numbers and lists in a map for what they are', async () => {
    const mapping = (GOOD['mappings/sales/orders.yaml'] ?? '')
      .replace('action: put-order', 'action: log')
      .replace(
        / {4}map:[\s\S]*/,
        '    map: { a: { const: { b: x } }, n: 5, t: true, z: null, l: [id, 1], s: id }\n',
      );
    const { project, problems } = await load({ 'mappings/sales/orders.yaml': mapping });
    assert.deepEqual(problems, []);
    const map = project?.mappings[0]?.targets[0]?.map;
    assert.equal(map?.kind, 'object');
    const { a, n, t, z, l, s } = map.fields;
    assert.deepEqual(
      [a, n, t, z],
      [
        { kind: 'const', value: { b: 'x' } },
        { kind: 'const', value: 5 },
        { kind: 'const', value: true },
        { kind: 'const', value: null },
      ],
    );
    assert.equal(l?.kind, 'array');
    assert.equal(s?.kind, 'expression');
  });

  it('freezes all of it', async () => {
    const { project } = await load({});
    assert.ok(project !== undefined);
    for (const value of [
      project,
      project.hub,
      project.hub.retry,
      project.mappings,
      project.mappings[0]?.targets[0]?.map,
      project.connections.get('shop')?.settings,
      project.schemas.get('sales/order@1')?.['properties'],
    ]) {
      assert.ok(Object.isFrozen(value));
    }
  });

  it('gives the same files the same revision, whatever the secrets', async () => {
    const [first, second, third] = await Promise.all([
      load({}),
      load({}, { SHOP_TOKEN: 'another' }),
      load({ 'config/hub.yaml': 'namespace: other\n' }),
    ]);
    assert.match(first.project?.revision ?? '', /^[0-9a-f]{64}$/);
    assert.equal(first.project?.revision, second.project?.revision);
    assert.notEqual(first.project?.revision, third.project?.revision);
  });

  it('makes what a connector reads a part of the revision, and offers what it found there', async () => {
    const connections = (GOOD['config/connections.yaml'] ?? '').replace(
      'url: https://erp.example',
      'url: https://erp.example, contract: config/erp.txt',
    );
    const { project } = await load({
      'config/connections.yaml': connections,
      'config/erp.txt': 'book\nclose\n',
    });
    assert.ok(project?.sources.has('config/erp.txt'));
    assert.ok('close' in (project?.connections.get('erp')?.offer.actions ?? {}));
  });

  it('leaves tests beside mappings and hidden files alone', async () => {
    assert.deepEqual(
      await problemsOf({ 'mappings/sales/orders.test.yaml': 'nonsense: 1\n', 'mappings/.draft.yaml': ': :' }),
      [],
    );
  });

  it('does without a hub file', async () => {
    const { project } = await load({ 'config/hub.yaml': null });
    assert.equal(project?.hub.namespace, 'crossdock');
    assert.equal(project?.hub.intake.maxBodyBytes, 1_048_576);
  });

  it('does not tell off what refers to a connection that is broken itself', async () => {
    const problems = await problemsOf({}, {});
    assert.deepEqual(problems, [
      'config/connections.yaml:5:34: shop.with.auth.token: the environment variable SHOP_TOKEN is not set',
    ]);
    assert.deepEqual(ENV, { SHOP_TOKEN: 'very-secret-token' });
  });

  it('lets a mapping start from a topic that another one feeds', async () => {
    const problems = await problemsOf({
      'mappings/sales/publish.yaml':
        'from: { connection: shop, source: webhook }\nto: [{ target: topic, topic: sales/order@1 }]\n',
      'mappings/crm/orders.yaml':
        'from: { topic: sales/order@1 }\nto: [{ target: erp, connection: erp, action: log, map: { m: customer.email } }]\n',
    });
    assert.deepEqual(problems, []);
  });

  it('never throws, however a file is spoilt', async function () {
    this.timeout(60_000);
    const change = fc.record({
      file: fc.constantFrom(...Object.keys(GOOD)),
      at: fc.nat(400),
      remove: fc.nat(12),
      insert: fc.string({ unit: fc.constantFrom(...'ab5:- \n[]{}"\'|>&*!$%@#,?.()~'), maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ file, at, remove, insert }) => {
        const text = GOOD[file] ?? '';
        const { project, problems } = await load({
          [file]: text.slice(0, at) + insert + text.slice(at + remove),
        });
        const errors = problems.filter(({ severity }) => severity === 'error');
        assert.equal(project === undefined, errors.length > 0);
        for (const { file: name, line, column } of problems)
          assert.ok(name !== '' && line >= 1 && column >= 1);
      }),
      { numRuns: propertyRuns(40) },
    );
  });
});
