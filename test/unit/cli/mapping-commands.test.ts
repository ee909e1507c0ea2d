import assert from 'node:assert/strict';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { crossdock } from './captured-io.ts';
import { CONNECTIONS, freshProject } from './fresh-project.ts';

describe('The commands that try mappings', () => {
  const project = freshProject();
  const { run, write, edit } = project;

  describe('test', () => {
    it('shows where an output differs, target by target', async () => {
      await edit('mappings/sales/orders.test.yaml', (text) => text.replace('total: 34.4', 'total: 35'));
      const { code, stdout } = await run(['test']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(
        stdout,
        /✗ a paid order is archived with its total\n +mappings\/sales\/orders\.test\.yaml:10:16\n/,
      );
      assert.match(stdout, /archive: the output differs {2}- expected {2}\+ got\n/);
      assert.match(stdout, /^ {8}- total: 35\n {8}\+ total: 34\.4$/m);
      assert.match(stdout, /3 passed, 1 failed/);
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
      await write('config/connections.yaml', CONNECTIONS);
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
      assert.match(domain.stdout, /4 passed/);
      const unknown = await run(['test', 'sales/ordres']);
      assert.equal(unknown.code, EXIT_CODES.usage.code);
      assert.match(unknown.stderr, /Did you mean "sales\/orders"\?/);
      const unnamed = await run(['test', '--filter', 'not payed']);
      assert.equal(unnamed.code, EXIT_CODES.usage.code);
      assert.match(unnamed.stderr, /No case has "not payed" in its name/);
    });

    it('is one JSON document with --json', async () => {
      const { stdout } = await run(['test', '--json']);
      const result = JSON.parse(stdout) as {
        ok: boolean;
        passed: number;
        files: { cases: { name: string }[] }[];
      };
      assert.deepEqual([result.ok, result.passed], [true, 4]);
      assert.equal(result.files[0]?.cases[1]?.name, 'an order that is not paid goes nowhere');
    });
  });

  describe('map', () => {
    it('shows keys, steps and outputs of one message', async () => {
      const { code, stdout } = await run(['map', 'sales/orders', '--input', 'samples/order.json']);
      assert.equal(code, 0);
      assert.match(stdout, /^sales\/orders {2}id 4711 {2}order=4711 customer=C-1$/m);
      assert.match(
        stdout,
        /^step filter#0 {2}mappings\/sales\/orders\.yaml:13:5\n {2}status = "paid" → true$/m,
      );
      assert.match(stdout, /^target archive → archive write {2}mappings\/sales\/orders\.yaml:16:5$/m);
      assert.match(stdout, /^ {2}total: 34\.4$/m);
    });

    it('says where and why a message fails, and exits with 1', async () => {
      const { code, stdout } = await run(
        ['map', 'sales/orders', '--input', '-'],
        '{"id":"1","status":"paid"}',
      );
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /✗ MESSAGE_INVALID \(dead at once\)\n.*\n {4}\/ "customer" is missing/);
    });

    it('shows what a step asked, the parts of a split, and the line that failed with a caret', async () => {
      await write('config/connections.yaml', CONNECTIONS);
      await write(
        'mappings/sales/orders.yaml',
        `from: { connection: shop, source: webhook }
message: { id: id }
steps:
  - enrich: { as: account, connection: crm, action: find, with: { id: customer } }
  - split: lines.{ "item":sku, "who":$$.account.name }
to:
  - target: archive
    connection: archive
    action: write
    when: item != "X"
    map:
      net: |
        (
          $number(item)
        )
`,
      );
      await write('answers.yaml', 'account: { name: Ada }\n');
      const order = '{"id":1,"customer":7,"lines":[{"sku":"1"},{"sku":"X"},{"sku":"A"}]}';
      const argv = ['map', 'mappings/sales/orders.yaml', '-i', '-', '--given', 'answers.yaml'];
      const { code, stdout } = await run(argv, order);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /asks crm find \{ id: 7 \}/);
      assert.match(stdout, /→ 3 parts\n\n {2}part 1\n {4}item: '1'\n {4}who: Ada/);
      assert.match(stdout, /part 1\n {4}when item != "X" → true\n {4}net: 1\n/);
      assert.match(stdout, /part 2\n {4}when item != "X" → false\n {4}∅ filtered by when/);
      assert.match(
        stdout,
        /mappings\/sales\/orders\.yaml:14:1[12]\n {8}14 │ {11}\$number\(item\)\n {11}│ {11,12}\^/,
      );
      const unanswered = await run(argv.slice(0, 4), order);
      assert.match(unanswered.stdout, /✗ no answer is given for account/);
      assert.match(unanswered.stdout, /✗ it did not come here: see above/);
      const plain = JSON.parse((await run([...argv, '--json'], order)).stdout) as {
        steps: { step: string; asked?: unknown; items?: unknown[] }[];
        targets: { kind: string; parts: { kind: string; code?: string; line?: number }[] }[];
      };
      assert.deepEqual(plain.steps[0]?.asked, { id: 7 });
      assert.equal(plain.steps[1]?.items?.length, 3);
      assert.deepEqual(
        plain.targets[0]?.parts.map(({ kind, code, line }) => [kind, code, line]),
        [
          ['output', undefined, undefined],
          ['filtered', undefined, undefined],
          ['failed', 'EXPRESSION_FAILED', 14],
        ],
      );
    });

    it('tries one expression', async () => {
      const argv = ['map', '-i', 'samples/order.json', '--expression'];
      assert.equal((await run([...argv, '$sum(lines.quantity)'])).stdout, '3\n');
      assert.equal((await run([...argv, 'nothing'])).stdout, '(nothing)\n');
      const failed = await run([...argv, 'lines.(quantity + sku)']);
      assert.equal(failed.code, EXIT_CODES.failed.code);
      assert.match(failed.stdout, / 1 │ lines\.\(quantity \+ sku\)\n +│ {17}\^/);
      const message = await run([
        'map',
        'sales/orders',
        '-i',
        'samples/order.json',
        '-e',
        '$message.keys.order',
      ]);
      assert.equal(message.stdout, "'4711'\n");
    });

    it('tries one expression beside broken mappings, with the limits of the hub, and where there is no project', async () => {
      const argv = ['map', '-i', 'samples/order.json', '-e', '$sum([1..100])'];
      await write('mappings/sales/orders.yaml', 'from: [\n');
      assert.equal((await run(argv)).stdout, '5050\n');
      await write('config/hub.yaml', 'limits: { expression: { sequence: 10 } }\n');
      assert.match((await run(argv)).stdout, /EXPRESSION_LIMIT/);
      await write('config/hub.yaml', 'limit: { expression: { sequence: 10 } }\n');
      const mistaken = await run(argv);
      assert.equal(mistaken.stdout, '5050\n');
      assert.match(mistaken.stderr, /config\/hub\.yaml has mistakes: the default limits/);
      const alone = ['map', '-i', 'my-hub/samples/order.json', '-e', 'id'];
      const { code, stdout } = await crossdock(alone, { cwd: project.folder });
      assert.deepEqual([code, stdout], [0, "'4711'\n"]);
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
        [['map', 'sales/orders', '-i', 'none.json'], /none\.json can not be read: there is no such file/],
        [['map', 'sales/orders', '-i', 'half.yaml'], /half\.yaml can not be read: .* line 2/],
        [
          ['map', 'sales/orders', '-i', 'samples/order.json', '--target', 'archiv'],
          /Did you mean "archive"\?/,
        ],
        [['map', 'sales/orders', '-i', '-'], /Standard input is no JSON/],
      ] as const;
      await write('half.yaml', 'a: [1\nb: }\n');
      for (const [argv, expected] of lines) {
        const { code, stderr } = await run(argv, '{');
        assert.equal(code, EXIT_CODES.usage.code, argv.join(' '));
        assert.match(stderr, expected);
      }
    });
  });
});
