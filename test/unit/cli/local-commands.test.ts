import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import type { Ran } from './captured-io.ts';
import { crossdock } from './captured-io.ts';

describe('The commands that need no hub', () => {
  let folder: string;
  let root: string;
  const run = (argv: readonly string[], stdin?: string): Promise<Ran> =>
    crossdock(argv, { cwd: root, stdin });
  const write = (path: string, text: string): Promise<void> => writeFile(join(root, path), text);
  const edit = async (path: string, change: (text: string) => string): Promise<void> =>
    write(path, change(await readFile(join(root, path), 'utf8')));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-cli-'));
    root = join(folder, 'my-hub');
    const { code } = await crossdock(['init', 'my-hub'], { cwd: folder });
    assert.equal(code, 0);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  describe('init', () => {
    it('makes a project that check and test accept', async () => {
      const checked = await run(['check']);
      assert.equal(checked.code, 0, checked.stdout);
      assert.match(checked.stdout, /No mistakes: 1 mapping with 1 route, 2 connections, 1 schema\./);
      const tested = await run(['test']);
      assert.equal(tested.code, 0, tested.stdout);
      assert.match(tested.stdout, /3 passed/);
    });

    it('keeps the secret that it makes from other users and from git', async () => {
      const { mode } = await stat(join(root, 'secrets', 'shop-token'));
      assert.equal(mode & 0o077, 0);
      assert.match(await readFile(join(root, 'secrets', 'shop-token'), 'utf8'), /^[0-9a-f]{48}\n$/);
      assert.match(await readFile(join(root, '.gitignore'), 'utf8'), /^secrets\/$/m);
    });

    it('makes another secret for another project', async () => {
      await crossdock(['init', 'other'], { cwd: folder });
      const secrets = [root, join(folder, 'other')].map((one) =>
        readFile(join(one, 'secrets', 'shop-token'), 'utf8'),
      );
      const [one, other] = await Promise.all(secrets);
      assert.notEqual(one, other);
    });

    it('refuses a folder that holds something, and touches nothing in it', async () => {
      const { code, stderr } = await crossdock(['init', 'my-hub'], { cwd: folder });
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /my-hub is not empty/);
    });

    it('takes a folder that is a fresh git repository', async () => {
      await mkdir(join(folder, 'fresh', '.git'), { recursive: true });
      const { code } = await crossdock(['init', '.'], { cwd: join(folder, 'fresh') });
      assert.equal(code, 0);
    });
  });

  describe('check', () => {
    it('lists every mistake with its place, and exits with 1', async () => {
      await edit('mappings/sales/orders.yaml', (text) =>
        text
          .replace('schema: sales/order@1', 'schema: sales/ordr@1')
          .replace('connection: archive', 'connection: archiv'),
      );
      const { code, stdout } = await run(['check']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /^mappings\/sales\/orders\.yaml:8:\d+: message\.schema: .*sales\/order@1/m);
      assert.match(
        stdout,
        /^mappings\/sales\/orders\.yaml:17:\d+: to\[0\]\.connection: .*did you mean "archive"/m,
      );
      assert.match(stdout, /2 mistakes in 1 file\./);
    });

    it('finds the project from a folder inside it', async () => {
      const { code } = await crossdock(['check'], { cwd: join(root, 'mappings', 'sales') });
      assert.equal(code, 0);
    });

    it('is one JSON document with --json, with or without mistakes', async () => {
      const good = JSON.parse((await run(['check', '--json'])).stdout) as { ok: boolean; mappings: string[] };
      assert.deepEqual([good.ok, good.mappings], [true, ['sales/orders']]);
      await write('config/connections.yaml', 'shop: { connector: webhok }\n');
      const bad = JSON.parse((await run(['check', '--json'])).stdout) as {
        ok: boolean;
        problems: { file: string }[];
      };
      assert.equal(bad.ok, false);
      assert.equal(bad.problems[0]?.file, 'config/connections.yaml');
    });

    it('says so where there is no project at all', async () => {
      const { code, stdout } = await crossdock(['check'], { cwd: folder });
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /config\/connections\.yaml:1:1: there is no such file/);
    });
  });

  describe('test', () => {
    it('shows where an output differs, target by target', async () => {
      await edit('mappings/sales/orders.test.yaml', (text) => text.replace('total: 34.4', 'total: 35'));
      const { code, stdout } = await run(['test']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(
        stdout,
        /✗ a paid order is archived with its total\n +mappings\/sales\/orders\.test\.yaml:3\n/,
      );
      assert.match(stdout, /archive: the output differs\n +total\n +expected +35\n +got +34\.4/);
      assert.match(stdout, /2 passed, 1 failed/);
    });

    it('says what happened where another thing was expected', async () => {
      const order =
        'id: a, status: paid, customer: { id: c, name: n }, lines: [{ sku: s, quantity: 1, unitPrice: 1 }]';
      await write(
        'mappings/sales/orders.test.yaml',
        `cases:
  - { name: filters, input: { ${order} }, filtered: [archive] }
  - { name: fails, input: { ${order} }, fails: { code: MESSAGE_INVALID } }
  - { name: delivers, input: { id: 1 }, expect: { archive: {} } }
  - { name: knows its targets, input: { ${order} }, expect: { archiv: {} } }
`,
      );
      const { code, stdout } = await run(['test']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /archive: it was to be filtered, but there is output/);
      assert.match(stdout, /archive: it was to fail with MESSAGE_INVALID, but there is output/);
      assert.match(stdout, /archive: it failed: MESSAGE_INVALID/);
      assert.match(stdout, /there is no target "archiv"\. Did you mean "archive"\?/);
      assert.match(stdout, /4 failed/);
    });

    it('answers enrich steps from the case, and names an answer that is missing', async () => {
      await write(
        'config/connections.yaml',
        `shop: { connector: webhook, with: { verify: { type: none } } }
archive: { connector: file, with: { folder: out } }
crm:
  connector: rest
  with: { base_url: 'https://crm.example.com', actions: { find: { method: GET, path: '/a/{id}' } } }
`,
      );
      await write(
        'mappings/sales/orders.yaml',
        `from: { connection: shop, source: webhook }
message: { id: id }
steps:
  - enrich: { as: account, connection: crm, action: find, with: { id: customer } }
to: [{ target: archive, connection: archive, action: write, map: { account: account.name } }]
`,
      );
      await write(
        'mappings/sales/orders.test.yaml',
        `cases:
  - { name: enriched, input: { id: 1, customer: 7 }, given: { account: { name: Ada } }, expect: { archive: { account: Ada } } }
  - { name: not enriched, input: { id: 1, customer: 7 }, expect: { archive: { account: Ada } } }
`,
      );
      const { stdout } = await run(['test']);
      assert.match(stdout, /✓ enriched/);
      assert.match(
        stdout,
        /the step "enrich account" asks crm find \{"id":7\}: no answer is given for account/,
      );
    });

    it('compares a split with the list of its outputs', async () => {
      await write(
        'mappings/sales/orders.yaml',
        `from: { connection: shop, source: webhook }
message: { id: id }
steps:
  - split: lines
  - filter: quantity > 0
to: [{ target: archive, connection: archive, action: write, map: { item: sku } }]
`,
      );
      await write(
        'mappings/sales/orders.test.yaml',
        `cases:
  - name: each line becomes a file
    input: { id: 1, lines: [{ sku: A, quantity: 1 }, { sku: B, quantity: 0 }, { sku: C, quantity: 2 }] }
    expect: { archive: [{ item: A }, { item: C }] }
`,
      );
      const { code, stdout } = await run(['test']);
      assert.equal(code, 0, stdout);
    });

    it('tells of mistakes in a test file with their place', async () => {
      await write(
        'mappings/sales/orders.test.yaml',
        'cases:\n  - name: x\n    inptu: {}\n    filtered: true\n',
      );
      const { code, stdout } = await run(['test']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /mappings\/sales\/orders\.test\.yaml:\d+:\d+: .*inptu.*did you mean "input"\?/s);
    });

    it('runs only what was asked for', async () => {
      const filtered = await run(['test', 'sales/orders', '--filter', 'not paid']);
      assert.match(filtered.stdout, /1 passed/);
      const domain = await run(['test', 'sales']);
      assert.match(domain.stdout, /3 passed/);
      const unknown = await run(['test', 'sales/ordres']);
      assert.equal(unknown.code, EXIT_CODES.usage.code);
      assert.match(unknown.stderr, /Did you mean "sales\/orders"\?/);
    });

    it('is one JSON document with --json', async () => {
      const { stdout } = await run(['test', '--json']);
      const result = JSON.parse(stdout) as {
        ok: boolean;
        passed: number;
        files: { cases: { name: string }[] }[];
      };
      assert.deepEqual([result.ok, result.passed], [true, 3]);
      assert.equal(result.files[0]?.cases[1]?.name, 'an order that is not paid goes nowhere');
    });
  });

  describe('map', () => {
    it('shows keys, steps and outputs of one message', async () => {
      const { code, stdout } = await run(['map', 'sales/orders', '--input', 'samples/order.json']);
      assert.equal(code, 0);
      assert.match(stdout, /^sales\/orders {2}id 4711 {2}order=4711 customer=C-1$/m);
      assert.match(stdout, /^step filter#0 {2}\(body unchanged\)$/m);
      assert.match(stdout, /^target archive → archive write$/m);
      assert.match(stdout, /"total": 34\.4/);
    });

    it('says where and why a message fails, and exits with 1', async () => {
      const { code, stdout } = await run(
        ['map', 'sales/orders', '--input', '-'],
        '{"id":"1","status":"paid"}',
      );
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /✗ MESSAGE_INVALID.*customer/);
    });

    it('says that a message is filtered', async () => {
      const body = {
        id: '1',
        status: 'open',
        customer: { id: 'c', name: 'n' },
        lines: [{ sku: 's', quantity: 1, unitPrice: 1 }],
      };
      const { code, stdout } = await run(['map', 'sales/orders', '-i', '-', '--json'], JSON.stringify(body));
      assert.equal(code, 0);
      const { targets } = JSON.parse(stdout) as { targets: unknown[] };
      assert.deepEqual(targets, [{ target: 'archive', kind: 'filtered', step: 'filter#0' }]);
    });

    it('refuses what it can not read and names what it does not know', async () => {
      const lines = [
        [['map', 'sales/ordrs', '-i', 'samples/order.json'], /Did you mean "sales\/orders"\?/],
        [['map', 'sales/orders', '-i', 'none.json'], /none\.json can not be read/],
        [
          ['map', 'sales/orders', '-i', 'samples/order.json', '--target', 'archiv'],
          /Did you mean "archive"\?/,
        ],
        [['map', 'sales/orders', '-i', '-'], /Standard input is no JSON/],
      ] as const;
      for (const [argv, expected] of lines) {
        const { code, stderr } = await run(argv, '{');
        assert.equal(code, EXIT_CODES.usage.code, argv.join(' '));
        assert.match(stderr, expected);
      }
    });
  });

  describe('connectors', () => {
    it('are listed and described, for people and for programs', async () => {
      const list = await run(['connectors']);
      assert.match(list.stdout, /^webhook +stable/m);
      const described = await run(['connectors', 'describe', 'file']);
      assert.match(described.stdout, /^ {2}folder {2}string, required$/m);
      assert.match(described.stdout, /^Action write {2}/m);
      const json = JSON.parse((await run(['connectors', 'describe', 'file', '--json'])).stdout) as {
        name: string;
      };
      assert.equal(json.name, 'file');
    });
  });

  describe('doctor', () => {
    it('finds a healthy machine healthy, and changes nothing', async () => {
      const { code, stdout } = await crossdock(['doctor'], {
        cwd: root,
        env: { CROSSDOCK_LISTEN: '127.0.0.1:0' },
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^✓ node {9}Node\.js/m);
      assert.match(stdout, /^✓ project .*1 mapping, no mistakes$/m);
      assert.match(stdout, /Nothing keeps a hub from working/);
      await assert.rejects(stat(join(root, '.crossdock')));
    });

    it('names what must be mended and how', async () => {
      const { code, stdout } = await crossdock(['doctor', '--json'], {
        cwd: folder,
        env: {
          CROSSDOCK_URL: 'http://127.0.0.1:1',
          CROSSDOCK_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
          CROSSDOCK_AMQP_URL: 'amqp://u:hunter2@127.0.0.1:1',
        },
      });
      assert.equal(code, EXIT_CODES.failed.code);
      assert.ok(!stdout.includes('hunter2'));
      const { findings } = JSON.parse(stdout) as {
        findings: { name: string; status: string; fix?: string }[];
      };
      const failed = findings.filter(({ status }) => status === 'fail');
      assert.deepEqual(
        failed.map(({ name }) => name),
        ['project', 'hub', 'database', 'broker'],
      );
      assert.ok(failed.every(({ fix }) => fix !== undefined));
    });
  });

  describe('migrate', () => {
    it('says what it needs', async () => {
      const { code, stderr } = await run(['migrate']);
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /Set CROSSDOCK_DATABASE_URL/);
    });
  });
});
