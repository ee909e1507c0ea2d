import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { crossdock } from '../captured-io.ts';
import type { CapturedOptions, Ran } from '../captured-io.ts';
import { CONNECTIONS, freshProject } from '../fresh-project.ts';

const TESTS = 'mappings/sales/orders.test.yaml';
const MAPPING = `from: { connection: shop, source: webhook }
message: { id: id, keys: { order: id, customer: customer } }
steps:
  - split: lines
  - enrich: { as: stock, connection: crm, action: find, with: { id: sku } }
  - filter: quantity > 0
to:
  - target: archive
    connection: archive
    action: write
    map:
      item: sku
      place: stock.place
`;
const INPUT =
  '{ id: 4711, customer: C-1, lines: [{ sku: A, quantity: 1 }, { sku: B, quantity: 0 }, { sku: C, quantity: 2 }] }';

describe('A case of a mapping', () => {
  const project = freshProject();
  const run = (argv: readonly string[], options: CapturedOptions = {}): Promise<Ran> =>
    crossdock(argv, { cwd: project.root, ...options });

  beforeEach(async () => {
    await project.write('config/connections.yaml', CONNECTIONS);
    await project.write('mappings/sales/orders.yaml', MAPPING);
  });

  it('may say what each question is answered, in order, and that one fails', async () => {
    await project.write(
      TESTS,
      `cases:
  - name: each part asks for itself
    input: ${INPUT}
    given: { stock: { in_order: [{ place: one }, { place: two }, { fails: TARGET_TIMEOUT }] } }
    expect: { archive: [{ item: A, place: one }] }
    fails: { code: TARGET_TIMEOUT, target: archive, part: 3 }
  - name: all fail alike
    input: ${INPUT}
    given: { stock: { fails: { code: TARGET_UNREACHABLE, message: the CRM is away } } }
    fails: { code: TARGET_UNREACHABLE }
  - name: there are too few answers
    input: ${INPUT}
    given: { stock: { in_order: [{ place: one }] } }
    fails: { code: NOT_FOUND }
`,
    );
    const { stdout } = await run(['test']);
    assert.match(stdout, /✓ each part asks for itself/);
    assert.match(stdout, /✓ all fail alike/);
    assert.match(stdout, /✗ there are too few answers\n.*\n.*no answer is\s+given for stock/);
  });

  it('may say what intake finds and which parts a split makes', async () => {
    await project.write(
      TESTS,
      `cases:
  - name: right
    input: ${INPUT}
    message: { id: 4711, keys: { order: 4711, customer: C-1 } }
    split: [{ sku: A, quantity: 1 }, { sku: B, quantity: 0 }, { sku: C, quantity: 2 }]
  - name: wrong
    input: ${INPUT}
    message:
      id: '4712'
      keys: { order: '4711' }
    split: [{ sku: A, quantity: 1 }]
`,
    );
    const { stdout } = await run(['test']);
    assert.match(stdout, /✓ right/);
    assert.match(stdout, /orders\.test\.yaml:9:11\n {6}the id of the message differs/);
    assert.match(stdout, /the business keys differ.*\n.*\n {8}\+ customer: C-1 {2}# not expected/);
    assert.match(stdout, /the parts of the split differ/);
  });

  it('fails when the hub would not accept its message', async () => {
    await project.write(
      TESTS,
      `cases:
  - { name: as expected, input: { lines: [] }, fails: { code: MESSAGE_ID_MISSING } }
  - { name: unexpected, input: { lines: [] }, filtered: true }
`,
    );
    const { stdout } = await run(['test']);
    assert.match(stdout, /✓ as expected/);
    assert.match(stdout, /✗ unexpected\n.*\n.*it failed instead of being filtered: MESSAGE_ID_MISSING/);
  });

  it('is told of mistakes in what is given and in codes, with their place', async () => {
    const write = (line: string): Promise<void> =>
      project.write(TESTS, `cases:\n  - name: x\n    input: ${INPUT}\n    ${line}\n    filtered: true\n`);
    await write('given: { stock: { fails: TARGET_TIMEOUTS } }');
    assert.match(
      (await run(['test'])).stdout,
      /:4:\d+: .*there is no error code.*Did you mean "TARGET_TIMEOUT"\?/,
    );
    await write('given: { stok: {} }');
    assert.match((await run(['test'])).stdout, /no enrich step asks for "stok"\. Did you mean "stock"\?/);
  });

  it('has no merge keys, neither in its file nor in the one of its input', async () => {
    const merged = 'base: &base { id: 1 }\nmore: { <<: *base }\n';
    await project.write(TESTS, `cases:\n  - name: x\n    input: &base ${INPUT}\n    expect: { <<: *base }\n`);
    assert.match(
      (await run(['test'])).stdout,
      /orders\.test\.yaml:4:15: the merge key "<<" is not understood/,
    );
    await project.write('samples/merged.yaml', merged);
    await project.write(
      TESTS,
      'cases:\n  - { name: x, input: { file: ../../samples/merged.yaml }, filtered: true }\n',
    );
    assert.match((await run(['test'])).stdout, /merged\.yaml can not be read: line 2: the merge key "<<"/);
  });

  it('is told of an input file that is not there', async () => {
    await project.write(TESTS, 'cases:\n  - { name: x, input: { file: none.json }, filtered: true }\n');
    assert.match((await run(['test'])).stdout, /none\.json can not be read: there is no such file\n/);
  });

  it('that expects nothing is told so once', async () => {
    await project.write(TESTS, `cases:\n  - name: x\n    input: ${INPUT}\n`);
    const { code, stdout } = await run(['test']);
    assert.equal(code, 1);
    assert.match(stdout, /:2:5: .*needs one of "expect", "filtered", "fails", "message", "split",\s+"todo"/);
    assert.doesNotMatch(stdout, /is missing/);
  });

  it('that can not run yet is listed, and does not fail', async () => {
    await project.write(TESTS, `cases:\n  - { name: later, todo: wait for the CRM, input: ${INPUT} }\n`);
    const { code, stdout } = await run(['test']);
    assert.equal(code, 0);
    assert.match(stdout, /○ later\n {6}to do: wait for the CRM\n\n1 to do/);
  });
});

describe('crossdock test', () => {
  const project = freshProject();
  const run = (argv: readonly string[], options: CapturedOptions = {}): Promise<Ran> =>
    crossdock(argv, { cwd: project.root, ...options });
  const breakTotal = (): Promise<void> =>
    project.edit(TESTS, (text) => text.replace('total: 34.4', 'total: 35 # sum'));

  it('ends after the first failure with --bail, and lists the slowest cases with --slowest', async () => {
    await breakTotal();
    const { code, stdout } = await run(['test', '--bail', '--slowest', '1']);
    assert.equal(code, 1);
    assert.match(stdout, /1 failed, 3 not run/);
    assert.match(
      stdout,
      /Slowest\n *TOOK {2}CASE.*\n.*a paid order is archived with its total {2}mappings\/sales\/orders\.test\.yaml:3\n/,
    );
    assert.match((await run(['test', '--slowest'])).stdout, /Slowest\n.*(?:\n.*orders\.test\.yaml:\d+){4}\n/);
  });

  it('does not watch and make a report at once', async () => {
    const { code, stderr } = await run(['test', '--watch', '--junit', 'x.xml']);
    assert.equal(code, 2);
    assert.match(stderr, /--watch does not go with --junit/);
  });

  it('knows patterns and the file of a mapping', async () => {
    for (const word of ['sales/*', 'mappings/**/*.test.yaml', 'mappings/sales/orders.yaml'])
      assert.match((await run(['test', word])).stdout, /4 passed/, word);
    const none = await run(['test', 'finance/*']);
    assert.equal(none.code, 2);
  });

  it('updates expectations when it is told so, and leaves the rest of the file alone', async () => {
    await breakTotal();
    const before = await readFile(join(project.root, TESTS), 'utf8');
    const asked = await run(['test', '--update'], { answers: ['n'] });
    assert.equal(asked.code, 1);
    assert.match(asked.questions[0] ?? '', /Overwrite 1 expectation in 1 file with what came\?/);
    const { code, stdout } = await run(['test', '--update', '--yes']);
    assert.equal(code, 0);
    assert.match(stdout, /1 expectation in 1 file written: mappings\/sales\/orders\.test\.yaml/);
    const after = await readFile(join(project.root, TESTS), 'utf8');
    assert.equal(after, before.replace('total: 35 # sum', 'total: 34.4 # sum'));
  });

  it('fills in a case that expects nothing yet', async () => {
    await project.write(
      TESTS,
      'cases:\n  - name: new\n    input: { file: ../../samples/order.json }\n    expect: {}\n',
    );
    const { code, stdout } = await run(['test', '--update', '--yes']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /nothing is expected of it yet/);
    assert.match((await run(['test'])).stdout, /1 passed/);
  });

  it('writes JUnit XML that is well-formed whatever the texts are', async () => {
    await breakTotal();
    await project.edit(TESTS, (text) =>
      text
        .replace('an order that is not paid goes nowhere', '"<&>\\"\' \\0 \\x1b \\uFFFE ]]> é"')
        .replace('an order without lines is refused\n', 'later\n    todo: "not <yet>"\n'),
    );
    const { code } = await run(['test', '--junit', 'reports/junit.xml']);
    assert.equal(code, 1);
    const xml = await readFile(join(project.root, 'reports/junit.xml'), 'utf8');
    assert.equal(XMLValidator.validate(xml), true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      htmlEntities: true,
      isArray: (name) => name === 'testsuite' || name === 'testcase',
    });
    const { testsuites } = parser.parse(xml) as {
      testsuites: {
        '@_tests': string;
        '@_failures': string;
        '@_skipped': string;
        testsuite: { testcase: Record<string, unknown>[] }[];
      };
    };
    assert.deepEqual(
      [testsuites['@_tests'], testsuites['@_failures'], testsuites['@_skipped']],
      ['4', '1', '1'],
    );
    const [failed, named, later] = testsuites.testsuite[0]?.testcase ?? [];
    assert.match(
      (failed?.['failure'] as Record<string, string>)['#text'] ?? '',
      /- total: 35\n\+ total: 34\.4/,
    );
    assert.equal(failed?.['@_classname'], 'sales.orders');
    assert.equal(named?.['@_name'], `<&>"' \\u0000 \\u001b \\ufffe ]]> é`);
    assert.deepEqual(later?.['skipped'], { '@_message': 'not <yet>' });
  });

  it('says so when a report can not be written', async () => {
    for (const argv of [
      ['--junit', 'README.md/junit.xml'],
      ['--lcov', 'mappings'],
    ]) {
      const { code, stderr } = await run(['test', ...argv]);
      assert.equal(code, 2);
      assert.match(stderr, /^error: (?:README\.md\/junit\.xml|mappings) can not be written: /);
    }
  });

  it('measures what the cases reach: lines, both ways of filters, conditions and choices', async () => {
    await project.write(
      'mappings/sales/orders.yaml',
      `from: { connection: shop, source: webhook }
message: { schema: sales/order@1, id: id }
steps:
  - filter: status = "paid"
to:
  - target: archive
    connection: archive
    action: write
    when: $count(lines) < 10
    map:
      ref: id
      kind: { const: order }
      size: |
        $count(lines) > 1
          ? "many"
          : "one"
      mail: 'customer.email ? customer.email : "none"'
  - target: never
    connection: archive
    action: write
    when: $count(lines) > 99
    map: { file: never.jsonata }
`,
    );
    await project.write('mappings/sales/never.jsonata', '/* never */\n{\n  "a": id\n}\n');
    await mkdir(join(project.root, 'mappings/stock'), { recursive: true });
    await project.write(
      'mappings/stock/untested.yaml',
      'from: { connection: shop, source: webhook }\nmessage: { id: id }\nto:\n  - { target: a, connection: archive, action: write }\n',
    );
    await project.write(
      TESTS,
      `cases:
  - name: one
    input: { file: ../../samples/order.json }
    expect: { archive: { ref: '4711', kind: order, size: many, mail: ada@example.com } }
    filtered: [never]
  - name: no
    input: { id: '1', status: open, customer: { id: C, name: N }, lines: [{ sku: A, quantity: 1, unitPrice: 1 }] }
    filtered: true
`,
    );
    const { code, stdout } = await run([
      'test',
      '--coverage',
      '--min',
      '80',
      '--lcov',
      'lcov.info',
      '--json',
    ]);
    assert.equal(code, 1, stdout);
    assert.ok(stdout.includes('"coverage"'), stdout);
    const { coverage } = JSON.parse(stdout) as {
      coverage: {
        files: {
          file: string;
          uncoveredLines: number[];
          uncoveredBranches: { line: number; name: string }[];
        }[];
      };
    };
    const byFile = new Map(coverage.files.map((file) => [file.file, file]));
    const orders = byFile.get('mappings/sales/orders.yaml');
    assert.deepEqual(orders?.uncoveredLines, [16]);
    assert.deepEqual(
      orders.uncoveredBranches.map(({ line, name }) => `${line} ${name}`),
      ['9 when false', '15 ? else', '17 ? else', '21 when true'],
    );
    assert.deepEqual(byFile.get('mappings/sales/never.jsonata')?.uncoveredLines, [2, 3]);
    assert.deepEqual(byFile.get('mappings/stock/untested.yaml')?.uncoveredLines, [2, 4]);
    const lcov = await readFile(join(project.root, 'lcov.info'), 'utf8');
    assert.match(
      lcov,
      /^SF:mappings\/sales\/orders\.yaml\n(?:BRDA:.*\n)+BRF:10\nBRH:6\n(?:DA:\d+,\d+\n)+LF:\d+\nLH:\d+\nend_of_record$/m,
    );

    const table = await run(['test', 'sales', '--coverage'], { terminal: 100 });
    assert.match(table.stdout, /orders\.yaml .*16, 9 when false/);
    assert.doesNotMatch(table.stdout, /untested/);
  });
});
