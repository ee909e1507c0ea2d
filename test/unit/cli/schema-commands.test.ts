import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { crossdock } from './captured-io.ts';
import { freshProject } from './fresh-project.ts';

const SHELTER = readFileSync(new URL('../language/openapi/animal-shelter.yaml', import.meta.url), 'utf8');

const ORDERS = [
  { id: 'A-1', total: 10, customer: { email: 'ada@example.com' }, note: 'x' },
  { id: 'A-2', total: 10.5, customer: { email: 'grace@example.com' } },
  { id: 'A-3', total: 11, customer: { email: 'edsger@example.com' } },
];

describe('crossdock schema', () => {
  const project = freshProject();
  const { run, write } = project;

  const read = async (name: string): Promise<JsonSchema> =>
    JSON.parse(await readFile(join(project.root, 'schemas', `${name}.json`), 'utf8')) as JsonSchema;
  const members = async (name: string): Promise<Record<string, JsonSchema>> =>
    (await read(name))['properties'] as Record<string, JsonSchema>;

  /** A usage error with this text. */
  async function refused(argv: readonly string[], text: RegExp, stdin?: string): Promise<void> {
    const { code, stderr } = await run(argv, stdin);
    assert.match(stderr, text);
    assert.equal(code, EXIT_CODES.usage.code);
  }

  /** The project takes all its schemas. */
  async function sound(): Promise<void> {
    const { code, stdout } = await run(['check']);
    assert.equal(code, 0, stdout);
  }

  describe('infer', () => {
    it('makes a schema of several samples, and says what it saw', async () => {
      for (const [i, order] of ORDERS.entries()) await write(`samples/o${i}.json`, JSON.stringify(order));
      const files = ORDERS.map((_, i) => `samples/o${i}.json`);
      const { code, stdout } = await run(['schema', 'infer', 'shop/order@2', ...files]);
      assert.equal(code, 0);
      assert.equal(
        stdout,
        `✓ schemas/shop/order@2.json of 3 samples, 5 fields; every sample fits it.

  Sometimes missing
    note  in 1 of 3

  Marked x-sensitive, without examples
    customer.email
`,
      );
      const schema = await read('shop/order@2');
      assert.equal(schema['title'], 'shop/order@2');
      assert.match(String(schema['description']), /Made of 3 samples/);
      assert.deepEqual(schema['required'], ['id', 'total', 'customer']);
      assert.ok(!JSON.stringify(schema).includes('@example.com'));
      await sound();
    });

    it('takes lists, NDJSON and standard input', async () => {
      await write('samples/all.json', JSON.stringify(ORDERS));
      await write('samples/all.ndjson', ORDERS.map((order) => JSON.stringify(order)).join('\n'));
      const made = await Promise.all([
        run(['schema', 'infer', 'x@1', 'samples/all.json', '--each', '--stdout']),
        run(['schema', 'infer', 'x@1', 'samples/all.ndjson', '--stdout']),
        run(['schema', 'infer', 'x@1', '-', '--each', '--stdout'], JSON.stringify(ORDERS)),
        run(
          ['schema', 'infer', 'x@1', '-', '--stdout'],
          ORDERS.map((order) => JSON.stringify(order)).join('\n'),
        ),
      ]);
      const [first, ...others] = made.map(({ stdout }) => stdout);
      assert.equal((JSON.parse(first as string) as JsonSchema)['type'], 'object');
      for (const other of others) assert.equal(other, first);
      const { stdout } = await run(['schema', 'infer', 'x@1', 'samples/all.json', '--stdout']);
      assert.equal((JSON.parse(stdout) as JsonSchema)['type'], 'array');
    });

    it('reads XML and CSV as the hub does', async () => {
      await write(
        'samples/a.xml',
        '<order no="1"><line><sku>a</sku></line><line><sku>b</sku></line></order>',
      );
      await write('samples/b.xml', '<order no="2"><line><sku>c</sku></line></order>');
      await run(['schema', 'infer', 'erp/order@1', 'samples/a.xml', 'samples/b.xml']);
      const order = (await members('erp/order@1'))['order'] as JsonSchema;
      assert.deepEqual(order['required'], ['@no', 'line']);
      assert.deepEqual((order['properties'] as Record<string, JsonSchema>)['line']?.['type'], [
        'object',
        'array',
      ]);
      await write('samples/s.csv', 'sku;count\na;1\nb;2\nc;3\n');
      const { stdout } = await run(['schema', 'infer', 'erp/stock@1', 'samples/s.csv']);
      assert.match(stdout, /from\.with: \{ format: csv, delimiter: ";" \}/);
      assert.equal((await members('erp/stock@1'))['count']?.['pattern'], '^-?[0-9]+$');
      await sound();
    });

    it('answers programs with one document', async () => {
      await write('samples/all.json', JSON.stringify(ORDERS));
      const { stdout } = await run(['schema', 'infer', 'x@1', 'samples/all.json', '--each', '--json']);
      const { schema, file, samples, missing, document } = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual([schema, file, samples], ['x@1', 'schemas/x@1.json', 3]);
      assert.deepEqual(missing, [{ path: 'note', seen: 1, of: 3 }]);
      assert.deepEqual(document, await read('x@1'));
    });

    it('overwrites only when told to, and knows schemas in other files', async () => {
      const infer = ['schema', 'infer', 'sales/order@1', 'samples/order.json'];
      await refused(
        infer,
        /There is a schema "sales\/order@1" already, in schemas\/sales\/order@1\.json.*--force/,
      );
      assert.equal((await run([...infer, '--force'])).code, 0);
      await write('schemas/sales/yaml@1.yaml', 'type: object\n');
      await refused(
        ['schema', 'infer', 'sales/yaml@1', 'samples/order.json', '--force'],
        /remove that file first/,
      );
    });

    it('finds the files of a pattern, for shells that do not', async () => {
      for (const [i, order] of ORDERS.entries())
        await write(`samples/batch-${i}.json`, JSON.stringify(order));
      const { code, stdout } = await run(['schema', 'infer', 'x@1', 'samples/batch-*.json']);
      assert.equal(code, 0);
      assert.match(stdout, /of 3 samples/);
      await refused(['schema', 'infer', 'y@1', 'samples/z*.json'], /z\*\.json can not be read/);
    });

    it('refuses what can not be read, with what to do', async () => {
      const infer = ['schema', 'infer', 'x@1'];
      await refused(infer, /Name files with samples/);
      await refused([...infer, 'nowhere.json'], /nowhere\.json can not be read: there is no such file/);
      await refused([...infer, 'samples'], /it is a folder/);
      await refused([...infer, 'https://example.com/a.json'], /Nothing is fetched: download it/);
      await write('samples/bad.ndjson', '{"a":1}\n{"a":\n');
      await refused([...infer, 'samples/bad.ndjson'], /bad\.ndjson: line 2: it is not JSON/);
      await write('samples/bomb.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>');
      await refused([...infer, 'samples/bomb.xml'], /document type or an entity/);
      await refused([...infer, 'samples/order.json', '--each'], /no list, so --each/);
      await refused([...infer, '-'], /say what it is with --format/, 'sku,count');
      await refused([...infer, 'README.md', '--format', 'json'], /not JSON/);
      for (const delimiter of ['', ';;;;;'])
        await refused([...infer, 'x.csv', '--delimiter', delimiter], /It must be one to four characters/);
      await project.write('samples/huge.ndjson', '{"a":1}\n{"a":[{"b":1e400}]}\n');
      await refused(
        [...infer, 'samples/huge.ndjson'],
        /huge\.ndjson, sample 2 at a\[0\]\.b: the number is too large to be read/,
      );
      await refused(
        ['schema', 'infer', 'x@1', 'samples/order.json', '--format', 'yaml'],
        /json, ndjson, xml, csv/,
      );
      await refused(
        ['schema', 'infer', 'schemas/x.json', 'samples/order.json'],
        /no name of a schema.*looks like "x@1"/,
      );
      await refused(['schema', 'infer', '../x@1', 'samples/order.json'], /no name of a schema/);
      const { code, stderr } = await crossdock(['schema', 'infer', 'x@1', 'my-hub/samples/order.json'], {
        cwd: project.folder,
      });
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /There is no project here.*--stdout/);
    });
  });

  describe('import openapi', () => {
    beforeEach(() => write('shelter.yaml', SHELTER));

    it('lists what there is', async () => {
      const { code, stdout, stderr } = await run(['schema', 'import', 'openapi', 'shelter.yaml']);
      assert.equal(code, 0);
      assert.match(stdout, /^Animal shelter {2}OpenAPI 3\.0\n\nOPERATION +REQUEST +BODIES +ABOUT\n/);
      assert.match(stdout, /^addAnimal +POST \/animals +request, response +Takes in an animal\.$/m);
      assert.match(stdout, /^Animal +An animal in our care\.$/m);
      assert.match(stderr, /--operation <id> \[--response\], or --schema <name>, with --as/);
    });

    it('makes a schema of a request, an answer and a component', async () => {
      const openapi = ['schema', 'import', 'openapi', 'shelter.yaml'];
      const { stdout } = await run([...openapi, '--operation', 'addAnimal', '--as', 'shelter/new-animal@1']);
      assert.equal(
        stdout,
        `✓ schemas/shelter/new-animal@1.json: request of addAnimal (application/json), with 1 other schema that it refers to.
    Left out, for a hub can not check it: format decimal, pattern ^(?=[0-9])[0-9]{15}$, type, x-…
`,
      );
      assert.equal((await members('shelter/new-animal@1'))['id'], undefined);
      await run([...openapi, '--operation', 'post /animals', '--response', '--as', 'shelter/animal@1']);
      assert.equal((await members('shelter/animal@1'))['pin'], undefined);
      await run([...openapi, '--operation', 'addAnimal', '--response', '422', '--as', 'shelter/problem@1']);
      assert.deepEqual(Object.keys(await members('shelter/problem@1')), ['title']);
      await run([...openapi, '--schema', 'Cat', '--as', 'shelter/cat@1']);
      assert.deepEqual(Object.keys(await members('shelter/cat@1')), ['kind', 'lives']);
      await sound();
    });

    it('names what was probably meant, and what to do', async () => {
      const openapi = ['schema', 'import', 'openapi', 'shelter.yaml'];
      await refused(
        [...openapi, '--schema', 'Anmal', '--as', 'a@1'],
        /no schema "Anmal"\. Did you mean "Animal"\?/,
      );
      await refused([...openapi, '--operation', 'addAnimals', '--as', 'a@1'], /Did you mean "addAnimal"\?/);
      await refused(
        [...openapi, '--operation', 'listAnimals', '--as', 'a@1'],
        /takes no body\. .*--response/,
      );
      await refused(
        [...openapi, '--operation', 'addAnimal', '--response', '404', '--as', 'a@1'],
        /no answer 404.*201, 422/,
      );
      await refused([...openapi, '--operation', 'addAnimal', '--schema', 'Cat', '--as', 'a@1'], /either/);
      await refused([...openapi, '--schema', 'Cat'], /--as sales\/order@1/);
      await refused(['schema', 'import', 'openapi', 'http://example.com/a.yaml'], /Nothing is fetched/);
      const { code, stderr } = await run([...openapi, '--schema', 'Far', '--as', 'a@1']);
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /shelter\.yaml: It refers to "https:\/\/example\.com.*nothing is fetched/);
      assert.doesNotMatch(stderr, /Correct the setting/);
    });
  });

  describe('import wsdl', () => {
    beforeEach(() => cp('config/wsdl', join(project.root, 'config', 'wsdl'), { recursive: true }));

    it('lists operations and elements, and makes a schema of one', async () => {
      const wsdl = ['schema', 'import', 'wsdl', 'config/wsdl/erp.wsdl'];
      const { stdout } = await run(wsdl);
      assert.match(stdout, /^CreateSalesOrder +Books a sales order/m);
      assert.match(stdout, /^ELEMENT +NAMESPACE/m);
      const made = await run([...wsdl, '--operation', 'CreateSalesOrder', '--as', 'erp/sales-order@1']);
      assert.equal(made.stdout, '✓ schemas/erp/sales-order@1.json: input of CreateSalesOrder.\n');
      await run([...wsdl, '--operation', 'GetSalesOrder', '--output', '--as', 'erp/booked-order@1']);
      await run([...wsdl, '--element', 'UpsertCustomer', '--as', 'erp/customer@1']);
      assert.deepEqual((await read('erp/sales-order@1'))['required'], [
        'OrderRef',
        'OrderDate',
        'Buyer',
        'Lines',
      ]);
      await sound();
    });

    it('reads an XSD file that lies elsewhere, but nothing outside its folder', async () => {
      const there = join(project.folder, 'elsewhere');
      await mkdir(there);
      await cp('config/wsdl/erp-sales.xsd', join(there, 'erp.xsd'));
      const made = await run([
        'schema',
        'import',
        'wsdl',
        '../elsewhere/erp.xsd',
        '--element',
        'GetSalesOrder',
        '--stdout',
      ]);
      assert.equal(made.code, 0, made.stderr);
      const xsd =
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="../my-hub/config/wsdl/erp-sales.xsd"/></xs:schema>';
      await writeFile(join(there, 'out.xsd'), xsd);
      const { code, stderr } = await run(['schema', 'import', 'wsdl', '../elsewhere/out.xsd']);
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /outside the project/);
      assert.doesNotMatch(stderr, /Correct the setting/);
    });

    it('names what was probably meant', async () => {
      const wsdl = ['schema', 'import', 'wsdl', 'config/wsdl/erp.wsdl'];
      await refused(
        [...wsdl, '--operation', 'CreateSalesOrdr', '--as', 'a@1'],
        /Did you mean "CreateSalesOrder"\?/,
      );
      await refused(
        [...wsdl, '--element', 'GetSalesOrders', '--as', 'a@1'],
        /Did you mean "GetSalesOrder"\?/,
      );
      await refused(
        ['schema', 'import', 'wsdl', 'nowhere.wsdl'],
        /nowhere\.wsdl can not be read: there is no such file/,
      );
      await refused(['schema', 'import', 'wsdl', 'https://example.com/a?wsdl'], /Nothing is fetched/);
    });
  });

  describe('import csv', () => {
    it('makes a member of each column, in their order', async () => {
      await write(
        'stock.csv',
        '\uFEFF"sku; no";10;counted_at;email;note\r\nA1;007;2026-03-01;a@example.com;\r\nA2;12;2026-03-01;b@example.com;x\r\nA3;3;2026-03-02;c@example.com;\r\n',
      );
      const { code, stdout } = await run(['schema', 'import', 'csv', 'stock.csv', '--as', 'erp/stock@1']);
      assert.equal(code, 0);
      assert.equal(
        stdout,
        `✓ schemas/erp/stock@1.json of 5 columns; 3 lines looked at.
    sku; no  text
    10  a whole number
    counted_at  date
    email  email, sensitive
    note  text

In the mapping: from.with: { format: csv, delimiter: ";" }
`,
      );
      const schema = await read('erp/stock@1');
      assert.deepEqual(schema['required'], ['sku; no', '10', 'counted_at', 'email', 'note']);
      assert.equal((schema['properties'] as Record<string, JsonSchema>)['10']?.['pattern'], '^-?[0-9]+$');
      await sound();
    });

    it('needs no more than the header line', async () => {
      await write('head.csv', 'a|b\n');
      await run(['schema', 'import', 'csv', 'head.csv', '--as', 'erp/head@1']);
      assert.deepEqual(await members('erp/head@1'), { a: { type: 'string' }, b: { type: 'string' } });
      await write('rows.csv', 'a|b\n1|2\n');
      const { stdout } = await run([
        'schema',
        'import',
        'csv',
        'rows.csv',
        '--rows',
        '0',
        '--as',
        'erp/rows@1',
      ]);
      assert.match(stdout, /0 lines looked at/);
      assert.deepEqual(await members('erp/rows@1'), await members('erp/head@1'));
    });

    it('refuses files without a header line or with two columns of one name', async () => {
      await write('empty.csv', '');
      await refused(
        ['schema', 'import', 'csv', 'empty.csv', '--as', 'a@1'],
        /empty\.csv: there is no header line/,
      );
      await write('twice.csv', 'a,a\n1,2\n');
      await refused(
        ['schema', 'import', 'csv', 'twice.csv', '--as', 'a@1'],
        /a column has no name of its own/,
      );
    });
  });

  it('lists and shows schemas, references followed', async () => {
    await write(
      'schemas/sales/tree@1.json',
      '{ "type": "object", "properties": { "order": { "$ref": "order@1" }, "child": { "$ref": "#" } } }',
    );
    const listed = await run(['schema']);
    assert.match(listed.stdout, /^sales\/order@1 +schemas\/sales\/order@1\.json +An order of the shop$/m);
    const { stdout } = await run(['schema', 'show', 'sales/tree@1']);
    assert.match(stdout, /^order {2}object\n +id {2}string, required/m);
    assert.match(stdout, /^ +createdAt {2}string \(date-time\)$/m);
    assert.match(stdout, /^child {2}object\n +As sales\/tree@1 above\.$/m);
    await refused(['schema', 'show', 'sales/ordr@1'], /Did you mean "sales\/order@1"\?/);
    await write('schemas/sales/bad@1.json', '{ "typ": "object" }');
    const broken = await run(['schema', 'list']);
    assert.equal(broken.code, EXIT_CODES.failed.code);
    assert.match(broken.stdout, /schemas\/sales\/bad@1\.json:1:3: typ: unknown keyword "typ"/);
  });

  it('keeps what an editor completes in step', async () => {
    await run(['schema', 'infer', 'shop/new@1', 'samples/order.json']);
    const text = await readFile(join(project.root, '.crossdock', 'editor', 'mapping.json'), 'utf8');
    assert.ok(text.includes('"shop/new@1"'));
  });
});
